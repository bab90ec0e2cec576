import { describe, expect, it } from 'vitest';
import type { EnvironmentInspection, InspectionCounts } from '#check/index.js';
import { wafLine } from '#report/waf-line.js';

function counts(total: number, rest: Partial<InspectionCounts> = {}): InspectionCounts {
  const none = { inspected: 0, partly: 0, detectsOnly: 0, failsOpen: 0, notInspected: 0, unknown: 0 };
  return { total, ...none, ...rest };
}

const one: EnvironmentInspection = {
  environment: 'one',
  products: ['OWASP Coraza'],
  routes: counts(5, { inspected: 2, partly: 1, notInspected: 2 }),
  workloads: counts(1, { unknown: 1 }),
};

describe('the line on web application firewalls', () => {
  it('counts routes and workloads, names products and what falls short', () => {
    expect(wafLine([one])).toEqual({
      text: '2 of 5 public routes and 0 of 1 workload inspected',
      aside: 'OWASP Coraza; 1 partly; 1 unknown',
    });
  });
  it('sums environments', () => {
    const other = { ...one, environment: 'other', products: [], workloads: counts(2, { inspected: 2 }) };
    expect(wafLine([one, other])).toEqual({
      text: '4 of 10 public routes and 2 of 3 workloads inspected',
      aside: 'OWASP Coraza; 2 partly; 1 unknown',
    });
  });
  it('says that no product is there, and nothing where nothing could be inspected', () => {
    const bare = { ...one, products: [], routes: counts(1, { notInspected: 1 }), workloads: counts(0) };
    expect(wafLine([bare])).toEqual({
      text: '0 of 1 public route and 0 of 0 workloads inspected',
      aside: 'no product in the input',
    });
    expect(wafLine([{ ...bare, routes: counts(0) }])).toBeUndefined();
    expect(wafLine()).toBeUndefined();
  });
});
