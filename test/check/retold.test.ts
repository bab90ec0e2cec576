import { describe, expect, it } from 'vitest';
import type { FieldPath } from '#documents/document.js';
import { fail, runChecks } from '#check';
import { sampleCheck, sampleContext, sampleLocate, sampleResource, sampleSubject } from './sample.js';

const envoyFilter = sampleResource('EnvoyFilter', 'inspect', {});
const subject = sampleSubject('Deployment', 'api');

/** A check that fails one workload at these places; a second one may tell more than the first. */
function checkAt(id: string, places: readonly FieldPath[], tellsMoreThan: readonly string[] = []) {
  const failures = places.map((path) => ({
    message: 'open',
    at: { resource: envoyFilter, path },
    data: { port: 80 },
  }));
  const check = sampleCheck(() => [{ subject, verdict: fail(...failures) }]);
  return { ...check, meta: { ...check.meta, id, tellsMoreThan } };
}

const patch = (index: number, ...rest: FieldPath): FieldPath => ['spec', 'configPatches', index, ...rest];

function told(general: readonly FieldPath[], special: readonly FieldPath[]) {
  const checks = [checkAt('GEN-001', general), checkAt('SPE-001', special, ['GEN-001'])];
  const { findings, checks: outcomes } = runChecks(checks, [sampleContext('')], { locate: sampleLocate });
  return {
    findings: findings.map(({ checkId }) => checkId).sort(),
    general: outcomes.map(({ fail: failed, notApplicable, reasons }) => ({
      failed,
      notApplicable,
      reasons,
    }))[0],
  };
}

describe('one cause that two checks see is one finding', () => {
  it('of the check that tells more, for the same patch', () => {
    expect(told([patch(0, 'match')], [patch(0, 'patch', 'value')])).toEqual({
      findings: ['SPE-001'],
      general: { failed: 0, notApplicable: 1, reasons: ['SPE-001 tells it'] },
    });
  });

  it('not for another patch of the object', () => {
    expect(told([patch(0)], [patch(1)]).findings).toEqual(['GEN-001', 'SPE-001']);
  });

  it('leaves a subject failed that has something else wrong', () => {
    const { findings, general } = told([patch(0), patch(1)], [patch(1)]);
    expect(findings).toEqual(['GEN-001', 'SPE-001']);
    expect(general).toMatchObject({ failed: 1, notApplicable: 0 });
  });

  it('only when that check has run', () => {
    const { findings } = runChecks([checkAt('GEN-001', [patch(0)])], [sampleContext('')], {
      locate: sampleLocate,
    });
    expect(findings.map(({ checkId }) => checkId)).toEqual(['GEN-001']);
  });
});
