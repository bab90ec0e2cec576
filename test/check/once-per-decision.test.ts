import { describe, expect, it } from 'vitest';
import { defineCheck, fail, oncePerDecision, pass } from '#check';
import type { SubjectRef } from '#check';
import { known } from '#policy/decision.js';
import type { Known } from '#policy/decision.js';
import { sampleContext, sampleSubject } from './sample.js';

const meta = {
  id: 'MTLS-900',
  title: 'Sample',
  severity: 'low',
  confidence: 'high',
  examines: 'samples',
  messages: { odd: 'Odd.' },
  remediation: 'Add one.',
  controls: [],
} as const;

describe('a judge of shared decisions', () => {
  it('says of each decision what it would say alone, and is asked once', () => {
    let asked = 0;
    const alone = ({ value }: Known<number>) => {
      asked += 1;
      return value % 2 === 0 ? pass : fail({ message: 'odd', at: sampleAt(value) });
    };
    const judge = oncePerDecision(alone);
    const context = sampleContext();
    const decisions = [1, 2, 3].map((value) => known(value, 'default'));
    const verdicts = [...decisions, ...decisions].map((decision) => judge(decision, context));
    expect(asked).toBe(3);
    expect(verdicts).toEqual([...decisions, ...decisions].map(alone));
  });
});

function sampleAt(value: number) {
  const { at } = sampleSubject('Deployment', String(value));
  if (at === undefined) throw new Error('no place');
  return at;
}

describe('a reason for which no subject can be judged', () => {
  const subjects = ['a', 'b'].map((name) => ({ ref: sampleSubject('Deployment', name), value: name }));
  const outcomes = (unless: () => string | undefined, given = subjects): readonly string[] =>
    defineCheck({ meta, subjects: () => given, unless, judge: () => pass })
      .run(sampleContext())
      .map(
        ({
          subject,
          verdict,
        }: {
          readonly subject: SubjectRef;
          readonly verdict: { readonly outcome: string };
        }) => `${subject.name} ${'reason' in verdict ? String(verdict.reason) : verdict.outcome}`,
      );

  it('is said of each of them', () => {
    expect(outcomes(() => 'nothing there')).toEqual(['a nothing there', 'b nothing there']);
  });

  it('leaves them to the judge where there is none', () => {
    expect(outcomes(() => undefined)).toEqual(['a pass', 'b pass']);
  });

  it('is not asked for where there is no subject', () => {
    const ask = (): string => {
      throw new Error('asked');
    };
    expect(outcomes(ask, [])).toEqual([]);
  });
});
