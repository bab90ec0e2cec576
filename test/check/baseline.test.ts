import { describe, expect, it } from 'vitest';
import { applyBaseline, baselineOf } from '#check/baseline.js';
import { finding, subject } from '../report/sample-result.js';

const gap = finding({ checkId: 'MTLS-001', severity: 'high', message: 'x', fingerprint: 'aa' });
const other = finding({ checkId: 'GW-001', severity: 'low', message: 'y', fingerprint: 'bb' });
const name = 'baseline.json';

const counting = (findings: readonly ReturnType<typeof finding>[]) =>
  findings.filter(({ suppression }) => suppression === undefined).map(({ fingerprint }) => fingerprint);

describe('a baseline', () => {
  it('lets only what is new count', () => {
    const findings = applyBaseline([gap, other], { name, entries: baselineOf([gap]) });
    expect(counting(findings)).toEqual(['bb']);
    expect(findings[0]?.suppression?.justification).toBe('Known before: baseline.json.');
  });

  it('holds nothing that somebody has waived', () => {
    const suppression = { kind: 'external', justification: 'agreed' } as const;
    expect(baselineOf([{ ...gap, suppression }, other]).map((entry) => entry.fingerprint)).toEqual(['bb']);
  });

  it('lets a known finding count again when it concerns another subject', () => {
    const entries = baselineOf([gap]);
    const more = { ...gap, subjects: [...gap.subjects, subject('ratings', 90)] };
    expect(counting(applyBaseline([more], { name, entries }))).toEqual(['aa']);
    const fewer = { ...gap, subjects: [] };
    expect(counting(applyBaseline([fewer], { name, entries }))).toEqual([]);
  });

  it('is the same whatever the order of the findings', () => {
    expect(baselineOf([gap, other])).toEqual(baselineOf([other, gap]));
  });
});
