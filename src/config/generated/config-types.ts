// Generated from schemas/config.json by scripts/generate/report-schema.mjs; do not edit.

export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** A choice of checks: those of `base`, with what `add` and without what `drop` names. */
export interface OwnProfile {
  /** What it starts from; `baseline` without it, nothing with `none`. */
  readonly base?: 'baseline' | 'strict' | 'none';
  /** Ids or families of checks. */
  readonly add?: readonly string[];
  /** Ids or families of checks. */
  readonly drop?: readonly string[];
  /** Severity of a check in this profile, by id, instead of its own. */
  readonly severity?: Readonly<Record<string, Severity>>;
}

/** One report. */
export interface Output {
  /** As --format names it. */
  readonly format: string;
  /** Relative to the working directory; standard output without it. */
  readonly file?: string;
}

/** What is true of the cluster though the input does not show it; every report says that it was assumed. */
export interface Assume {
  /** Istio's mesh config, as the ConfigMap istio in the root namespace would hold it. */
  readonly meshConfig?: Readonly<Record<string, unknown>>;
  /** The namespace of the control plane; istio-system without it. */
  readonly rootNamespace?: string;
  /** Namespaces with their labels. */
  readonly namespaces?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Someone's word that findings are accepted: for what, why, by whom, until when. */
export interface Waiver {
  /** Ids or families of checks. */
  readonly checks: readonly string[];
  /** `Kind namespace/name` of the resource to edit or of the subject; * for any run of characters. */
  readonly resource?: string;
  /** Namespace of the resource; * for any run of characters. */
  readonly namespace?: string;
  /** Labels that the resource carries. */
  readonly labels?: Readonly<Record<string, string>>;
  /** One finding, as reports name it. */
  readonly fingerprint?: string;
  /** Environment of the input; * for any run of characters. */
  readonly environment?: string;
  /** Why it is accepted. */
  readonly reason: string;
  /** Who answers for it. */
  readonly owner: string;
  /** The last day on which it counts, YYYY-MM-DD. */
  readonly expires: string;
}

/** The file .meshaudit.yaml: what `meshaudit audit` does in this directory. Options of the command line win over it. */
export interface Config {
  /** Files, directories and globs to audit when the command line names none; relative to this file. */
  readonly paths?: readonly string[];
  /** Paths of resources that complete the mesh but are not reported on. */
  readonly also?: readonly string[];
  /** `complete`: what the input does not hold does not exist. `partial`: it may live elsewhere. */
  readonly scope?: 'partial' | 'complete' | 'auto';
  /** Take every object as one that the API server has let in. */
  readonly stored?: boolean;
  /** Istio's version where the input shows none: `1.27` or `1.27.3`. */
  readonly istioVersion?: string;
  /** Which trees make up which cluster or environment, where folders do not tell. A tree may be part of several. */
  readonly environments?: Readonly<Record<string, readonly string[]>>;
  /** Only these checks: ids or families. */
  readonly select?: readonly string[];
  /** All but these checks: ids or families. */
  readonly ignore?: readonly string[];
  /** `baseline`: what a reviewer would act on. `strict`: every check. Or the name of one under `profiles`. */
  readonly profile?: string;
  /** Profiles of your own, by name. */
  readonly profiles?: Readonly<Record<string, OwnProfile>>;
  /** Frameworks to report on, control by control. */
  readonly frameworks?: readonly string[];
  /** Severity of a check here, by id, instead of its own. */
  readonly severity?: Readonly<Record<string, Severity>>;
  /** Least severity that makes the exit code 1. */
  readonly failOn?: 'critical' | 'high' | 'medium' | 'low' | 'info' | 'never';
  /** Reports to write when the command line names none. */
  readonly outputs?: readonly Output[];
  readonly assume?: Assume;
  /** Findings that are accepted for a while. */
  readonly waivers?: readonly Waiver[];
  /** Files that hold more waivers, relative to this file. */
  readonly waiverFiles?: readonly string[];
  /** A file that --write-baseline has written: what it holds does not count. */
  readonly baseline?: string;
}
