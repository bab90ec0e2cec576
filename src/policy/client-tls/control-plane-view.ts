import type { Resource } from '#documents/document.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { uniqueEvidence } from '#policy/attached-policies.js';
import type { Decision, MissingEvidence } from '#policy/decision.js';
import { istiodFlag } from '#policy/istiod-flag.js';
import type { Enrolment } from '#policy/policies.js';
import { keyOf } from '#policy/resource-set.js';
import { revisionVisibility } from '#policy/revision-visibility.js';
import type { ClientTls } from './client-tls.js';
import type { DestinationRule } from './destination-rule.js';
import { meshRoutes } from './mesh-routes.js';
import type { Reads } from './reads.js';
import type { RegistryService } from './registry-service.js';
import { ruleDoubts } from './rule-choice.js';
import { rulePools } from './rule-pools.js';
import type { RulePools } from './rule-pools.js';
import type { InstanceContext, ServiceEndpoint } from './service-endpoint.js';
import { endpointsOf } from './service-endpoints.js';
import { gatewayServices, sidecarServices } from './service-scope.js';
import type { ServiceScope } from './service-scope.js';
import { serviceRegistry } from './service-registry.js';
import type { ServiceRegistry } from './service-registry.js';

/** The rules among which a client's labels choose, and what keeps the choice from being certain. */
export interface FoundRules {
  readonly rules: readonly DestinationRule[];
  readonly doubts: readonly MissingEvidence[];
}

/** What clients of one kind in one namespace with one Sidecar share. */
export interface ClientScope {
  readonly services: ServiceScope;
  readonly rulesFor: (service: RegistryService) => FoundRules;
  /** Answers by destination, rule and what else of a client counts. */
  readonly answers: Map<string, Decision<ClientTls>>;
}

/** The mesh as one control plane knows it. */
export interface ControlPlaneView {
  readonly mesh: Mesh;
  /** Stands for the control plane where visibility is asked. */
  readonly enrolment: Decision<Enrolment>;
  readonly reads: Reads;
  readonly instances: InstanceContext;
  readonly registry: ServiceRegistry;
  readonly rules: RulePools;
  readonly endpoints: (service: RegistryService) => readonly ServiceEndpoint[];
  /** Names by which the endpoints of a service are known. */
  readonly accounts: (service: RegistryService) => readonly string[];
  readonly sendsHbone: boolean;
  readonly prefersHbone: boolean;
  readonly scope: (
    plane: 'sidecar' | 'gateway',
    namespace: string,
    sidecar: Resource | undefined,
  ) => ClientScope;
}

const spiffe = /^spiffe:\/\/[^/]+(\/ns\/[^/]+\/sa\/[^/]+)$/;

/** Each identity under the mesh's other trust domains too (ExpandWithTrustDomains in pkg/spiffe/spiffe.go). */
function withAliases(names: Iterable<string>, aliases: readonly string[]): readonly string[] {
  const all = new Set<string>();
  for (const name of names) {
    all.add(name);
    const rest = spiffe.exec(name)?.[1];
    if (rest !== undefined) for (const alias of aliases) all.add(`spiffe://${alias}${rest}`);
  }
  return [...all].sort();
}

/** Identities of all endpoints of a host and namespace, and the names that its youngest object gives (addServiceAccounts in pilot/pkg/model/push_context.go). */
function accountsOf(
  mesh: Mesh,
  services: readonly RegistryService[],
  endpoints: readonly ServiceEndpoint[],
): readonly string[] {
  const known = endpoints.map(({ account }) => account).filter((account) => account !== '');
  const own = services.at(-1)?.accounts ?? [];
  return withAliases([...known, ...own], mesh.settings.trustDomainAliases);
}

/** What makes a view: the mesh with the control plane's settings, and what workloads are. */
export interface ViewInput {
  readonly mesh: Mesh;
  readonly enrolment: (workload: Workload) => Decision<Enrolment>;
  /** Of a client of the control plane. */
  readonly client: Decision<Enrolment>;
}

/** Builds the view of one control plane; everything in it is worked out when asked for and kept. */
export function controlPlaneView({ mesh, enrolment, client }: ViewInput): ControlPlaneView {
  const reads: Reads = (resource) => revisionVisibility(mesh, resource, client);
  const registry = serviceRegistry(mesh, reads);
  const rules = rulePools(mesh, reads);
  const routesTo = meshRoutes(mesh, reads);
  const ambient = istiodFlag(mesh, 'PILOT_ENABLE_AMBIENT', false);
  const context: InstanceContext = { mesh, enrolment, ambient };
  const collect = endpointsOf(context);
  const together = ({ host, namespace }: RegistryService): readonly RegistryService[] =>
    registry.withHost(host).filter((service) => service.namespace === namespace);
  const endpoints = (service: RegistryService): readonly ServiceEndpoint[] => collect(together(service));
  const accounts = new Map<string, readonly string[]>();
  const scopes = new Map<string, ClientScope>();
  const makeScope = (services: ServiceScope, namespace: string): ClientScope => {
    const kept = new Map<RegistryService, FoundRules>();
    return {
      services,
      rulesFor: (service) =>
        getOrMake(kept, service, () => {
          const found = rules.rulesFor(namespace, service);
          return { rules: found, doubts: uniqueEvidence(ruleDoubts({ mesh, reads }, found)) };
        }),
      answers: new Map(),
    };
  };
  const input = { mesh, registry, routesTo };
  return {
    mesh,
    enrolment: client,
    reads,
    instances: context,
    registry,
    rules,
    endpoints,
    accounts: (service) =>
      getOrMake(accounts, `${service.host}\0${service.namespace}`, () =>
        accountsOf(mesh, together(service), endpoints(service)),
      ),
    sendsHbone: ambient && istiodFlag(mesh, 'PILOT_ENABLE_SENDING_HBONE', true),
    prefersHbone: ambient && istiodFlag(mesh, 'PILOT_PREFER_SENDING_HBONE', false),
    scope: (plane, namespace, sidecar) =>
      getOrMake(scopes, `${plane}\0${namespace}\0${keyOf(sidecar === undefined ? [] : [sidecar])}`, () =>
        makeScope(
          plane === 'gateway'
            ? gatewayServices(input, namespace)
            : sidecarServices(input, namespace, sidecar),
          namespace,
        ),
      ),
  };
}
