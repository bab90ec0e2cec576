import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { audit } from '#audit.js';
import { catalogue } from '#checks';
import { exitCode } from '#exit-code.js';
import { render } from '#render.js';
import type { FormatName } from '#report/formats.js';
import { marksOf } from './marks.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const meshes = 'fixtures/meshes/bookinfo';

const auditMesh = (name: string) => audit({ paths: [`${meshes}/${name}`], cwd: root, scope: 'complete' });

const insecure = await auditMesh('insecure');
const hardened = await auditMesh('hardened');

/** True for the mark of a check that runs by default. */
const isUsual = (mark: string): boolean =>
  catalogue.every(({ meta }) => meta.profile !== 'strict' || !mark.endsWith(` ${meta.id}`));

/** Every mark of a mesh: `file:line id`, sorted by code unit. */
function marksIn(name: string): readonly string[] {
  return readdirSync(`${root}${meshes}/${name}`)
    .flatMap((file) =>
      marksOf(readFileSync(`${root}${meshes}/${name}/${file}`, 'utf8')).map(
        ({ line, id }) => `${meshes}/${name}/${file}:${String(line)} ${id}`,
      ),
    )
    .sort();
}

describe('the insecure bookinfo', () => {
  it('has every finding on its marked line, and no other', () => {
    const found = insecure.findings.map(
      ({ checkId, location: { file, line } }) => `${file}:${String(line)} ${checkId}`,
    );
    expect([...new Set(found)].sort()).toEqual(marksIn('insecure').filter(isUsual));
  });

  it('has what only the strict profile finds on its marked line', async () => {
    const strict = await audit({
      paths: [`${meshes}/insecure`],
      cwd: root,
      scope: 'complete',
      checks: catalogue.filter(({ meta }) => meta.profile === 'strict'),
    });
    const found = strict.findings.map(
      ({ checkId, location: { file, line } }) => `${file}:${String(line)} ${checkId}`,
    );
    expect(marksIn('insecure').filter((mark) => !isUsual(mark) && !found.includes(mark))).toEqual([]);
  });

  it('makes the exit code 1: it is readable, and bad', () => {
    expect(insecure.inputs.problems.filter(({ fatal }) => fatal)).toEqual([]);
    expect(exitCode(insecure, { failOn: 'low' })).toBe(1);
  });

  it('shows most families at work', () => {
    const failing = new Set(insecure.checks.filter(({ fail }) => fail > 0).map(({ family }) => family));
    expect(failing.size).toBeGreaterThanOrEqual(12);
  });
});

describe('the hardened bookinfo', () => {
  it('has no finding and nothing undecided', () => {
    expect(hardened.inputs.problems).toEqual([]);
    expect(hardened.findings).toEqual([]);
    expect(hardened.undecided).toEqual([]);
    expect(exitCode(hardened, { failOn: 'info' })).toBe(0);
  });

  it('has every check examine something, or say why there was nothing', () => {
    const silent = hardened.checks.filter(({ pass, reasons }) => pass === 0 && reasons.length === 0);
    expect(silent.map(({ id }) => id)).toEqual([]);
    expect(hardened.checks.filter(({ pass }) => pass > 0).length).toBeGreaterThan(hardened.checks.length / 3);
  });
});

describe.each([
  ['insecure', insecure],
  ['hardened', hardened],
] as const)('reports of the %s bookinfo', (name, result) => {
  it.each<[FormatName, string]>([
    ['table', 'txt'],
    ['json', 'json'],
    ['sarif', 'sarif'],
  ])('%s is as recorded (npx vitest run test/meshes.test.ts -u records it anew)', async (format, suffix) => {
    const text = await render(result, format, { color: false, width: 80, quiet: false, failOn: 'low' });
    await expect(text).toMatchFileSnapshot(`${root}${meshes}/golden/${name}.${suffix}`);
  });
});
