import type { FrameworkAssessment } from '#controls/assess.js';
import type { LoadStats, Location, Problem, Skipped } from '#documents/document.js';
import type { Assumption, Scope } from '#mesh/mesh.js';
import type { AdvisoryStanding } from '#policy/installation/known-advisories.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { InspectionCoverage } from '#policy/waf/coverage.js';
import type { CheckMeta } from './define-check.js';
import type { Family } from './families.js';
import type { Confidence, Severity } from './verdict.js';

/** A subject as a report names it. */
export interface ReportedSubject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly location: Location | undefined;
}

export interface RelatedLocation {
  readonly location: Location;
  readonly note: string;
}

/** Why a finding does not count: kept in the report, shown as suppressed. */
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
  readonly location: Location;
  /** The resource at the location: `Kind namespace/name`. */
  readonly resource: string;
  /** Sorted by namespace, kind, name. */
  readonly subjects: readonly ReportedSubject[];
  readonly related: readonly RelatedLocation[];
  /** The same while check, message, resource and field are the same: survives moved lines, reformatting, renamed files. */
  readonly fingerprint: string;
  /** Names of the environments it was found in; `['']` when the input holds one. */
  readonly environments: readonly string[];
  readonly suppression?: Suppression;
}

/** What could not be decided, and for want of what. */
export interface Undecided {
  readonly checkId: string;
  readonly missing: readonly MissingEvidence[];
  readonly subjects: readonly ReportedSubject[];
  readonly environments: readonly string[];
}

/** How many subjects a check judged, and how. */
export interface CheckOutcome {
  readonly id: string;
  readonly family: Family;
  readonly slug: string;
  readonly meta: CheckMeta;
  readonly pass: number;
  readonly fail: number;
  readonly unknown: number;
  readonly notApplicable: number;
  readonly error: number;
  /** Why subjects were not applicable, most frequent first; or, with no subject at all, what there is none of. */
  readonly reasons: readonly string[];
}

/** One environment that was audited. */
export interface AuditedEnvironment {
  readonly name: string;
  readonly scope: Scope;
  readonly namespaces: number;
  readonly workloads: number;
  readonly services: number;
  readonly policies: number;
  readonly istioVersion: string | undefined;
  readonly assumptions: readonly Assumption[];
}

/** A security bulletin of Istio that names the release of a control plane, or may. */
export interface Bulletin {
  readonly id: string;
  readonly date: string;
  /** CVSS base score as the bulletin prints it. */
  readonly score?: number;
  readonly cves: readonly string[];
  /** The configuration that is exposed. */
  readonly exposure: string;
  readonly standing: AdvisoryStanding;
}

/** What bulletins say of one control plane. */
export interface ControlPlaneAdvisories {
  readonly environment: string;
  readonly revision: string;
  readonly namespace: string;
  /** The resource that shows it: `Deployment istio-system/istiod`. */
  readonly resource: string;
  /** As written; undefined where the input does not show it. */
  readonly version: string | undefined;
  /** The first release of its line that no bulletin names. */
  readonly fixedIn: string | undefined;
  readonly bulletins: readonly Bulletin[];
}

/** How much of an environment web application firewalls inspect. */
export interface EnvironmentInspection extends InspectionCoverage {
  readonly environment: string;
}

/** Everything an audit says; what reports are made of. */
export interface AuditResult {
  readonly schemaVersion: 1;
  readonly tool: {
    readonly name: 'meshaudit';
    readonly version: string;
    /** Where people find the project, where it has a place. */
    readonly homepage?: string;
  };
  readonly environments: readonly AuditedEnvironment[];
  readonly inputs: {
    readonly stats: LoadStats;
    readonly skipped: readonly Skipped[];
    readonly problems: readonly Problem[];
  };
  readonly checks: readonly CheckOutcome[];
  /** Sorted by file, line, column, check id, by code unit. */
  readonly findings: readonly Finding[];
  readonly undecided: readonly Undecided[];
  /** Of every control plane in the input. */
  readonly advisories?: readonly ControlPlaneAdvisories[];
  /** Of every environment, as far as its manifests show. */
  readonly inspection?: readonly EnvironmentInspection[];
  /** The frameworks that were asked for, control by control. */
  readonly frameworks?: readonly FrameworkAssessment[];
}
