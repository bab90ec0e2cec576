import { mkdirSync, mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WantedReports } from '#cli/report-targets.js';
import { reportTargets } from '#cli/report-targets.js';

const cwd = mkdtempSync(path.join(os.tmpdir(), 'meshaudit-'));
mkdirSync(path.join(cwd, 'out'));

const told = (wanted: WantedReports): string =>
  reportTargets(wanted, cwd)
    .map(({ format, file }) => `${format}>${file ?? 'stdout'}`)
    .join(' ');

describe('pairs of formats and outputs', () => {
  it.each<[WantedReports, string]>([
    [{}, 'table>stdout'],
    [{ format: ['json'] }, 'json>stdout'],
    [{ format: ['sarif', 'table'], output: ['a.sarif'] }, 'sarif>a.sarif table>stdout'],
    [{ format: ['table', 'json'], output: ['-', 'a.json'] }, 'table>stdout json>a.json'],
    [
      { output: ['a.json', 'b.sarif', 'c.sarif.json', 'd.txt'] },
      'json>a.json sarif>b.sarif sarif>c.sarif.json table>d.txt',
    ],
    [{ output: ['-'] }, 'table>stdout'],
    [{ format: ['table'], output: ['out/report'] }, 'table>out/report'],
  ])('%j is %s', (wanted, expected) => {
    expect(told(wanted)).toBe(expected);
  });

  it.each<[WantedReports, RegExp]>([
    [{ format: ['json', 'sarif'] }, /json and sarif would both go to standard output/],
    [{ format: ['json'], output: ['a', 'b'] }, /2 outputs for 1 formats/],
    [{ output: ['report.pdf'] }, /cannot tell the format of report\.pdf/],
    [{ format: ['json'], output: ['none/a.json'] }, /there is no directory none/],
    [{ format: ['json'], output: ['out'] }, /out: it is a directory/],
    [{ format: ['json'], output: [''] }, /an empty file name/],
    [{ output: ['a.json', './a.json'] }, /two reports would go to a\.json/],
  ])('%j is refused', (wanted, message) => {
    expect(() => told(wanted)).toThrow(message);
  });
});
