import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

// Usage: npm run build && node scripts/validate-reports.mjs
// Has the programs that read our reports judge them: promtool (Debian's prometheus) and compliance-trestle (PyPI; an
// interpreter of its own: MESHAUDIT_PYTHON), and CycloneDX' library. What is not installed is named as skipped; what refuses a report makes this
// fail. The SARIF Multitool and the JSON Schemas are part of the ordinary tests.

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(path.join(os.tmpdir(), 'meshaudit-reports-'));
const report = (name) => path.join(folder, name);

const readOscal = `
import pathlib, sys
from trestle.oscal.assessment_results import AssessmentResults
results = AssessmentResults.oscal_read(pathlib.Path(sys.argv[1]))
assert results is not None and len(results.results[0].findings) > 0
`;

/** The validator of the standard's own library; fails with what it finds. */
const readVex = `
import { readFileSync } from 'node:fs';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
const text = readFileSync(process.argv[1], 'utf8');
const errors = await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text);
if (errors !== null) throw new Error(JSON.stringify(errors, undefined, 2));
if (JSON.parse(text).vulnerabilities.length === 0) throw new Error('no statement to judge');
`;

/** Has an audit write reports of a part of the fixtures: names of formats to names of files. */
function audit(place, outputs) {
  const meshaudit = path.join(root, 'bin/meshaudit.js');
  const options = Object.entries(outputs).flatMap(([format, file]) => ['-f', format, '-o', report(file)]);
  const { status, stderr } = spawnSync(
    process.execPath,
    [meshaudit, path.join(root, 'fixtures', place), '--no-config', '--quiet', ...options],
    { encoding: 'utf8' },
  );
  if (status !== 1) throw new Error(`the audit ended with ${status}: ${stderr}`);
}

function write() {
  audit('meshes/bookinfo/insecure', { metrics: 'metrics.prom', oscal: 'oscal.json' });
  audit('checks/control-plane/known-vulnerabilities/fail', { 'cyclonedx-vex': 'vex.cdx.json' });
  writeFileSync(report('read-oscal.py'), readOscal);
}

/** True when a program is there and answers. */
const isThere = (command, args) => spawnSync(command, args, { encoding: 'utf8' }).status === 0;

const python = process.env.MESHAUDIT_PYTHON ?? 'python3';
const alerts = path.join(root, 'deploy/prometheus');
const judges = [
  {
    name: 'metrics by promtool',
    there: () => isThere('promtool', ['--version']),
    run: ['bash', ['-c', `promtool check metrics < "${report('metrics.prom')}"`]],
  },
  {
    name: 'alert rules by promtool',
    there: () => isThere('promtool', ['--version']),
    run: ['promtool', ['check', 'rules', path.join(alerts, 'meshaudit.rules.yaml')]],
  },
  {
    name: 'tests of the alert rules by promtool',
    there: () => isThere('promtool', ['--version']),
    run: ['promtool', ['test', 'rules', path.join(alerts, 'meshaudit.rules.test.yaml')]],
  },
  {
    name: 'CycloneDX VEX by cyclonedx-library',
    there: () => existsSync(path.join(root, 'node_modules/@cyclonedx/cyclonedx-library')),
    run: [process.execPath, ['--input-type=module', '-e', readVex, report('vex.cdx.json')], root],
  },
  {
    name: 'OSCAL by compliance-trestle',
    there: () => isThere(python, ['-c', 'import trestle.oscal.assessment_results']),
    run: [python, [report('read-oscal.py'), report('oscal.json')]],
  },
];

function judge({ name, there, run: [command, args, cwd = folder] }) {
  if (!there()) return `skipped  ${name}: the program is not installed`;
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', cwd });
  if (status === 0) return `passed   ${name}`;
  process.exitCode = 1;
  return `failed   ${name}\n${stdout}${stderr}`;
}

try {
  write();
  for (const one of judges) console.log(judge(one));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
