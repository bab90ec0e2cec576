import type { JsonObject } from '#documents/json.js';
import type { Discovered, ServedKind } from './discovery.js';
import { resourceName } from './discovery.js';
import type { SnapshotFile } from './kept-objects.js';
import type { Refusal } from './list-kind.js';

/** Name of the file that says what a snapshot holds, and what it lacks. */
export const manifestName = 'meshaudit-snapshot.json';

/** A kind that may be there and was not read. */
export interface Unlisted {
  readonly group: string;
  /** `*` of a group that is not known further. */
  readonly kind: string;
  /** `authorizationpolicies.security.istio.io`; of a group that is not known further `*.metrics.example`. */
  readonly resource: string;
  readonly reason: Refusal['reason'];
  readonly message: string;
  /** Undefined: in all namespaces. */
  readonly namespace?: string;
}

/** What a reading of a cluster came to. */
export interface Reading {
  /** Version of the API server. */
  readonly kubernetes: string | undefined;
  /** The namespaces that it was limited to; undefined: all. */
  readonly namespaces: readonly string[] | undefined;
  readonly kinds: readonly { readonly kind: ServedKind; readonly objects: number }[];
  readonly unlisted: readonly Unlisted[];
}

/** Groups of which nothing is known, as kinds that were not read. */
export function unlistedGroups({ unknownGroups }: Discovered): readonly Unlisted[] {
  return unknownGroups.map(({ group, message }) => ({
    group,
    kind: '*',
    resource: `*.${group}`,
    reason: 'failed',
    message,
  }));
}

/** The object that travels with the others and says what was read: the mesh takes scope and missing evidence from it. */
export function manifestFile(reading: Reading): SnapshotFile {
  const { kubernetes, namespaces, kinds, unlisted } = reading;
  const manifest: JsonObject = {
    apiVersion: 'meshaudit.io/v1alpha1',
    kind: 'Snapshot',
    metadata: { name: 'cluster' },
    spec: {
      ...(kubernetes === undefined ? {} : { kubernetes }),
      ...(namespaces === undefined ? {} : { namespaces: [...namespaces] }),
      kinds: kinds
        .map(({ kind, objects }) => ({ resource: resourceName(kind), version: kind.version, objects }))
        .sort((a, b) => (a.resource < b.resource ? -1 : 1)),
      unlisted: unlisted
        .map(({ group, kind, resource, reason, message, namespace }) => ({
          ...{ group, kind, resource, reason, message },
          ...(namespace === undefined ? {} : { namespace }),
        }))
        .sort((a, b) =>
          `${a.resource} ${a.namespace ?? ''}` < `${b.resource} ${b.namespace ?? ''}` ? -1 : 1,
        ),
    },
  };
  return { path: manifestName, text: `${JSON.stringify(manifest, null, 2)}\n` };
}
