import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

// Usage: node scripts/validate-pre-commit.mjs
// Has pre-commit itself (PyPI; MESHAUDIT_PRE_COMMIT names the command where it is not on the path) install our hook from a
// repository and run it in another one: it clones the hook's repository, the hook builds the tool there with npm, and
// stops a commit that opens the mesh. Everything happens in a temporary folder. Skips with words where pre-commit or git
// is not installed.

const root = fileURLToPath(new URL('..', import.meta.url));
const preCommit = process.env.MESHAUDIT_PRE_COMMIT ?? 'pre-commit';
const folder = mkdtempSync(path.join(os.tmpdir(), 'meshaudit-pre-commit-'));
const env = {
  ...process.env,
  PRE_COMMIT_HOME: path.join(folder, 'cache'),
  GIT_AUTHOR_NAME: 't',
  GIT_AUTHOR_EMAIL: 't@example.com',
  GIT_COMMITTER_NAME: 't',
  GIT_COMMITTER_EMAIL: 't@example.com',
};

const run = (command, args, cwd) => spawnSync(command, args, { cwd, env, encoding: 'utf8', maxBuffer: 64e6 });

function must(command, args, cwd) {
  const { status, stdout, stderr } = run(command, args, cwd);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
}

const isThere = (command) => run(command, ['--version']).status === 0;

/** The work tree as a repository of its own, with a commit: what pre-commit would clone. */
function hookRepository() {
  const place = path.join(folder, 'meshaudit');
  const files = must('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], root)
    .split('\0')
    .filter((name) => name !== '' && !name.startsWith('fixtures/') && !name.startsWith('test/'));
  for (const name of new Set(files)) {
    // Deleted, and not yet committed.
    if (!existsSync(path.join(root, name))) continue;
    mkdirSync(path.dirname(path.join(place, name)), { recursive: true });
    cpSync(path.join(root, name), path.join(place, name));
  }
  must('git', ['init', '--quiet'], place);
  must('git', ['add', '--all'], place);
  must('git', ['commit', '--quiet', '-m', 'hook'], place);
  return { place, rev: must('git', ['rev-parse', 'HEAD'], place).trim() };
}

const open = `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: open, namespace: bookinfo }
spec: { rules: [{}] }
`;

function expectEnd(step, { status, stdout, stderr }, wanted) {
  if ((status === 0) !== wanted) throw new Error(`${step}: ended with ${status}\n${stdout}${stderr}`);
  console.log(`passed   ${step}`);
}

function validate() {
  const { place, rev } = hookRepository();
  const scratch = path.join(folder, 'scratch');
  cpSync(path.join(root, 'fixtures/meshes/bookinfo/insecure'), path.join(scratch, 'k8s'), {
    recursive: true,
  });
  writeFileSync(
    path.join(scratch, '.pre-commit-config.yaml'),
    `repos:\n  - repo: ${place}\n    rev: ${rev}\n    hooks: [{ id: meshaudit }]\n`,
  );
  must('git', ['init', '--quiet'], scratch);
  must('git', ['add', '--all'], scratch);
  must('git', ['commit', '--quiet', '-m', 'first'], scratch);
  must(preCommit, ['install', '--install-hooks'], scratch);
  expectEnd('what is committed passes', run(preCommit, ['run', '--all-files'], scratch), true);
  writeFileSync(path.join(scratch, 'k8s/open.yaml'), open);
  must('git', ['add', '--all'], scratch);
  const commit = run('git', ['commit', '-m', 'open'], scratch);
  expectEnd('a commit that opens the mesh is stopped', commit, false);
  if (!/AUTHZ-\d+/.test(commit.stdout + commit.stderr)) throw new Error('the hook does not say why');
  rmSync(path.join(scratch, 'k8s/open.yaml'));
  writeFileSync(path.join(scratch, 'notes.md'), readFileSync(path.join(root, 'LICENSE'), 'utf8'));
  must('git', ['add', '--all'], scratch);
  expectEnd('a commit without manifests is let be', run('git', ['commit', '-m', 'notes'], scratch), true);
}

try {
  if (!isThere('git') || !isThere(preCommit))
    console.log('skipped  the hook by pre-commit: git or pre-commit is not installed');
  else validate();
} catch (error) {
  process.exitCode = 1;
  console.log(`failed   the hook by pre-commit\n${error.message}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
