import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { runOnce } from './measure.mjs';

// Usage: npm run build && node scripts/bench/many-findings.mjs [findings]
// Writes each report of an audit with 100,000 findings (one a policy) and says what it took; fails where SARIF goes beyond
// what GitHub takes: 25,000 results in a run and 5,000 shown, 20 runs in a file, 10 MB when compressed.

const meshaudit = fileURLToPath(new URL('../../bin/meshaudit.js', import.meta.url));
const wanted = Number(process.argv[2] ?? 100_000);
const formats = [
  'table',
  'json',
  'sarif',
  'sarif-full',
  'junit',
  'markdown',
  'csv',
  'html',
  'metrics',
  'gitlab-code-quality',
  'gitlab-sast',
  'policyreport',
  'openreports',
  'cyclonedx-vex',
  'oscal',
];

const policy = (index) => `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: allow-${index}
  namespace: team-${index % 200}
spec:
  rules:
    - {}
`;

const mebi = (bytes) => bytes / 2 ** 20;

function requireTrimmed(file) {
  const bytes = readFileSync(file);
  const { runs } = JSON.parse(bytes);
  const results = runs.map((run) => run.results.length);
  const zipped = mebi(gzipSync(bytes).length);
  const total = results.reduce((sum, count) => sum + count, 0);
  if (runs.length > 20 || Math.max(...results) > 25_000 || total > 5_000 || zipped > 10)
    throw new Error(`SARIF beyond GitHub's limits: ${results.join(' + ')} results, ${zipped.toFixed(1)} MiB`);
  console.log(`SARIF: ${total} results in ${runs.length} runs, ${zipped.toFixed(2)} MiB compressed\n`);
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'meshaudit-many-'));
try {
  const input = path.join(folder, 'policies.yaml');
  writeFileSync(input, Array.from({ length: wanted }, (_, index) => policy(index)).join('---\n'));
  const rows = formats.map((format) => {
    process.stderr.write(`${format}\n`);
    const output = path.join(folder, `report-${format}`);
    const options = [
      '--no-config',
      '--select=AUTHZ-001,AUTHZ-002',
      '--scope=complete',
      '-f',
      format,
      '-o',
      output,
    ];
    const { cpu, rss } = runOnce([meshaudit, input, ...options], path.join(folder, 'usage.json'));
    return [format, cpu.toFixed(1), String(Math.round(rss)), mebi(statSync(output).size).toFixed(1)];
  });
  const { findings } = JSON.parse(readFileSync(path.join(folder, 'report-json'), 'utf8'));
  if (findings.length < wanted) throw new Error(`only ${findings.length} findings`);
  console.log(`${findings.length} findings of ${wanted} policies\n`);
  requireTrimmed(path.join(folder, 'report-sarif'));
  const head = ['format', 'CPU seconds', 'peak MiB', 'report MiB'];
  for (const row of [head, head.map(() => '---'), ...rows]) console.log(`| ${row.join(' | ')} |`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
