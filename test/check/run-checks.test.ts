import { describe, expect, it } from 'vitest';
import type { CheckContext, Failure, Judged } from '#check';
import { fail, notApplicable, pass, runChecks, unknown } from '#check';
import { sampleCheck, sampleContext, sampleLocate, sampleResource, sampleSubject } from './sample.js';

const options = { locate: sampleLocate };

const run = (run: (context: CheckContext) => readonly Judged[], environments = ['']) =>
  runChecks([sampleCheck(run)], environments.map(sampleContext), options);

const judged = (name: string, verdict: Judged['verdict']): Judged => ({
  subject: sampleSubject('Deployment', name),
  verdict,
});

const policy = sampleResource('PeerAuthentication', 'default', { spec: { mtls: { mode: 'PERMISSIVE' } } });
const atPolicy = (port: number): Failure => ({
  message: 'open',
  at: { resource: policy, path: ['spec', 'mtls', 'mode'] },
  data: { port },
});

describe('runChecks: grouping', () => {
  it('makes one finding of forty workloads with one cause, with the forty as subjects', () => {
    const names = Array.from({ length: 40 }, (_, i) => `w${String(i).padStart(2, '0')}`);
    const { findings, checks } = run(() =>
      names.toReversed().map((name) => judged(name, fail(atPolicy(80)))),
    );
    expect(findings).toHaveLength(1);
    expect(findings[0]?.subjects.map(({ name }) => name)).toEqual(names);
    expect(findings[0]?.message).toBe(
      'Port 80 of Deployment shop/w00, Deployment shop/w01, Deployment shop/w02 and 37 more is open.',
    );
    expect(findings[0]?.location).toEqual({ file: 'default.yaml', line: 4, column: 1 });
    expect(findings[0]?.resource).toBe('PeerAuthentication shop/default');
    expect(checks[0]).toMatchObject({ pass: 0, fail: 40, unknown: 0, notApplicable: 0, error: 0 });
  });

  it('places an absence at its first subject in sorted order', () => {
    const absent = (name: string): Judged => {
      const subject = sampleSubject('Deployment', name);
      const at = { resource: sampleResource('Deployment', name), path: [] };
      return { subject, verdict: fail({ message: 'open', cause: 'no policy', at, data: { port: 80 } }) };
    };
    const { findings } = run(() => [absent('zeta'), absent('alpha')]);
    expect(findings.map(({ location }) => location.file)).toEqual(['alpha.yaml']);
    expect(findings[0]?.subjects.map(({ name }) => name)).toEqual(['alpha', 'zeta']);
  });

  it('enumerates values that differ under one cause, numbers by size', () => {
    const { findings } = run(() => [judged('a', fail(atPolicy(9080), atPolicy(80), atPolicy(443)))]);
    expect(findings.map(({ message }) => message)).toEqual([
      'Port 80, 443 and 9080 of Deployment shop/a is open.',
    ]);
    expect(findings[0]?.remediation).toBe('Close ports 80, 443 and 9080.');
    expect(findings[0]?.subjects).toHaveLength(1);
  });

  it('merges the finding of a file that several environments share and names them', () => {
    const { findings, checks } = run(() => [judged('a', fail(atPolicy(80)))], ['prod', 'dev']);
    expect(findings.map(({ environments }) => environments)).toEqual([['dev', 'prod']]);
    expect(checks[0]?.fail).toBe(2);
  });

  it('takes the highest severity of a group and drops related places that repeat', () => {
    const related = [{ at: { resource: policy, path: ['spec'] }, note: 'older' }];
    const { findings } = run(() => [
      judged('a', fail({ ...atPolicy(80), severity: 'low', related })),
      judged('b', fail({ ...atPolicy(80), severity: 'critical', related })),
    ]);
    expect(findings[0]?.severity).toBe('critical');
    expect(findings[0]?.related).toEqual([
      { location: { file: 'default.yaml', line: 2, column: 1 }, note: 'older' },
    ]);
  });

  it('shows a cause outside what is reported on at its subject', () => {
    const outside = { ...policy, reported: false };
    const { findings } = run(() =>
      ['b', 'a'].map((name) =>
        judged(name, fail({ ...atPolicy(80), at: { resource: outside, path: ['spec'] } })),
      ),
    );
    expect(findings.map(({ location }) => location.file)).toEqual(['a.yaml']);
    expect(findings[0]?.related[0]?.location.file).toBe('default.yaml');
  });
});

describe('runChecks: outcomes', () => {
  it('counts the three values and gives reasons, most frequent first', () => {
    const { checks, undecided } = run(() => [
      judged('a', pass),
      judged('b', notApplicable('rare')),
      judged('c', notApplicable('common')),
      judged('d', notApplicable('common')),
      judged('f', unknown([{ key: 'mesh-config', text: 'mesh config' }])),
      judged('e', unknown([{ key: 'mesh-config', text: 'mesh config' }])),
    ]);
    expect(checks[0]).toMatchObject({
      pass: 1,
      fail: 0,
      unknown: 2,
      notApplicable: 3,
      reasons: ['common', 'rare'],
    });
    expect(undecided).toEqual([
      {
        checkId: 'MTLS-900',
        missing: [{ key: 'mesh-config', text: 'mesh config' }],
        subjects: ['e', 'f'].map((name) => ({
          kind: 'Deployment',
          namespace: 'shop',
          name,
          location: { file: `${name}.yaml`, line: 1, column: 1 },
        })),
        environments: [''],
      },
    ]);
  });

  it('says what there is none of when nothing was examined', () => {
    expect(run(() => []).checks[0]?.reasons).toEqual(['no samples in the input']);
  });

  it.each<[string, (context: CheckContext) => readonly Judged[], string]>([
    [
      'a judge that throws',
      () => [judged('a', { outcome: 'error', cause: 'Error: boom' })],
      'Check MTLS-900 crashed on Deployment shop/a: Error: boom',
    ],
    [
      'a listing of subjects that throws',
      () => {
        throw new Error('boom');
      },
      'Check MTLS-900 crashed while listing its subjects: Error: boom',
    ],
    [
      'a placeholder without value',
      () => [judged('a', fail({ ...atPolicy(80), data: {} }))],
      'Check MTLS-900 crashed on Deployment shop/a: message "open" has no value for {port}',
    ],
    [
      'a failure in no place',
      () => [judged('a', { outcome: 'fail', failures: [] })],
      'Check MTLS-900 crashed on Deployment shop/a: failed without saying where',
    ],
  ])('reports %s as a fatal problem, never as a pass', (_, judge, message) => {
    const { checks, problems, findings } = run(judge);
    expect(checks[0]).toMatchObject({ pass: 0, fail: 0, error: 1 });
    expect(problems).toEqual([expect.objectContaining({ code: 'check-crashed', fatal: true, message })]);
    expect(findings).toEqual([]);
  });

  it('sorts findings by file, line, column, id, by code unit', () => {
    const at = (file: string, depth: number): Judged =>
      judged(
        `${file}${String(depth)}`,
        fail({
          message: 'open',
          data: { port: 1 },
          at: {
            resource: sampleResource('Gateway', 'g', {}, file),
            path: Array.from({ length: depth }, () => 'x'),
          },
        }),
      );
    const { findings } = run(() => [at('b', 1), at('a', 9), at('B', 3), at('a', 2), at('ä', 0)]);
    expect(findings.map(({ location: { file, line } }) => `${file}${String(line)}`)).toEqual([
      'B4',
      'a3',
      'a10',
      'b2',
      'ä1',
    ]);
  });
});
