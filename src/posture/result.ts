import type { LoadStats, Problem } from '#documents/document.js';
import type { Assumption, Scope } from '#mesh/mesh.js';
import type { PostureRow } from './row.js';

/** An environment whose workloads are shown. */
export interface SurveyedEnvironment {
  readonly name: string;
  readonly scope: Scope;
  /** Workloads it holds; filters may leave some out of the rows. */
  readonly workloads: number;
  /** As the input shows it. */
  readonly istioVersion: string | undefined;
  readonly assumptions: readonly Assumption[];
}

/** A part of the filter that fits nothing in the input, with the names that it may have meant. */
export interface Unmatched {
  readonly part: 'workload' | 'namespace';
  readonly named: string;
  readonly candidates: readonly string[];
}

/** The posture of workloads; what its reports are made of. */
export interface PostureResult {
  readonly schemaVersion: 1;
  readonly tool: { readonly name: 'meshaudit'; readonly version: string };
  readonly environments: readonly SurveyedEnvironment[];
  readonly inputs: { readonly stats: LoadStats; readonly problems: readonly Problem[] };
  /** By environment in its order, then namespace, kind and name, by code unit. */
  readonly workloads: readonly PostureRow[];
  readonly unmatched: readonly Unmatched[];
}
