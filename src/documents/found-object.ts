import type { FieldPath, Problem } from './document.js';
import type { JsonValue } from './json.js';
import type { Slice } from './split-yaml.js';
import type { Source, SourceIdentity } from './read-source.js';

/** Where the text of a value stands, for finding positions in it later. */
export interface TextPlace {
  /** Gives the text of the file again; the same function for all places of one file. */
  readonly reopen: Source['reopen'];
  readonly slice: Slice;
  readonly format: 'yaml' | 'json';
  /** Steps from the root of the slice to the value. */
  readonly prefix: FieldPath;
  /** True when the fast reader understood the text. */
  readonly plain: boolean;
  /** False when the text certainly holds no directive of a strategic merge patch. */
  readonly mayPatch: boolean;
  /** True when the reader has cut already what {@link prune} would cut. */
  readonly cut: boolean;
}

/** A value read from the input, members of Lists each on their own. */
export interface FoundObject {
  readonly value: JsonValue;
  readonly document: number;
  readonly path: FieldPath;
  readonly line: number;
  readonly place: TextPlace;
}

/** What the text of a file shows beside its documents, noted before the text is let go. */
export interface Signs {
  /** True when template actions occur in it. */
  readonly template: boolean;
  /** True when a comment in it may waive a finding. */
  readonly waiver: boolean;
  /** True when a line looks like a part of a Kubernetes object. */
  readonly kubernetes: boolean;
  /** In a file that YAML cannot read throughout: the stretches with template actions. */
  readonly templated: ReadonlySet<Slice>;
  /** True when logs stand between the objects, as `kubectl cluster-info dump` prints them. */
  readonly logs?: boolean;
}

/** A problem and the stretch of text it is about. */
export interface FoundProblem extends Problem {
  readonly slice: Slice | undefined;
}

/** Everything one file holds, before it is known whether the file is a template or a patch. */
export interface FileContent {
  readonly source: SourceIdentity;
  readonly signs: Signs;
  readonly objects: readonly FoundObject[];
  readonly problems: readonly FoundProblem[];
  /** How many documents and List members of each kind were left unread, by kind. */
  readonly unread: ReadonlyMap<string, number>;
  /** Documents in the file, empty ones included. */
  readonly documents: number;
}
