import { mkdtempSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { artifactLocation } from '#report/sarif-location.js';
import { renderFullSarif, renderSarif } from '#report/sarif.js';
import { options } from './render-options.js';
import { finding, sampleResult } from './sample-result.js';

const validator = new URL('../../scripts/validate-sarif.mjs', import.meta.url).pathname;

interface Sarif {
  readonly runs: readonly {
    readonly automationDetails?: { readonly id: string };
    readonly invocations: readonly { readonly executionSuccessful: boolean }[];
    readonly results: readonly {
      readonly ruleId: string;
      readonly ruleIndex: number;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly suppressions?: readonly { readonly justification: string }[];
    }[];
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly properties?: { readonly suppressed: readonly { readonly justification: string }[] };
  }[];
}

const parse = (text: string): Sarif => JSON.parse(text) as Sarif;

/** Last line of the validator's output: `N SARIF file(s), M error(s)`. */
function validation(text: string): string {
  const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'meshaudit-')), 'report.sarif');
  writeFileSync(file, text);
  return spawnSync(process.execPath, [validator, file], { encoding: 'utf8' }).stdout.trim();
}

describe('SARIF report', () => {
  it('is as it was', async () => {
    await expect(renderSarif(sampleResult, options)).toMatchFileSnapshot('golden/sarif.txt');
  });

  it('passes the reference validator with the rules for GitHub code scanning', () => {
    expect(validation(renderSarif(sampleResult, options))).toBe('1 SARIF file(s), 0 error(s)');
  });

  it('is told apart from a broken one by the validator', () => {
    const broken = renderSarif(sampleResult, options).replaceAll('"fullDescription"', '"description"');
    expect(validation(broken)).not.toContain(' 0 error');
  });

  it('keeps suppressed findings out of the results, for code scanning would open alerts for them', () => {
    const [run] = parse(renderSarif(sampleResult, options)).runs;
    expect(run?.results).toHaveLength(3);
    expect(run?.properties?.suppressed.map(({ justification }) => justification)).toEqual([
      'Migration until June.',
    ]);
  });

  it('holds everything in its full form, suppressed findings marked as such', () => {
    const text = renderFullSarif(sampleResult, options);
    const [run] = parse(text).runs;
    expect(run?.results.map(({ suppressions }) => suppressions?.[0]?.justification)).toEqual([
      undefined,
      undefined,
      undefined,
      'Migration until June.',
    ]);
    expect(validation(text)).toBe('1 SARIF file(s), 0 error(s)');
  });

  it('says that the run failed when input could not be read', () => {
    const clean = { ...sampleResult, inputs: { ...sampleResult.inputs, problems: [] } };
    const succeeded = (text: string) => parse(text).runs[0]?.invocations[0]?.executionSuccessful;
    expect(succeeded(renderSarif(sampleResult, options))).toBe(false);
    expect(succeeded(renderSarif(clean, options))).toBe(true);
  });

  it('leaves the category to the upload unless one is given', () => {
    const idOf = (text: string) => parse(text).runs[0]?.automationDetails?.id;
    expect(idOf(renderSarif(sampleResult, options))).toBeUndefined();
    expect(idOf(renderSarif(sampleResult, { ...options, category: 'prod' }))).toBe('prod/');
  });

  it('spreads a flood over runs, gravest first, and says what is left out', () => {
    const flood = Array.from({ length: 5200 }, (_, index) =>
      finding({
        checkId: 'MTLS-001',
        severity: index < 5100 ? 'low' : 'critical',
        message: `Number ${String(index)}.`,
        subjects: [],
      }),
    );
    const text = renderSarif({ ...sampleResult, findings: flood }, options);
    const { runs } = parse(text);
    expect(runs.map(({ results }) => results.length)).toEqual([1000, 1000, 1000, 1000, 1000]);
    expect(runs[0]?.results.filter(({ level }) => level === 'error')).toHaveLength(100);
    expect(new Set(runs.map(({ automationDetails }) => automationDetails?.id)).size).toBe(5);
    expect(text).toContain('200 findings of the least severity are left out');
  });

  it('stays within what the validator accepts in a flood', () => {
    const flood = Array.from({ length: 1100 }, (_, index) =>
      finding({ checkId: 'GW-001', severity: 'low', message: `Number ${String(index)}.`, subjects: [] }),
    );
    expect(validation(renderSarif({ ...sampleResult, findings: flood }, options))).toContain(', 0 error');
  });

  it('makes no link of text from the input', () => {
    const sly = finding({
      checkId: 'MTLS-001',
      severity: 'high',
      message: 'Host [here](https://evil.example) is bad',
    });
    const [run] = parse(renderSarif({ ...sampleResult, findings: [sly] }, options)).runs;
    expect(run?.results[0]?.message.text).toContain('Host \\[here\\](https://evil.example) is bad.');
  });

  it('points each result at its rule', () => {
    const [run] = parse(renderSarif(sampleResult, options)).runs;
    for (const { ruleId, ruleIndex } of run?.results ?? []) {
      expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    }
  });

  it.each([
    ['a/b.yaml', 'a/b.yaml', '%SRCROOT%'],
    ['a b/ü#?.yaml', 'a%20b/%C3%BC%23%3F.yaml', '%SRCROOT%'],
    ['a:b.yaml', 'a%3Ab.yaml', '%SRCROOT%'],
    ['../up.yaml', '../up.yaml', '%SRCROOT%'],
    ['<stdin>', 'stdin', '%SRCROOT%'],
    ['/abs/a.yaml', 'file:///abs/a.yaml', undefined],
    ['C:/win/a.yaml', 'file:///C:/win/a.yaml', undefined],
    ['half\ud800.yaml', 'half%EF%BF%BD.yaml', '%SRCROOT%'],
  ])('writes the file %s as %s', (file, uri, base) => {
    expect(artifactLocation(file)).toEqual(base === undefined ? { uri } : { uri, uriBaseId: base });
  });

  it('stays a valid file name for any path', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (file) => {
        expect(artifactLocation(file).uri).toMatch(/^[A-Za-z0-9\-._~!*'()%/:]*$/);
      }),
    );
  });
});
