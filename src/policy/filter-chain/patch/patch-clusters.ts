import type { FieldRef } from '#documents/document.js';
import type { JsonObject } from '#documents/json.js';
import { nameOf } from '#policy/filter-chain/envoy-model.js';
import { mergeMessage } from '#policy/filter-chain/message/merge-message.js';
import { inContext, merges, PatchPanic, valueOf } from './patch.js';
import type { Patch, PatchContext } from './patch.js';
import type { Patching } from './patch-filters.js';

/** A cluster that patches brought or changed. */
export interface ClusterModel {
  readonly name: string;
  readonly config: JsonObject;
  /** `renamed`: one of istiod's under a name that none of them has. */
  readonly origin: 'added' | 'changed' | 'renamed';
  readonly by: FieldRef;
}

/** Clusters after patching. */
export interface PatchedClusters {
  /** By name: of several of one name the first counts (normalizeClusters in pilot/pkg/networking/core/cluster_builder.go). */
  readonly clusters: ReadonlyMap<string, ClusterModel>;
  /** Names of istiod's clusters that patches took away or renamed. */
  readonly isGone: (name: string) => boolean;
  readonly panics: readonly PatchPanic[];
}

/** What istiod makes by itself, as far as patches of clusters ask. */
export interface ClusterBase {
  readonly exists: (name: string) => boolean;
  /** Hosts of the Services behind an inbound cluster. */
  readonly inboundHosts: (port: number) => readonly string[];
}

interface Parts {
  readonly direction: string;
  readonly port: number;
  readonly subset: string;
  readonly host: string;
}

function partsOf(name: string): Parts {
  const [direction = '', port = '', subset = '', host = ''] = name.includes('|') ? name.split('|') : [];
  return { direction, port: /^\d+$/.test(port) ? Number(port) : 0, subset, host };
}

/** The context in which a cluster is patched. */
function contextOf(name: string, kind: 'sidecar' | 'gateway'): PatchContext {
  if (kind === 'gateway') return 'GATEWAY';
  return name.startsWith('inbound|') || name === 'InboundPassthroughCluster'
    ? 'SIDECAR_INBOUND'
    : 'SIDECAR_OUTBOUND';
}

/** clusterMatch in pilot/pkg/networking/core/envoyfilter/cluster_patch.go. */
function clusterMatch(name: string, { cluster: match }: Patch, base: ClusterBase): boolean {
  if (match === undefined) return true;
  if (match.name !== '') return match.name === name;
  const { direction, port, subset, host } = partsOf(name);
  if (match.subset !== '' && match.subset !== subset) return false;
  const inbound = direction === 'inbound' ? base.inboundHosts(port) : [];
  const hosts = inbound.length > 0 ? inbound : [host];
  if (match.service !== '' && !hosts.includes(match.service)) return false;
  return match.portNumber === 0 || match.portNumber === port;
}

interface Patched {
  readonly name: string;
  readonly config: JsonObject;
  readonly by: FieldRef | undefined;
}

/** What the merging and removing patches make of one of istiod's clusters; undefined: it is removed (ApplyClusterMerge). */
function patchOne(
  name: string,
  { patchesFor, applied }: Patching,
  where: { readonly context: PatchContext; readonly base: ClusterBase },
): Patched | undefined {
  let patched: Patched = { name, config: { name }, by: undefined };
  for (const patch of patchesFor('CLUSTER')) {
    const meets = inContext(patch, where.context) && clusterMatch(patched.name, patch, where.base);
    if (!meets) continue;
    if (patch.operation === 'REMOVE') {
      applied(patch);
      return undefined;
    }
    if (!merges(patch)) continue;
    const value = valueOf(patch);
    const replacesLists = patch.operation === 'MERGE_AND_REPLACE_LIST';
    const config = mergeMessage(patched.config, value, {
      type: 'envoy.config.cluster.v3.Cluster',
      replacesLists,
    });
    patched = { name: nameOf(config), config, by: patch.at };
    applied(patch);
  }
  return patched;
}

function contexts(kind: 'sidecar' | 'gateway'): readonly PatchContext[] {
  return kind === 'gateway' ? ['GATEWAY'] : ['SIDECAR_OUTBOUND', 'SIDECAR_INBOUND'];
}

/** InsertedClusters: without a context for outbound and gateways only, which a sidecar's filters reach all the same. */
function insertedClusters(patching: Patching, context: PatchContext): readonly Patch[] {
  return patching
    .patchesFor('CLUSTER')
    .filter(
      (patch) =>
        patch.operation === 'ADD' &&
        inContext(patch, context) &&
        !(patch.context === 'ANY' && context === 'SIDECAR_INBOUND'),
    );
}

/** Applies the patches of clusters. `names` are istiod's own that are asked about; the rest is not looked at. */
export function patchClusters(
  patching: Patching,
  proxy: {
    readonly kind: 'sidecar' | 'gateway';
    readonly base: ClusterBase;
    readonly names: () => readonly string[];
  },
): PatchedClusters {
  const { kind, base, names } = proxy;
  const clusters = new Map<string, ClusterModel>();
  const gone = new Map<string, boolean>();
  const panics: PatchPanic[] = [];
  const attempt = (run: () => void): void => {
    try {
      run();
    } catch (error) {
      if (!(error instanceof PatchPanic)) throw error;
      panics.push(error);
    }
  };
  const changes = patching
    .patchesFor('CLUSTER')
    .some((patch) => patch.operation === 'REMOVE' || merges(patch));
  const patchOwn = (name: string): Patched | undefined => {
    if (!changes) return { name, config: { name }, by: undefined };
    let patched: Patched | undefined = { name, config: { name }, by: undefined };
    attempt(() => {
      patched = patchOne(name, patching, { context: contextOf(name, kind), base });
    });
    return patched;
  };
  for (const name of changes ? names() : []) {
    const patched = patchOwn(name);
    gone.set(name, patched?.name !== name);
    if (patched?.by === undefined || clusters.has(patched.name)) continue;
    clusters.set(patched.name, {
      name: patched.name,
      config: patched.config,
      origin: patched.name === name || base.exists(patched.name) ? 'changed' : 'renamed',
      by: patched.by,
    });
  }
  for (const context of contexts(kind))
    for (const patch of insertedClusters(patching, context))
      attempt(() => {
        const config = valueOf(patch);
        const name = nameOf(config);
        const taken = clusters.has(name) || (base.exists(name) && patchOwn(name)?.name === name);
        if (taken) return;
        clusters.set(name, { name, config, origin: 'added', by: patch.at });
        patching.applied(patch);
      });
  const isGone = (name: string): boolean => gone.get(name) ?? (changes && patchOwn(name)?.name !== name);
  return { clusters, isGone, panics };
}
