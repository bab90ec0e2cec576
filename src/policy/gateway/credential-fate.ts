import type { Resource } from '#documents/document.js';
import { listAt, stringAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import type { MissingEvidence } from '#policy/decision.js';
import type { GatewayServer } from '#policy/policies.js';
import { apiListeners } from './api-gateways.js';
import { credentialsOf, hasServerCertificate } from './credentials.js';
import type { CredentialState } from './credentials.js';
import type { GatewayPods } from './gateway-pods.js';
import type { GatewayConfig, Server } from './server.js';

/** Whether a server gets the certificates that it names. */
export interface CredentialFate {
  /** How many certificates it names. */
  readonly named: number;
  /** Why some do not arrive. */
  readonly reasons: readonly string[];
  readonly missing: readonly MissingEvidence[];
}

const isSame = (server: Server, { resource, at }: GatewayServer): boolean =>
  server.at.resource === resource && server.at.path.join() === at.path.join();

interface Found {
  readonly config: GatewayConfig;
  readonly server: Server;
}

const byResource = new WeakMap<readonly GatewayConfig[], ReadonlyMap<Resource, readonly GatewayConfig[]>>();

/** Configurations of one object; pods may serve very many. */
function configsOf(configs: readonly GatewayConfig[], resource: Resource): readonly GatewayConfig[] {
  const index = getOrMake(byResource, configs, () => {
    const made = new Map<Resource, GatewayConfig[]>();
    for (const config of configs) getOrMake(made, config.resource, () => []).push(config);
    return made;
  });
  return index.get(resource) ?? [];
}

function findIn(configs: readonly GatewayConfig[], wanted: GatewayServer): Found | undefined {
  for (const config of configsOf(configs, wanted.resource)) {
    const server = config.servers.find((one) => isSame(one, wanted));
    if (server !== undefined) return { config, server };
  }
  return undefined;
}

function evidence(states: readonly CredentialState[]): readonly MissingEvidence[] {
  return states.flatMap(({ assumed }) =>
    assumed === undefined ? [] : [{ key: 'credential', text: assumed }],
  );
}

/** A listener of the Gateway API whose certificates do not hold has no server at all. */
function ofListener(mesh: Mesh, wanted: GatewayServer): CredentialFate {
  const { resource, at } = wanted;
  const listener = apiListeners(mesh).find(({ config }) => config.servers.some((one) => isSame(one, wanted)));
  const refs = listAt(resource.object, ...at.path, 'tls', 'certificateRefs');
  const problem = listener?.problem;
  const mayBeGranted = problem?.startsWith('no ReferenceGrant') === true && mesh.scope === 'partial';
  if (problem !== undefined && !mayBeGranted) return { named: refs.length, reasons: [problem], missing: [] };
  const absent = refs.flatMap((ref) => {
    const namespace = stringAt(ref, 'namespace') ?? mesh.namespaceOf(resource);
    const name = stringAt(ref, 'name') ?? '';
    const found = mesh.find('', 'Secret', namespace, name);
    if (found === undefined) return [`Secret ${namespace}/${name}`];
    return hasServerCertificate(found) === undefined ? [`entries of Secret ${namespace}/${name}`] : [];
  });
  const texts = [...(problem === undefined ? [] : [problem]), ...absent];
  return { named: refs.length, reasons: [], missing: texts.map((text) => ({ key: 'credential', text })) };
}

/** What becomes of the certificates of a server at the pods that serve it. */
export function credentialFate(
  mesh: Mesh,
  server: GatewayServer,
  pods: readonly GatewayPods[],
): CredentialFate {
  if (server.api === 'gateway-api') return ofListener(mesh, server);
  const places = pods.flatMap(({ gateways, workload, selectedBy }) => {
    const found = findIn(gateways, server);
    return found === undefined ? [] : [{ ...found, workload, selectedBy }];
  });
  const held = places.filter(({ selectedBy }) => selectedBy === undefined);
  const states = held.flatMap(({ config, server: one, workload }) =>
    credentialsOf(mesh, { workload, config }, one),
  );
  const named = Math.max(0, ...places.map(({ server: one }) => one.tls?.credentials.length ?? 0));
  const reasons = states.flatMap(({ delivered, reason }) =>
    delivered || reason === undefined ? [] : [reason],
  );
  const elsewhere =
    held.length === 0 && places.length > 0
      ? [{ key: 'gateway-pods', text: 'namespace of the gateway pods, and the Secrets in it' }]
      : [];
  return { named, reasons: [...new Set(reasons)], missing: [...elsewhere, ...evidence(states)] };
}
