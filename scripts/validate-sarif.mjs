import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

// Usage: node scripts/validate-sarif.mjs report.sarif …
// Runs the SARIF Multitool, with its general rules and those for GitHub code scanning, and fails on any error.

/** Errors that the Multitool finds in SARIF files, one line each. */
export function sarifErrors(files) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sarif-'));
  const output = path.join(folder, 'validation.sarif');
  try {
    const { error, stdout, stderr } = spawnSync(
      multitool(),
      [
        'validate',
        ...files,
        '--rule-kind',
        'Sarif;Ghas',
        '--level',
        'Error',
        '--kind',
        'Fail',
        '--output',
        output,
      ],
      { encoding: 'utf8', env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' } },
    );
    if (error || !existsSync(output))
      throw new Error(`the Multitool did not run: ${error ?? `${stdout}${stderr}`}`);
    return describe(JSON.parse(readFileSync(output, 'utf8')), stdout);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The binary that the package brings for this platform; not always unpacked as executable. */
function multitool() {
  const require = createRequire(import.meta.url);
  const binary = require('@microsoft/sarif-multitool');
  if (process.platform !== 'win32') chmodSync(binary, 0o755);
  return binary;
}

function describe({ runs }, stdout) {
  const failed = runs.flatMap(({ results = [], invocations = [] }) => [
    ...results.filter(({ level }) => level === 'error').map(({ ruleId }) => ruleId),
    ...invocations
      .flatMap(({ toolExecutionNotifications = [], toolConfigurationNotifications = [] }) => [
        ...toolExecutionNotifications,
        ...toolConfigurationNotifications,
      ])
      .filter(({ level }) => level === 'error')
      .map(({ message }) => message.text),
  ]);
  const lines = stdout.split('\n').filter((line) => /: error /.test(line));
  return lines.length >= failed.length ? lines : failed;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const files = process.argv.slice(2);
  const missing = files.filter((file) => !existsSync(file));
  if (files.length === 0 || missing.length > 0) {
    console.error(
      files.length === 0 ? 'Name the SARIF files to validate.' : `No such file: ${missing.join(', ')}`,
    );
    process.exitCode = 2;
  } else {
    const errors = sarifErrors(files);
    for (const line of errors) console.error(line);
    console.log(`${files.length} SARIF file(s), ${errors.length} error(s)`);
    process.exitCode = errors.length === 0 ? 0 : 1;
  }
}
