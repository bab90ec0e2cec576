// Generated from schemas/report.json by scripts/generate/report-schema.mjs; do not edit.

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** How sure a finding is when it is raised; `high` follows from Istio's semantics alone. */
export type Confidence = 'high' | 'medium' | 'low';

/** `complete`: what the input does not hold does not exist. `partial`: it may live elsewhere. */
export type Scope = 'partial' | 'complete';

export type Family =
  | 'mtls'
  | 'authorization'
  | 'request-authentication'
  | 'gateway'
  | 'egress'
  | 'enrolment'
  | 'capture'
  | 'destination'
  | 'identity'
  | 'extension'
  | 'waf'
  | 'telemetry'
  | 'control-plane'
  | 'workload'
  | 'reference';

export type Count = number;

export interface SeverityCounts {
  readonly critical: Count;
  readonly high: Count;
  readonly medium: Count;
  readonly low: Count;
  readonly info: Count;
}

/** Numbers of judged subjects. */
export interface OutcomeCounts {
  readonly pass: Count;
  readonly fail: Count;
  readonly unknown: Count;
  readonly notApplicable: Count;
  readonly error: Count;
}

export interface Summary {
  /** Findings by severity, suppressed ones left out. */
  readonly findings: SeverityCounts;
  readonly suppressed: Count;
  readonly subjects: OutcomeCounts;
  readonly problems: Count;
  /** Problems and crashed checks because of which the audit cannot be trusted (exit code 2). */
  readonly fatalProblems: Count;
}

export interface Assumption {
  readonly key: string;
  readonly text: string;
}

export interface Environment {
  /** Empty when the input holds one environment only. */
  readonly name: string;
  readonly scope: Scope;
  readonly namespaces: Count;
  readonly workloads: Count;
  readonly services: Count;
  readonly policies: Count;
  /** Absent when nothing in the input shows it. */
  readonly istioVersion?: string;
  /** What was assumed for want of evidence. */
  readonly assumptions: readonly Assumption[];
}

/** What was read, what was left alone on purpose, what could not be read. */
export interface Inputs {
  readonly files: Count;
  readonly bytes: Count;
  readonly documents: Count;
  readonly resources: Count;
  readonly skipped: readonly Skipped[];
  readonly problems: readonly Problem[];
}

/** Input that was understood for what it is and not judged. */
export interface Skipped {
  readonly reason:
    'helm-template' | 'kustomize-patch' | 'kustomization' | 'not-kubernetes' | 'unread-kind' | 'empty';
  /** The file, or the folder that a group of files shares. */
  readonly path: string;
  readonly files: Count;
  readonly documents: Count;
  readonly detail?: string;
}

/** Something that stopped the reading of a part of the input, or the trust in it. */
export interface Problem {
  readonly code:
    | 'not-found'
    | 'unreadable'
    | 'no-input'
    | 'symlink-loop'
    | 'binary'
    | 'encoding'
    | 'too-large'
    | 'broken-archive'
    | 'archive-bomb'
    | 'unsafe-entry'
    | 'nested-archive'
    | 'too-deep'
    | 'alias-bomb'
    | 'syntax'
    | 'duplicate-key'
    | 'broken-list-item'
    | 'not-an-object'
    | 'ambiguous-object'
    | 'invalid-resource'
    | 'not-listed'
    | 'removed-api'
    | 'waiver-expired'
    | 'waiver-unused'
    | 'waiver-unusable'
    | 'check-crashed';
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
  readonly hint?: string;
  /** True when it makes the exit code 2. */
  readonly fatal: boolean;
}

export interface Check {
  readonly id: string;
  readonly family: Family;
  readonly slug: string;
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** What its subjects are, in the plural. */
  readonly examines: string;
  /** What to change; `{placeholders}` are filled in each finding. */
  readonly remediation: string;
  /** Controls of compliance frameworks, `framework/clause`. */
  readonly controls: readonly string[];
  /** Ids of the same condition in other tools. */
  readonly aliases: readonly string[];
  readonly subjects: OutcomeCounts;
  /** Why subjects were not applicable, most frequent first; with no subject, what there is none of. */
  readonly reasons: readonly string[];
}

/** Lines and columns count from 1, columns in UTF-16 code units. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

export interface Subject {
  readonly kind: string;
  /** Empty for what lives in no namespace. */
  readonly namespace: string;
  readonly name: string;
  readonly location?: Location;
}

export interface Related {
  readonly location: Location;
  readonly note: string;
}

export interface Suppression {
  readonly kind: 'inSource' | 'external';
  readonly justification: string;
}

