import type { JsonObject } from './json.js';

/** Steps into a parsed document: mapping keys and sequence indexes. */
export type FieldPath = readonly (string | number)[];

/** A place in a file; lines and columns count from 1, columns in UTF-16 units as editors do. */
export interface Location {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** Where a resource stands in the input: enough to find its text again without keeping it. */
export interface Origin {
  /** Path as shown to people: relative to the working directory, `/` as separator, `<stdin>` for `-`. */
  readonly file: string;
  /** Index of the document in its file, from 0, counted as YAML counts. */
  readonly document: number;
  /** `[]` for a document of its own, `['items', 3]` for a member of a List (nested Lists nest the path). */
  readonly path: FieldPath;
  /** Line, from 1, at which the document begins. */
  readonly line: number;
}

/** A Kubernetes object found in the input. */
export interface Resource {
  readonly apiVersion: string;
  /** API group, `''` for the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly name: string;
  /** metadata.namespace as written; undefined when absent or empty. */
  readonly namespace: string | undefined;
  readonly object: JsonObject;
  readonly origin: Origin;
  /** True when the object was read from an API server (uid or resourceVersion), so admission has let it in. */
  readonly stored: boolean;
  /** False for resources given with `--also`: they complete the mesh but are not reported on. */
  readonly reported: boolean;
  /** Set when a kustomization patches it: what stands at these places is not what is applied. */
  readonly patched?: Patched;
}

/** Places of an object that a kustomization's patches write. */
export interface Patched {
  /** File of the kustomization, as shown. */
  readonly by: string;
  readonly paths: readonly FieldPath[];
}

/** A field of a resource: what a decision or a finding points at. */
export interface FieldRef {
  readonly resource: Resource;
  readonly path: FieldPath;
}

/** Why a piece of input could not be read, or was refused. A closed set: people filter on it. */
export type ProblemCode =
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

/** Something that stopped us reading or trusting a part of the input; makes the exit code 2 unless `fatal` is false. */
export interface Problem {
  readonly code: ProblemCode;
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** What is wrong, in one sentence. */
  readonly message: string;
  /** What to do about it, in one sentence. */
  readonly hint?: string;
  /** True when the audit cannot be trusted because of it (exit code 2). */
  readonly fatal: boolean;
}

/** Input that was understood for what it is and left alone on purpose. */
export type SkipReason =
  'helm-template' | 'kustomize-patch' | 'kustomization' | 'not-kubernetes' | 'unread-kind' | 'empty';

/** One line of the "what was not judged" list: e.g. one Helm chart, all its template files counted. */
export interface Skipped {
  readonly reason: SkipReason;
  /** The file, or the folder that a group of files shares (a chart). */
  readonly path: string;
  /** How many files or documents this line stands for. */
  readonly files: number;
  readonly documents: number;
  /** For `unread-kind`: the kind. Else a short word on what it was recognised as. */
  readonly detail?: string;
}

/** What was read, in figures. */
export interface LoadStats {
  readonly files: number;
  readonly bytes: number;
  readonly documents: number;
  readonly resources: number;
}

/** Turns a symbolic place into a concrete one; the nearest existing ancestor when the field is missing. */
export type Locate = (ref: FieldRef) => Location;

/** A patch of a kustomization: the objects that it is for, and the places that it writes. */
export interface KustomizePatch {
  /** Undefined: of any kind, or one that only a pattern tells; likewise the others. */
  readonly kind: string | undefined;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly deletes: boolean;
  /** Steps are text throughout, indexes too; an empty path is the whole object. */
  readonly paths: readonly FieldPath[];
}

/** Labels that a kustomization puts on everything that it takes in. */
export interface KustomizeLabels {
  readonly pairs: Readonly<Record<string, string>>;
  /** True when pod templates get them too. */
  readonly templates: boolean;
  /** True when selectors of workloads and Services get them too. */
  readonly selectors: boolean;
}

/** A kustomization in the input: which folders and files make one environment. */
export interface Kustomization {
  /** Path of the file, as shown. */
  readonly file: string;
  /** Its folder, as shown; `.` for the working directory. */
  readonly directory: string;
  readonly kind: 'Kustomization' | 'Component';
  /** The namespace it puts its resources into, if it sets one. */
  readonly namespace: string | undefined;
  readonly namePrefix: string | undefined;
  readonly nameSuffix: string | undefined;
  /** Files and folders under `resources` and `bases`, as shown paths; remote addresses as written. */
  readonly resources: readonly string[];
  /** Folders under `components`, likewise. */
  readonly components: readonly string[];
  readonly labels?: readonly KustomizeLabels[];
  readonly patches?: readonly KustomizePatch[];
}

/** A part of the input that some tool took from a cluster and laid out in its own way. */
export interface DumpLayout {
  readonly name: string;
  /** The folder, as shown and with a slash at its end, or the file; empty for the working directory. */
  readonly root: string;
  /** `part`: kinds or namespaces are missing by design, so that an absence proves nothing. */
  readonly holds: 'all' | 'part';
  /** True when its objects come from an API server though they do not show it. */
  readonly stored: boolean;
  /** What it is read as and what that means, in one sentence. */
  readonly says: string;
}

/** Everything that came out of reading the input. */
export interface Loaded {
  readonly resources: readonly Resource[];
  readonly problems: readonly Problem[];
  readonly skipped: readonly Skipped[];
  readonly kustomizations: readonly Kustomization[];
  readonly layouts: readonly DumpLayout[];
  readonly stats: LoadStats;
  readonly locate: Locate;
  /** What the comments at a place waive, as written behind `meshaudit:waive`. */
  readonly waiverComments: (at: FieldRef) => readonly string[];
}
