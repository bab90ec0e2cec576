import type { FieldPath, Resource } from '#documents/document.js';
import { objectAt, stringAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { containsAll } from '#mesh/string-map.js';
import type { StringMap } from '#mesh/string-map.js';
import type { Decision } from './decision.js';
import type { Enrolment, MtlsMode } from './policies.js';
import { oldestOf, vacant } from './precedence.js';
import type { Level } from './precedence.js';
import { policySelectorOf, selectsAll } from './policy-selector.js';
import { revisionVisibility } from './revision-visibility.js';

/** The PeerAuthentication that counts at each level for one workload. */
export interface PeerAuthentications {
  readonly workload: Level;
  readonly namespace: Level;
  readonly mesh: Level;
  /** The two wider levels again, counting only policies that have no `selector` field: parts of ambient mode look there. */
  readonly strictly: { readonly namespace: Level; readonly mesh: Level };
}

/** A mode that a policy sets, and the field that does. */
export interface SetMode {
  readonly mode: MtlsMode;
  readonly path: FieldPath;
}

const modes: ReadonlyMap<string, MtlsMode> = new Map([
  ['STRICT', 'STRICT'],
  ['PERMISSIVE', 'PERMISSIVE'],
  ['DISABLE', 'DISABLE'],
]);

/** The mode a policy sets for all ports; undefined when it is unset, which means "as one level up". */
export function policyMode(policy: Resource): SetMode | undefined {
  const mode = modes.get(stringAt(policy.object, 'spec', 'mtls', 'mode') ?? '');
  return mode && { mode, path: ['spec', 'mtls', 'mode'] };
}

/** The modes a policy sets for single pod ports, unset ones left out. */
export function portModes(policy: Resource): ReadonlyMap<number, SetMode> {
  const found = new Map<number, SetMode>();
  for (const port of Object.keys(objectAt(policy.object, 'spec', 'portLevelMtls') ?? {})) {
    const mode = modes.get(stringAt(policy.object, 'spec', 'portLevelMtls', port, 'mode') ?? '');
    if (mode && /^[1-9]\d*$/.test(port))
      found.set(Number(port), { mode, path: ['spec', 'portLevelMtls', port, 'mode'] });
  }
  return found;
}

function isSelectorless(policy: Resource): boolean {
  return selectsAll(policySelectorOf(policy));
}

/** True when a policy has no `selector` field: `selector: {}` selects no labels either, but is one. */
export function lacksSelector(policy: Resource): boolean {
  return policySelectorOf(policy).labels === undefined;
}

/** What counts for every workload of a namespace alike. */
interface WideLevels {
  readonly loose: Level;
  /** Counting only policies without a `selector` field. */
  readonly strict: Level;
}

interface NamespaceIndex {
  readonly selectorless: readonly Resource[];
  readonly selecting: ReadonlyMap<Workload, readonly Resource[]>;
  /** By revision of the control plane that reads them. */
  readonly wide: Map<string | undefined, WideLevels>;
}

function indexNamespace(mesh: Mesh, namespace: string): NamespaceIndex {
  const all = mesh.inNamespace(group, 'PeerAuthentication', namespace);
  const selecting = new Map<Workload, Resource[]>();
  for (const policy of all) {
    const { labels } = policySelectorOf(policy);
    if (labels === undefined || isSelectorless(policy)) continue;
    for (const workload of mesh.workloadsMatching(namespace, labels))
      getOrMake(selecting, workload, () => []).push(policy);
  }
  return { selectorless: all.filter(isSelectorless), selecting, wide: new Map() };
}

const group = 'security.istio.io';

const indexes = new WeakMap<Mesh, Map<string, NamespaceIndex>>();

function indexOf(mesh: Mesh, namespace: string): NamespaceIndex {
  const ofMesh = getOrMake(indexes, mesh, () => new Map<string, NamespaceIndex>());
  return getOrMake(ofMesh, namespace, () => indexNamespace(mesh, namespace));
}

/** The levels for a place of which these policies select by labels, given oldest first. */
function levelsIn(
  mesh: Mesh,
  namespace: string,
  { selecting, enrolment }: { selecting: readonly Resource[]; enrolment: Decision<Enrolment> },
): PeerAuthentications {
  const level = (policies: readonly Resource[]): Level =>
    oldestOf(mesh, policies, (policy) => revisionVisibility(mesh, policy, enrolment));
  const revision = enrolment.known ? enrolment.value.revision : undefined;
  const wideIn = (place: string): WideLevels => {
    const { selectorless, wide } = indexOf(mesh, place);
    return getOrMake(wide, revision, () => ({
      loose: level(selectorless),
      strict: level(selectorless.filter(lacksSelector)),
    }));
  };
  const root = mesh.settings.rootNamespace;
  const meshWide = wideIn(root);
  if (namespace === root) {
    const strictly = { namespace: vacant, mesh: meshWide.strict };
    return { workload: vacant, namespace: vacant, mesh: meshWide.loose, strictly };
  }
  const namespaceWide = wideIn(namespace);
  return {
    workload: level(selecting),
    namespace: namespaceWide.loose,
    mesh: meshWide.loose,
    strictly: { namespace: namespaceWide.strict, mesh: meshWide.strict },
  };
}

/**
 * The PeerAuthentication of each level that applies to a workload: mesh-wide from the root namespace, namespace-wide
 * and workload-specific from its own. At each level the oldest counts, whole; policies with a selector in the root
 * namespace count nowhere (ComposePeerAuthentication in pilot/pkg/security/authn/policy_applier.go,
 * getConfigsForWorkload in pilot/pkg/model/authentication.go).
 */
export function peerAuthenticationsOf(
  mesh: Mesh,
  workload: Workload,
  enrolment: Decision<Enrolment>,
): PeerAuthentications {
  const { namespace } = workload;
  const selecting = indexOf(mesh, namespace).selecting.get(workload) ?? [];
  return levelsIn(mesh, namespace, { selecting, enrolment });
}

/** The same for an address that is no workload, with the labels that it is given; without labels for the namespace as a whole. */
export function peerAuthenticationsFor(
  mesh: Mesh,
  { namespace, labels }: { readonly namespace: string; readonly labels: StringMap },
  enrolment: Decision<Enrolment>,
): PeerAuthentications {
  const policies =
    Object.keys(labels).length === 0 ? [] : mesh.inNamespace(group, 'PeerAuthentication', namespace);
  const selecting = policies.filter((policy) => {
    const selector = policySelectorOf(policy).labels;
    return selector !== undefined && !isSelectorless(policy) && containsAll(labels, selector);
  });
  return levelsIn(mesh, namespace, { selecting, enrolment });
}
