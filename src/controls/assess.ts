import { controlLinks } from './links.js';
import type { LinkedCheck, Relation } from './links.js';
import type { FrameworkSelection } from './select-framework.js';

/** What an audit says of a check, as far as controls go. */
export interface AssessedCheck {
  readonly id: string;
  readonly meta: LinkedCheck;
  readonly pass: number;
  readonly fail: number;
  readonly unknown: number;
  readonly notApplicable: number;
  readonly error: number;
}

/**
 * How a control fares: `satisfied`: all that its checks judged passed, and they judged something; `not-satisfied`: some
 * subject failed; `not-decided`: none failed, but some could not be judged, or there was nothing to judge;
 * `not-assessable`: no manifest can prove it, or no check looks at it.
 */
export type ControlStatus = 'satisfied' | 'not-satisfied' | 'not-decided' | 'not-assessable';

/** Subjects that the checks of a control judged. */
export interface ControlSubjects {
  readonly pass: number;
  readonly fail: number;
  /** Crashes among them. */
  readonly unknown: number;
  readonly notApplicable: number;
}

/** One control, with what the checks have to say of it. */
export interface ControlAssessment {
  /** `framework/clause`. */
  readonly id: string;
  readonly clause: string;
  readonly title: string;
  readonly status: ControlStatus;
  /** The most that any of its checks shows of it; undefined when no check looks at it. */
  readonly relation: Relation | undefined;
  readonly subjects: ControlSubjects;
  readonly checks: readonly { readonly id: string; readonly relation: Relation }[];
  /** Why it is not decided or not assessable; empty otherwise. */
  readonly reason: string;
}

/** A framework with all of its controls that were asked for. */
export interface FrameworkAssessment {
  /** `framework` or `framework:baseline`. */
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly url: string;
  readonly baseline: string | undefined;
  readonly controls: readonly ControlAssessment[];
}

interface Linked {
  readonly check: AssessedCheck;
  readonly relation: Relation;
}

function sum(linked: readonly Linked[]): ControlSubjects {
  const total = { pass: 0, fail: 0, unknown: 0, notApplicable: 0 };
  for (const { check } of linked) {
    total.pass += check.pass;
    total.fail += check.fail;
    total.unknown += check.unknown + check.error;
    total.notApplicable += check.notApplicable;
  }
  return total;
}

function judge(
  linked: readonly Linked[],
  { pass, fail, unknown }: ControlSubjects,
  beyond: string | undefined,
) {
  if (beyond !== undefined) return { status: 'not-assessable', reason: beyond } as const;
  if (linked.length === 0)
    return { status: 'not-assessable', reason: 'no check that ran looks at it' } as const;
  if (fail > 0) return { status: 'not-satisfied', reason: '' } as const;
  if (unknown > 0) return { status: 'not-decided', reason: 'some subjects could not be judged' } as const;
  if (pass > 0) return { status: 'satisfied', reason: '' } as const;
  return { status: 'not-decided', reason: 'there was nothing to judge' } as const;
}

const strength: readonly Relation[] = ['full', 'partial', 'evidence'];

/** How the controls of a framework fare, by the outcomes of the checks that ran; in the order of the framework. */
export function assessFramework(
  { id, framework, baseline, clauses }: FrameworkSelection,
  checks: readonly AssessedCheck[],
): FrameworkAssessment {
  const byControl = new Map<string, Linked[]>();
  for (const check of checks) {
    for (const { control, relation } of controlLinks(check.meta)) {
      const known = byControl.get(control);
      if (known === undefined) byControl.set(control, [{ check, relation }]);
      else known.push({ check, relation });
    }
  }
  const { title, version, url, beyondManifests = {} } = framework;
  const controls = clauses.map((clause): ControlAssessment => {
    const linked = byControl.get(`${framework.id}/${clause}`) ?? [];
    const subjects = sum(linked);
    return {
      id: `${framework.id}/${clause}`,
      clause,
      title: framework.clauses[clause] ?? '',
      ...judge(linked, subjects, beyondManifests[clause]),
      relation: strength.find((most) => linked.some(({ relation }) => relation === most)),
      subjects,
      checks: linked.map(({ check, relation }) => ({ id: check.id, relation })),
    };
  });
  return { id, title, version, url, baseline, controls };
}

/** True when a check is held against a control that was asked for. */
export function bearsOn(check: LinkedCheck, { framework, clauses }: FrameworkSelection): boolean {
  const wanted = new Set(clauses.map((clause) => `${framework.id}/${clause}`));
  return controlLinks(check).some(({ control }) => wanted.has(control));
}
