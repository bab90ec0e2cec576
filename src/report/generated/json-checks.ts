// Generated from schemas/checks.json by scripts/generate/report-schema.mjs; do not edit.

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** How sure a finding is when it is raised; `high` follows from Istio's semantics alone. */
export type Confidence = 'high' | 'medium' | 'low';

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

/** What a check shows of a control: `full`: all that it asks of a mesh; `partial`: some of it; `evidence`: it bears on a control that no manifest can prove. */
export type Relation = 'full' | 'partial' | 'evidence';

export interface Message {
  readonly key: string;
  /** With {placeholders}. */
  readonly text: string;
}

/** A check and a control that it is held against; `id` is that of the other side. */
export interface Link {
  readonly id: string;
  readonly relation: Relation;
}

export interface Option {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its value, with the default. */
  readonly schema: Readonly<Record<string, unknown>>;
}

export interface Check {
  readonly id: string;
  readonly family: Family;
  readonly slug: string;
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** The smallest profile that holds it. */
  readonly profile: 'baseline' | 'strict';
  /** What its subjects are. */
  readonly examines: string;
  readonly messages: readonly Message[];
  readonly remediation: string;
  readonly controls: readonly Link[];
  /** Ids of the same condition in other tools. */
  readonly aliases: readonly string[];
  /** What a config can set; absent when there is nothing. */
  readonly options?: readonly Option[];
}

export interface Framework {
  /** `framework` or `framework:baseline`. */
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly url: string;
  readonly baseline?: string;
  /** In the order of the framework. */
  readonly controls: readonly Control[];
}

export interface Control {
  /** `framework/clause`. */
  readonly id: string;
  readonly clause: string;
  /** A short label, not the text of the clause. */
  readonly title: string;
  readonly checks: readonly Link[];
  /** Why no manifest can prove it; absent when manifests can. */
  readonly beyondManifests?: string;
}

/** The catalogue of checks, as `meshaudit checks --format json` writes it. `schemaVersion` changes when a field is removed or changes its meaning; new fields may come at any time. */
export interface JsonChecks {
  readonly schemaVersion: 1;
  /** Program that wrote the list. */
  readonly tool: {
    readonly name: 'meshaudit';
    readonly version: string;
  };
  /** In the order of the catalogue. */
  readonly checks: readonly Check[];
  /** The frameworks that were asked for; absent when none was. */
  readonly frameworks?: readonly Framework[];
}
