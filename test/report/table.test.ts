import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditResult } from '#check/index.js';
import { renderTable } from '#report/table.js';
import { displayWidth } from '#report/wrap-text.js';
import { options } from './render-options.js';
import { finding, sampleResult, subject } from './sample-result.js';

const clean: AuditResult = {
  ...sampleResult,
  checks: sampleResult.checks.map((check) => ({ ...check, fail: 0, unknown: 0 })),
  findings: [],
  undecided: [],
  inputs: { ...sampleResult.inputs, problems: [], skipped: [] },
};

/** A line that holds a place is never broken, so that terminals can follow it; all others fit. */
const tooWide = (text: string, width: number): readonly string[] =>
  text.split('\n').filter((line) => displayWidth(line) > width && !/:\d+:\d+|^ {8}\S+$/.test(line));

describe('terminal report', () => {
  it.each([80, 120])('is as it was at %i columns', async (width) => {
    const text = renderTable(sampleResult, { ...options, width });
    await expect(text).toMatchFileSnapshot(`golden/table-${String(width)}.txt`);
    expect(tooWide(text, width)).toEqual([]);
  });

  it('is the same text with colours as without', () => {
    const colored = renderTable(sampleResult, { ...options, color: true });
    // eslint-disable-next-line no-control-regex -- the escapes are what is looked for
    const plain = colored.replaceAll(/\u001b\[\d+m/g, '');
    expect(colored).not.toBe(plain);
    expect(plain).toBe(renderTable(sampleResult, options));
  });

  it('is only the summary when quiet', () => {
    const text = renderTable(sampleResult, { ...options, quiet: true });
    expect(text).toContain('✖ 3 findings (1 suppressed)\n  1 critical · 1 high · 1 info');
    expect(text).not.toContain('policies.yaml');
  });

  it('says so when there is nothing to report', () => {
    expect(renderTable(clean, options)).toMatch(/\n✔ No findings\n/);
  });

  it('gives no verdict on an input that holds nothing to judge', () => {
    const stats = { ...clean.inputs.stats, resources: 0 };
    const empty = { ...clean, inputs: { ...clean.inputs, stats } };
    const text = renderTable(empty, options);
    expect(text).toContain('· Nothing to judge: the input holds no Kubernetes object\n');
    expect(text).not.toMatch(/No findings|Summary|Mesh/);
    const found = [finding({ checkId: 'GW-001', severity: 'low', message: 'Plain.' })];
    expect(renderTable({ ...empty, findings: found }, options)).toContain('1 finding');
  });

  it('marks findings below the threshold as passing', () => {
    const low = { ...clean, findings: [finding({ checkId: 'GW-001', severity: 'low', message: 'Plain.' })] };
    expect(renderTable(low, { ...options, failOn: 'medium' })).toContain('✔ 1 finding\n  1 low');
    expect(renderTable(low, { ...options, failOn: 'low' })).toContain('✖ 1 finding\n  1 low');
    expect(renderTable(low, { ...options, failOn: 'never' })).toContain('✔ 1 finding\n  1 low');
  });

  it('counts a flood and does not print it', () => {
    const findings = Array.from({ length: 500 }, (_, index) =>
      finding({
        checkId: 'MTLS-001',
        severity: 'high',
        message: `Number ${String(index)}.`,
        location: { file: `f${String(index % 9)}.yaml`, line: index + 1, column: 1 },
      }),
    );
    const text = renderTable({ ...clean, findings }, options);
    expect(text).toContain('and 490 more findings');
    expect(text.split('\n').length).toBeLessThan(90);
  });

  it('says a remediation once, with placeholders for what differs', () => {
    const findings = ['cart', 'pay', 'ship', 'list', 'mail', 'rate'].map((name) =>
      finding({
        checkId: 'AUTHZ-001',
        severity: 'high',
        message: 'Open.',
        remediation: `Name the sources that may call ${name}.`,
      }),
    );
    const text = renderTable({ ...clean, findings }, options);
    expect(text.match(/Fix .*/g)).toEqual(['Fix  Name the sources that may call <workload>.']);
    const [first, second] = findings;
    if (first === undefined || second === undefined) throw new Error('two findings');
    const own = [first, { ...second, remediation: 'Delete it.' }];
    expect(renderTable({ ...clean, findings: own }, options).match(/Fix .*/g)).toHaveLength(2);
  });

  it('names environments where there are several', () => {
    const [only] = sampleResult.environments;
    const environments = ['dev', 'prod'].flatMap((name) => (only === undefined ? [] : [{ ...only, name }]));
    const findings = [
      finding({ checkId: 'MTLS-001', severity: 'high', message: 'Plain.', environments: ['dev', 'prod'] }),
    ];
    expect(renderTable({ ...clean, environments, findings }, options)).toContain('In       dev, prod');
  });

  it('lets no name reach the terminal as anything but text', () => {
    const nasty = 'x\u001b[31m\u0007\r\n::error::pwned\u202eabc\u200b##[group]';
    const findings = [
      finding({
        checkId: 'MTLS-001',
        severity: 'high',
        message: nasty,
        resource: nasty,
        remediation: nasty,
        location: { file: nasty, line: 1, column: 1 },
        subjects: [subject(nasty, 1), subject('b', 2)],
      }),
    ];
    const text = renderTable({ ...clean, findings }, options);
    expect(text).not.toMatch(/^\s*::/m);
    expect(text).not.toContain('##[');
    expect(text).toContain('x\\u{1b}[31m\\u{7}\\r\\n::error::pwned\\u{202e}abc\\u{200b}');
  });

  it('keeps its shape for any text and width', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.string({ unit: 'grapheme', maxLength: 400 }),
    );
    fc.assert(
      fc.property(text, text, fc.integer({ min: 60, max: 200 }), (a, b, width) => {
        const problems = [
          { code: 'syntax', file: 'f', line: 1, column: 1, message: a, hint: b, fatal: true },
        ] as const;
        const undecided = [
          {
            checkId: 'MTLS-001',
            missing: [{ key: a, text: b }],
            subjects: [subject(a, 1)],
            environments: [''],
          },
        ];
        const result: AuditResult = {
          ...clean,
          inputs: { ...clean.inputs, problems },
          findings: [
            finding({
              checkId: 'MTLS-001',
              severity: 'low',
              message: a,
              resource: 'r',
              subjects: [subject(b, 1)],
            }),
          ],
          undecided,
        };
        const lines = renderTable(result, { ...options, width }).split('\n');
        expect(lines.filter((line) => /[\p{Cc}\p{Cf}]/u.test(line))).toEqual([]);
        expect(tooWide(lines.join('\n'), Math.min(width, 120))).toEqual([]);
      }),
    );
  });
});
