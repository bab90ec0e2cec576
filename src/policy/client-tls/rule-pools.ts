import { stringsAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import { istiodFlag } from '#policy/istiod-flag.js';
import { isAtLeast, istioVersionOf } from '#policy/istio-version.js';
import { backendTlsRules } from './backend-tls-policies.js';
import { readDestinationRule } from './destination-rule.js';
import type { DestinationRule } from './destination-rule.js';
import { mergeRule } from './merge-rules.js';
import type { Reads } from './reads.js';

/** Rules by host, those of one host merged as far as they go together. */
type Pool = Map<string, readonly DestinationRule[]>;

const newPool = (): Pool => new Map();

interface Pools {
  /** Of each namespace: what its own clients look in first. */
  readonly local: ReadonlyMap<string, Pool>;
  /** Of each namespace: what it shows to others. */
  readonly exported: ReadonlyMap<string, Pool>;
  /** What the root namespace keeps to itself. */
  readonly rootLocal: Pool;
}

/**
 * Given rules in creation order: those with a workloadSelector first; what istiod makes itself has no age and goes
 * before what has one (sortConfigBySelectorAndCreationTime in pilot/pkg/model/push_context.go).
 */
function inOrder(rules: readonly DestinationRule[]): readonly DestinationRule[] {
  return [
    ...rules.filter(({ selector }) => selector !== undefined),
    ...rules.filter(({ selector, generated }) => selector === undefined && generated),
    ...rules.filter(({ selector, generated }) => selector === undefined && !generated),
  ];
}

function isLocal({ exportTo, namespace }: DestinationRule): boolean {
  return exportTo.size === 0 || ['*', '.', namespace].some((one) => exportTo.has(one));
}

/** Of the mesh's default only `.` counts; any other means all. */
function isPrivate({ exportTo, namespace }: DestinationRule, byDefault: readonly string[]): boolean {
  if (exportTo.size === 0) return byDefault.includes('.');
  return exportTo.size === 1 && (exportTo.has('.') || exportTo.has(namespace));
}

/** Sorts the rules of a mesh into the pools that clients look in (setDestinationRules in pilot/pkg/model/push_context.go). */
function buildPools(mesh: Mesh, rules: readonly DestinationRule[]): Pools {
  const { rootNamespace, config } = mesh.settings;
  const byDefault = stringsAt(config, 'defaultDestinationRuleExportTo');
  const enhanced = istiodFlag(
    mesh,
    'ENABLE_ENHANCED_DESTINATIONRULE_MERGE',
    isAtLeast(istioVersionOf(mesh, undefined), 24),
  );
  const local = new Map<string, Pool>();
  const exported = new Map<string, Pool>();
  const rootLocal: Pool = new Map();
  const add = (pool: Pool, rule: DestinationRule): void => {
    pool.set(rule.host, mergeRule(pool.get(rule.host) ?? [], rule, enhanced));
  };
  for (const rule of inOrder(rules)) {
    const { namespace } = rule;
    if (isLocal(rule)) add(getOrMake(local, namespace, newPool), rule);
    if (!isPrivate(rule, byDefault)) add(getOrMake(exported, namespace, newPool), rule);
    else if (namespace === rootNamespace) add(rootLocal, rule);
  }
  return { local, exported, rootLocal };
}

/**
 * The rules for the most specific host that covers a name: itself, else the longest wildcard
 * (MostSpecificHostMatch in pilot/pkg/model/config.go).
 */
function mostSpecific(
  pool: ReadonlyMap<string, readonly DestinationRule[]> | undefined,
  host: string,
): readonly DestinationRule[] | undefined {
  if (pool === undefined || pool.size === 0) return undefined;
  const exact = pool.get(host);
  if (exact !== undefined) return exact;
  const tail = host.startsWith('*') ? host.slice(1) : host;
  for (let start = 0; start <= tail.length; start += 1) {
    const found = pool.get(`*${tail.slice(start)}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The DestinationRules of a mesh as clients find them. */
export interface RulePools {
  /** Rules that clients of a namespace may use for a service; which of them, their labels say. */
  readonly rulesFor: (client: string, service: ServiceName) => readonly DestinationRule[];
  readonly all: readonly DestinationRule[];
}

interface ServiceName {
  readonly host: string;
  readonly namespace: string;
}

/**
 * Where a client looks for rules: in its own namespace (in the root namespace: among those it keeps to itself), then
 * among the exported ones of the service's namespace, then of the root namespace; the first place that has any rule
 * for the host ends the search (destinationRule in pilot/pkg/model/push_context.go).
 */
export function rulePools(mesh: Mesh, reads: Reads): RulePools {
  const written = mesh
    .ofKind('networking.istio.io', 'DestinationRule')
    .filter((rule) => reads(rule) !== 'hidden')
    .map((rule) => readDestinationRule(mesh, rule));
  const all = [...backendTlsRules(mesh), ...written];
  const { rootNamespace } = mesh.settings;
  const pools = buildPools(mesh, all);
  const exportedFrom = (owner: string, host: string, client: string): readonly DestinationRule[] =>
    (mostSpecific(pools.exported.get(owner), host) ?? []).filter(
      ({ exportTo }) => exportTo.size === 0 || exportTo.has('*') || exportTo.has(client),
    );
  return {
    all,
    rulesFor: (client, { host, namespace }) => {
      const own = client === rootNamespace ? pools.rootLocal : pools.local.get(client);
      const nearest = mostSpecific(own, host);
      if (nearest !== undefined) return nearest;
      const ofService = exportedFrom(namespace, host, client);
      return ofService.length > 0 ? ofService : exportedFrom(rootNamespace, host, client);
    },
  };
}
