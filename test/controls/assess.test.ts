import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assessFramework, bearsOn } from '#controls/assess.js';
import type { AssessedCheck, ControlAssessment } from '#controls/assess.js';
import { frameworks } from '#controls/controls.js';
import { requireFramework } from '#controls/select-framework.js';
import { countByStatus } from '#controls/status.js';

const none = { pass: 0, fail: 0, unknown: 0, notApplicable: 0, error: 0 };

function outcome(controls: readonly string[], counts: Partial<typeof none>, id = 'X-001'): AssessedCheck {
  return { id, meta: { id, controls }, ...none, ...counts };
}

function control(id: string, checks: readonly AssessedCheck[]): ControlAssessment {
  const slash = id.indexOf('/');
  const { controls } = assessFramework(requireFramework(id.slice(0, slash)), checks);
  const found = controls.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no control ${id}`);
  return found;
}

const strict = 'istio-best-practices/strict-mtls';
const configuration = 'nist-800-53-r5/CM-6';

type Row = readonly [what: string, id: string, checks: readonly AssessedCheck[], status: string];

const rows: readonly Row[] = [
  ['all passed', strict, [outcome([strict], { pass: 3 })], 'satisfied'],
  ['one failed', strict, [outcome([strict], { pass: 3, fail: 1 })], 'not-satisfied'],
  [
    'a failure outweighs what is not decided',
    strict,
    [outcome([strict], { fail: 1, unknown: 1 })],
    'not-satisfied',
  ],
  ['one not decided', strict, [outcome([strict], { pass: 3, unknown: 1 })], 'not-decided'],
  ['a check that crashed', strict, [outcome([strict], { pass: 3, error: 1 })], 'not-decided'],
  ['nothing to judge', strict, [outcome([strict], { notApplicable: 2 })], 'not-decided'],
  ['no subject at all', strict, [outcome([strict], {})], 'not-decided'],
  ['no check', strict, [], 'not-assessable'],
  ['another control', strict, [outcome(['hipaa/164.312(b)'], { pass: 1 })], 'not-assessable'],
  ['what no manifest proves', configuration, [outcome([configuration], { pass: 5 })], 'not-assessable'],
  [
    'what no manifest proves, failing',
    configuration,
    [outcome([configuration], { fail: 5 })],
    'not-assessable',
  ],
  [
    'two checks',
    strict,
    [outcome([strict], { pass: 1 }), outcome([strict], { fail: 1 }, 'X-002')],
    'not-satisfied',
  ],
];

describe('a control', () => {
  it.each(rows)('%s', (_, id, checks, status) => {
    expect(control(id, checks).status).toBe(status);
  });

  it('counts the subjects of its checks and names them', () => {
    const checks = [
      outcome([strict], { pass: 1, error: 1 }, 'MTLS-001'),
      outcome([strict], { pass: 2, unknown: 1 }),
    ];
    expect(control(strict, checks)).toMatchObject({
      relation: 'full',
      subjects: { pass: 3, fail: 0, unknown: 2, notApplicable: 0 },
      checks: [
        { id: 'MTLS-001', relation: 'full' },
        { id: 'X-001', relation: 'partial' },
      ],
    });
  });

  it('is never satisfied without a subject that passed, nor by what no manifest proves', () => {
    const counts = fc.record({
      pass: fc.nat(3),
      fail: fc.nat(2),
      unknown: fc.nat(2),
      notApplicable: fc.nat(2),
      error: fc.nat(1),
    });
    const ids = frameworks.flatMap(({ id, clauses }) =>
      Object.keys(clauses).map((clause) => `${id}/${clause}`),
    );
    fc.assert(
      fc.property(fc.constantFrom(...ids), fc.array(counts, { maxLength: 3 }), (id, all) => {
        const checks = all.map((each, index) => outcome([id], each, `X-00${String(index)}`));
        const { status, relation } = control(id, checks);
        if (status !== 'satisfied') return;
        expect(all.some(({ pass }) => pass > 0)).toBe(true);
        expect(all.every(({ fail, unknown, error }) => fail + unknown + error === 0)).toBe(true);
        expect(relation).not.toBe('evidence');
      }),
    );
  });
});

describe('a framework', () => {
  it('has each of its controls once, in its own order, and counts them', () => {
    for (const { id, clauses } of frameworks) {
      const { controls } = assessFramework(requireFramework(id), []);
      expect(controls.map(({ clause }) => clause)).toEqual(Object.keys(clauses));
      expect(countByStatus(controls)['not-assessable']).toBe(controls.length);
    }
  });

  it('can be cut down to a baseline', () => {
    const low = assessFramework(requireFramework('nist-800-53-r5:low'), []);
    const clauses = low.controls.map(({ clause }) => clause);
    expect(low).toMatchObject({ id: 'nist-800-53-r5:low', baseline: 'low' });
    expect(clauses).toContain('SC-7');
    expect(clauses).not.toContain('SC-8');
    expect(
      assessFramework(requireFramework('fedramp-r5:low'), []).controls.map(({ clause }) => clause),
    ).toContain('SC-8');
  });

  it('is borne on by checks that are held against one of the controls asked for', () => {
    const check = { id: 'X-001', controls: ['nist-800-53-r5/AC-25'] };
    expect(bearsOn(check, requireFramework('nist-800-53-r5'))).toBe(true);
    expect(bearsOn(check, requireFramework('hipaa'))).toBe(false);
  });
});

describe('the name of a framework', () => {
  it.each([
    ['pci-dss-4.0.1', 'pci-dss-4.0.1'],
    ['PCI-DSS', 'pci-dss-4.0.1'],
    ['nist-800-53-r5:Moderate', 'nist-800-53-r5:moderate'],
  ])('%s', (word, id) => {
    expect(requireFramework(word).id).toBe(id);
  });

  it.each(['nist', 'pci-dss-3', '', ':low', 'hipaa:low', 'nist-800-53-r5:toString', '__proto__'])(
    'is not guessed: %s',
    (word) => {
      expect(() => requireFramework(word)).toThrow(RangeError);
    },
  );
});
