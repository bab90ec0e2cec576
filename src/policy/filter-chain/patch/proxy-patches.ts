import { RE2JS } from 're2js';
import type { Resource } from '#documents/document.js';
import { stringAt } from '#documents/json.js';
import { compareText, createdAt } from '#mesh/creation-order.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { attachedPolicies } from '#policy/attached-policies.js';
import type { Decision, MissingEvidence } from '#policy/decision.js';
import { interceptionOf } from '#policy/interception.js';
import { istioVersionOf } from '#policy/istio-version.js';
import { proxyMetadataOf } from '#policy/proxy-metadata.js';
import { keyOf } from '#policy/resource-set.js';
import type { Enrolment } from '#policy/policies.js';
import { revisionVisibility } from '#policy/revision-visibility.js';
import type { Patch, SkippedPatch } from './patch.js';
import { isHeld, priorityOf, readPatches } from './read-patches.js';

/** The patches of a proxy in the order in which istiod applies them. */
export interface ProxyPatches {
  readonly patches: readonly Patch[];
  /** The same for proxies with the same patches. */
  readonly key: string;
  /** Patches whose proxy match leaves this proxy out. */
  readonly otherProxies: ReadonlySet<Patch>;
  /** All of the selected objects, in order, those left out included. */
  readonly all: readonly (Patch | SkippedPatch)[];
  readonly missing: readonly MissingEvidence[];
}

const longestVersion = 1024;

const expressions = new Map<string, RE2JS | undefined>();

/** Text that is no regular expression is left aside, which makes every version match (convertToEnvoyFilterWrapper). */
function expressionOf(text: string): RE2JS | undefined {
  if (expressions.has(text)) return expressions.get(text);
  let expression: RE2JS | undefined;
  try {
    expression = RE2JS.compile(text);
  } catch {
    expression = undefined;
  }
  expressions.set(text, expression);
  return expression;
}

/** The proxy's version as it tells istiod: that of its control plane, the line's first release where only the line is known. */
function proxyVersion(mesh: Mesh, enrolment: Decision<Enrolment>): string {
  const revision = enrolment.known ? enrolment.value.revision : undefined;
  const { versions, toldVersion, defaultRevision } = mesh.settings;
  const name = revision ?? defaultRevision;
  const shown = Object.values(versions);
  const own = Object.hasOwn(versions, name) ? versions[name] : shown.length === 1 ? shown[0] : toldVersion;
  const { major, minor } = istioVersionOf(mesh, revision);
  const text = own ?? '';
  return /^v?\d+\.\d+\.\d+/.test(text) ? text.replace(/^v/, '') : `${major}.${minor}.0`;
}

interface Proxy {
  readonly mesh: Mesh;
  readonly workload: Workload;
  readonly enrolment: Decision<Enrolment>;
}

/**
 * The name of the proxy's cluster, which the charts give istiod and the injector alike (`Kubernetes` where none is chosen);
 * undefined where that may stand outside the input.
 */
function clusterId({ scope, settings: { env, injector } }: Mesh): string | undefined {
  const own = Object.hasOwn(env, 'CLUSTER_ID') ? (env['CLUSTER_ID'] ?? '') : '';
  const chosen = stringAt(injector, 'values', 'global', 'multiCluster', 'clusterName') ?? '';
  const name = [own, chosen].find((one) => one !== '');
  return name ?? (scope === 'complete' ? 'Kubernetes' : undefined);
}

/** What the proxy says of itself, as far as the input shows it. */
function metadataOf(proxy: Proxy, key: string): string | undefined {
  const { mesh, workload, enrolment } = proxy;
  const own: Readonly<Record<string, string>> = {
    ISTIO_VERSION: proxyVersion(mesh, enrolment),
    NAMESPACE: workload.namespace,
    SERVICE_ACCOUNT: workload.serviceAccount,
    WORKLOAD_NAME: workload.name,
    INTERCEPTION_MODE: interceptionOf(mesh, workload).mode,
  };
  if (Object.hasOwn(own, key)) return own[key];
  const set = proxyMetadataOf(proxy, `ISTIO_META_${key}`);
  const text = set.known ? set.value?.text : undefined;
  return key === 'CLUSTER_ID' ? (text ?? clusterId(mesh)) : text;
}

/** proxyMatch in pilot/pkg/model/envoyfilter.go. */
function matchesProxy({ proxy: match }: Patch, proxy: Proxy): boolean {
  if (match === undefined) return true;
  const { proxyVersion: wanted, metadata } = match;
  if (wanted.length > longestVersion) return false;
  const expression = wanted === '' ? undefined : expressionOf(wanted);
  const version = proxyVersion(proxy.mesh, proxy.enrolment);
  if (expression !== undefined && !expression.matcher(version).find()) return false;
  return Object.entries(metadata).every(([key, value]) => {
    const text = metadataOf(proxy, key);
    // A patch for one of several clusters is written for the one that the input is of.
    return text === undefined && key === 'CLUSTER_ID' ? proxy.mesh.scope === 'partial' : text === value;
  });
}

interface Placed {
  readonly resource: Resource;
  readonly priority: number;
  readonly isRoot: boolean;
  readonly created: number;
  readonly name: string;
}

/** Priority, the root namespace first, age, then `name.namespace` (EnvoyFilters in pilot/pkg/model/push_context.go). */
function inOrder(mesh: Mesh, objects: readonly Resource[]): readonly Resource[] {
  const placed = objects.map((resource): Placed => {
    const namespace = mesh.namespaceOf(resource);
    return {
      resource,
      priority: priorityOf(resource),
      isRoot: namespace === mesh.settings.rootNamespace,
      created: createdAt(resource),
      name: `${resource.name}.${namespace}`,
    };
  });
  placed.sort((a, b) => {
    if (a.priority !== b.priority) return a.priority - b.priority;
    if (a.isRoot !== b.isRoot) return a.isRoot ? -1 : 1;
    if (a.created !== b.created) return a.created < b.created ? -1 : 1;
    return compareText(a.name, b.name);
  });
  return placed.map(({ resource }) => resource);
}

const orders = new WeakMap<Mesh, Map<string, readonly Resource[]>>();

/** The EnvoyFilters that select a proxy, and their patches, one object left out where asked. */
export function proxyPatches(proxy: Proxy, without?: Resource): ProxyPatches {
  const { mesh, workload, enrolment } = proxy;
  const attached = attachedPolicies(mesh, {
    kind: { group: 'networking.istio.io', kind: 'EnvoyFilter' },
    target: workload,
    namespaces: [mesh.settings.rootNamespace, workload.namespace],
    visibilityOf: (policy) => revisionVisibility(mesh, policy, enrolment),
  });
  const objects = attached.policies.filter((each) => each !== without);
  const key = keyOf(objects);
  const sorted = getOrMake(
    getOrMake(orders, mesh, () => new Map<string, readonly Resource[]>()),
    key,
    () => inOrder(mesh, objects),
  );
  const all = sorted.flatMap(readPatches);
  const held = all.filter(isHeld);
  const otherProxies = new Set(held.filter((patch) => !matchesProxy(patch, proxy)));
  const leftOut = held.flatMap((patch, index) => (otherProxies.has(patch) ? [index] : []));
  return {
    key: `${key}-${leftOut.join(',')}`,
    patches: otherProxies.size === 0 ? held : held.filter((patch) => !otherProxies.has(patch)),
    otherProxies,
    all,
    missing: attached.missing,
  };
}