/** A located failure: one cause, with every subject it concerns. */
export interface Finding {
  readonly checkId: string;
  readonly messageKey: string;
  readonly message: string;
  readonly severity: Severity;
  /** Its severity if none of its subjects were sensitive; absent where that makes no difference. */
  readonly raisedFrom?: Severity;
  readonly confidence: Confidence;
  readonly remediation: string;
  /** The resource at the location: `Kind namespace/name`. */
  readonly resource: string;
  /** The field to edit. */
  readonly location: Location;
  readonly subjects: readonly Subject[];
  /** Other places that had a part in the verdict. */
  readonly related: readonly Related[];
  /** Stays the same when lines move, files are reformatted or renamed. */
  readonly fingerprint: string;
  readonly environments: readonly string[];
  readonly suppression?: Suppression;
}

export interface MissingEvidence {
  readonly key: string;
  readonly text: string;
}

export interface Undecided {
  readonly checkId: string;
  readonly missing: readonly MissingEvidence[];
  readonly subjects: readonly Subject[];
  readonly environments: readonly string[];
}

/** `satisfied`: all that the control's checks judged passed, and they judged something. `not-satisfied`: a subject failed. `not-decided`: none failed, but some could not be judged or there was nothing to judge. `not-assessable`: no manifest can prove it, or no check that ran looks at it. */
export type ControlStatus = 'satisfied' | 'not-satisfied' | 'not-decided' | 'not-assessable';

/** What a check shows of a control: `full`: all that it asks of a mesh; `partial`: some of it; `evidence`: it bears on a control that no manifest can prove. */
export type Relation = 'full' | 'partial' | 'evidence';

export interface Framework {
  /** `framework` or `framework:baseline`. */
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly url: string;
  /** Absent when the whole framework was asked for. */
  readonly baseline?: string;
  /** How many controls there are of each status. */
  readonly summary: {
    readonly satisfied: Count;
    readonly notSatisfied: Count;
    readonly notDecided: Count;
    readonly notAssessable: Count;
  };
  /** In the order of the framework. */
  readonly controls: readonly Control[];
}

export interface Control {
  /** `framework/clause`. */
  readonly id: string;
  readonly clause: string;
  /** A short label, not the text of the clause. */
  readonly title: string;
  readonly status: ControlStatus;
  /** The most that any of its checks shows of it; absent when no check looks at it. */
  readonly relation?: Relation;
  /** Numbers of subjects that its checks judged; `unknown` counts crashes too. */
  readonly subjects: {
    readonly pass: Count;
    readonly fail: Count;
    readonly unknown: Count;
    readonly notApplicable: Count;
  };
  readonly checks: readonly ControlCheck[];
  /** Why it is not decided or not assessable. */
  readonly reason?: string;
}

export interface ControlCheck {
  readonly id: string;
  readonly relation: Relation;
}

/** How many are inspected how far; they add up to the total. */
export interface InspectionCounts {
  readonly total: number;
  /** Every request meets an engine that blocks, as far as the manifests show. */
  readonly inspected: number;
  /** Some requests, or parts of them, are left out. */
  readonly partly: number;
  readonly detectsOnly: number;
  /** Requests pass when the engine does not answer. */
  readonly failsOpen: number;
  readonly notInspected: number;
  /** The input does not hold what decides. */
  readonly unknown: number;
}

/** Web application firewalls of one environment. */
export interface Inspection {
  readonly environment: string;
  /** Products that take part, or look as if they did. */
  readonly products: readonly string[];
  readonly routes: InspectionCounts;
  readonly workloads: InspectionCounts;
}

/** Report of one audit, as `meshaudit --format json` writes it. `schemaVersion` changes when a field is removed or changes its meaning; new fields may come at any time. */
export interface JsonReport {
  readonly schemaVersion: 1;
  /** Program that wrote the report. */
  readonly tool: {
    readonly name: 'meshaudit';
    readonly version: string;
  };
  readonly summary: Summary;
  /** Every environment that was audited, by itself. */
  readonly environments: readonly Environment[];
  readonly inputs: Inputs;
  /** Every check that ran, in the order of the catalogue. */
  readonly checks: readonly Check[];
  /** Sorted by file, line, column and check id; suppressed ones included. */
  readonly findings: readonly Finding[];
  /** What no check could judge, and for want of what. */
  readonly undecided: readonly Undecided[];
  /** The frameworks that were asked for, control by control; absent when none was. */
  readonly frameworks?: readonly Framework[];
  /** How much of every environment web application firewalls inspect, as far as its manifests show. */
  readonly inspection?: readonly Inspection[];
}
