/**
 * Runs the README's test command and every other gate, one after the other, and prints the true counts last.
 * Each gate that fails counts as one failed test, so that `0 failed` means that all of them passed.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';

const results = '.test-results.json';

function run(name, command, args, env = {}) {
  console.log(`\n== ${name}: ${[command, ...args].join(' ')}`);
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  return { name, passed: status === 0 };
}

rmSync(results, { force: true });
const test = run('tests', 'npm', ['test'], { MESHAUDIT_TEST_RESULTS: results });
const gates = [
  run('types', 'npm', ['run', 'typecheck']),
  run('lint', 'npm', ['run', 'lint']),
  run('generated files', 'npm', ['run', 'generate:check']),
  run('reports, by those who read them', 'node', ['scripts/validate-reports.mjs']),
  run('deploy, by those who run it', 'node', ['scripts/validate-deploy.mjs']),
  run('the hook, by pre-commit', 'node', ['scripts/validate-pre-commit.mjs']),
];

function counts() {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(results, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests };
  } catch {
    return { passed: 0, failed: 0 };
  }
}

const { passed, failed } = counts();
const testsFailed = test.passed && passed > 0 ? failed : Math.max(failed, 1);
const gatesPassed = gates.filter((gate) => gate.passed).length;
for (const gate of gates.filter((one) => !one.passed)) console.log(`failed: ${gate.name}`);
console.log(`\n${passed + gatesPassed} passed, ${testsFailed + gates.length - gatesPassed} failed`);
process.exitCode = testsFailed + (gates.length - gatesPassed) === 0 ? 0 : 1;
