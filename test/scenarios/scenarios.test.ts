import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runInMemory } from '../cli/run-in-memory.js';
import type { Step } from './scenario.js';
import { pattern, readScenario } from './scenario.js';

const folder = fileURLToPath(new URL('.', import.meta.url));

async function play(step: Step, cwd: string): Promise<void> {
  const ran = await runInMemory(step.argv, {
    cwd,
    env: step.env,
    ...(step.stdin === undefined ? {} : { stdin: step.stdin }),
    ...(step.terminal === undefined ? {} : { terminal: step.terminal }),
  });
  const command = `meshaudit ${step.argv.join(' ')}`;
  expect(ran.stdout.trim(), `stdout of ${command}`).toMatch(pattern(step.stdout));
  expect(ran.stderr.trim(), `stderr of ${command}`).toMatch(pattern(step.stderr));
  expect(ran.exitCode, `exit code of ${command}`).toBe(step.exit);
  for (const [name, text] of step.wrote) {
    expect(readFileSync(path.join(cwd, name), 'utf8').trim(), name).toMatch(pattern(text));
  }
}

describe('scenarios', () => {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.scenario'))) {
    const scenario = readScenario(readFileSync(path.join(folder, name), 'utf8'));
    it(`${name}: ${scenario.title}`, async () => {
      const cwd = mkdtempSync(path.join(os.tmpdir(), 'meshaudit-'));
      for (const [file, text] of scenario.files) {
        mkdirSync(path.dirname(path.join(cwd, file)), { recursive: true });
        writeFileSync(path.join(cwd, file), text);
      }
      expect(scenario.steps.length).toBeGreaterThan(0);
      for (const step of scenario.steps) await play(step, cwd);
      rmSync(cwd, { recursive: true });
    });
  }
});
