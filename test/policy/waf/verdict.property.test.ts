import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type {
  Inspection,
  InspectionGap,
  InspectionGapKind,
  InspectionVerdict,
} from '#policy/waf/inspection.js';
import { combine, inSeries, inspectionOf, verdictOfGaps } from '#policy/waf/verdict.js';
import type { Engine } from '#policy/waf/verdict.js';
import { patch } from '../filter-chain/bakery.js';
import { bakery, fullCheck, inspection, told, waf } from './kiln.js';
import { agentCluster } from './kiln.js';

const order: readonly InspectionVerdict[] = [
  'inspected',
  'partly',
  'detects-only',
  'fails-open',
  'not-inspected',
];
const rank = (verdict: InspectionVerdict): number => order.indexOf(verdict);

const kinds: readonly InspectionGapKind[] = [
  'fails-open',
  'detects-only',
  'no-body',
  'cluster-missing',
  'mutable-module',
  'ports-left-out',
];

const resource = {
  apiVersion: 'v1',
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  name: 'any',
  namespace: undefined,
  object: {},
  origin: { file: 'any.yaml', document: 0, path: [], line: 1 },
  stored: false,
  reported: true,
} as const;

const anyGap = fc
  .record({
    kind: fc.constantFrom(...kinds),
    reach: fc.constantFrom('all', 'some', 'none'),
    place: fc.nat(3),
  })
  .map(({ kind, reach, place }): InspectionGap => ({
    kind,
    reach,
    product: 'waf',
    at: { resource, path: [place] },
    related: [],
    note: kind,
    data: {},
  }));

const anyEngine = fc
  .record({ gaps: fc.array(anyGap, { maxLength: 4 }), open: fc.boolean() })
  .map(({ gaps, open }): Engine => ({
    product: 'waf',
    by: [],
    gaps,
    missing: open ? [{ key: 'x', text: 'x' }] : [],
  }));

const anyInspection = fc
  .record({ verdict: fc.constantFrom(...order), gaps: fc.array(anyGap, { maxLength: 3 }) })
  .map((one): Inspection => ({ ...one, products: ['waf'], by: [] }));

describe('verdicts', () => {
  it('are never better for a further gap', () => {
    fc.assert(
      fc.property(fc.array(anyGap), anyGap, (gaps, more) => {
        expect(rank(verdictOfGaps([...gaps, more]))).toBeGreaterThanOrEqual(rank(verdictOfGaps(gaps)));
      }),
    );
  });

  it('are never worse for a further engine, and an unknown one hides no better one that is proven', () => {
    fc.assert(
      fc.property(fc.array(anyEngine), anyEngine, (engines, more) => {
        const [before, after] = [inspectionOf(engines), inspectionOf([...engines, more])];
        if (before.known && after.known)
          expect(rank(after.value.verdict)).toBeLessThanOrEqual(rank(before.value.verdict));
        if (before.known && before.value.verdict === 'inspected') expect(after.known).toBe(true);
      }),
    );
  });

  it('of parts do not depend on their order', () => {
    fc.assert(
      fc.property(fc.array(anyInspection), (parts) => {
        expect(combine([...parts].reverse()).verdict).toBe(combine(parts).verdict);
        expect(combine([...parts].reverse()).gaps).toHaveLength(combine(parts).gaps.length);
      }),
    );
  });

  it('of parts are never better than all of them, nor worse than the worst', () => {
    fc.assert(
      fc.property(fc.array(anyInspection, { minLength: 1 }), (parts) => {
        const ranks = parts.map(({ verdict }) => rank(verdict));
        const whole = rank(combine(parts).verdict);
        expect(whole).toBeGreaterThanOrEqual(Math.min(...ranks));
        expect(whole).toBeLessThanOrEqual(Math.max(...ranks));
      }),
    );
  });

  it('of stages are the best of them', () => {
    fc.assert(
      fc.property(fc.array(anyInspection, { minLength: 1 }), (stages) => {
        const series = inSeries(
          stages.map((value) => ({ known: true, value, decidedBy: 'default', considered: [] })),
        );
        expect(series.known && rank(series.value.verdict)).toBe(
          Math.min(...stages.map(({ verdict }) => rank(verdict))),
        );
      }),
    );
  });

  it('of a mesh do not depend on the order of its objects', () => {
    const removal = patch('HTTP_FILTER', 'REMOVE', undefined, { context: 'GATEWAY' });
    const objects: readonly JsonObject[] = [
      ...bakery(),
      waf({ filter: fullCheck({ failure_mode_allow: true }), cluster: agentCluster(9998), more: [removal] }),
    ];
    const expected = told(objects);
    fc.assert(
      fc.property(fc.shuffledSubarray([...objects], { minLength: objects.length }), (shuffled) => {
        expect(told(shuffled)).toBe(expected);
        expect(inspection(shuffled).known).toBe(true);
      }),
      { numRuns: 12 },
    );
  });
});
