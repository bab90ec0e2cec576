// Builds the real kube-apiserver and etcd from their Go modules into one file, for the tests in test/kube:
//   node scripts/kube/build.mjs
// Needs Go 1.26 and the Go module proxy; about ten minutes on two cores the first time, 2 GiB of memory.
import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { binary, version } from './binary.mjs';

const source = fileURLToPath(new URL('server/', import.meta.url));
const [major, minor] = version.slice(1).split('.');

/** Without these the server would say it is v0.0.0, and refuse to emulate any release. */
const stamp = Object.entries({
  gitVersion: version,
  gitMajor: major,
  gitMinor: minor,
  gitCommit: 'none',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
}).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);

const started = performance.now();
mkdirSync(path.dirname(binary), { recursive: true });
const { status, error } = spawnSync(
  'go',
  [
    'build',
    '-mod=readonly',
    '-buildvcs=false',
    '-trimpath',
    ...['-p', process.env.JOBS ?? '2'],
    ...['-ldflags', ['-s', '-w', ...stamp].join(' ')],
    ...['-o', path.resolve(binary), '.'],
  ],
  { cwd: source, stdio: 'inherit', env: { ...process.env, CGO_ENABLED: '0' } },
);
if (status !== 0) {
  console.error(`go build failed${error === undefined ? '' : `: ${error.message}`}`);
  process.exit(1);
}
const seconds = Math.round((performance.now() - started) / 1000);
console.log(
  `${binary}: Kubernetes ${version}, ${Math.round(statSync(binary).size / 1024 ** 2)} MiB, ${seconds} s`,
);
