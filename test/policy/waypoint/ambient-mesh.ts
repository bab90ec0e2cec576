import type { JsonObject } from '#documents/json.js';
import type { EffectivePolicies } from '#policy/policies.js';
import { decideWaypoint } from '#policy/waypoint/decide-waypoint.js';
import type { WaypointDecision } from '#policy/waypoint/decide-waypoint.js';
import { readAmbientRequest } from '#policy/waypoint/waypoint-request.js';
import type { AmbientRequestOptions } from '#policy/waypoint/waypoint-request.js';
import type { MeshOfOptions } from '../../mesh/mesh-of.js';
import { deployment, namespace, object, policiesOf, service } from '../manifests.js';

type Labels = Readonly<Record<string, string>>;

export const ambient: Labels = { 'istio.io/dataplane-mode': 'ambient' };

/** Labels that ask for a waypoint. */
export function use(name: string, from?: string): Labels {
  const elsewhere = from === undefined ? {} : { 'istio.io/use-waypoint-namespace': from };
  return { 'istio.io/use-waypoint': name, ...elsewhere };
}

interface GatewayOptions {
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly className?: string;
  /** `allowedRoutes.namespaces` of the listener that tunnels end at. */
  readonly from?: JsonObject;
  readonly listeners?: readonly JsonObject[];
  readonly status?: JsonObject;
}

/** A Gateway as people write one for a waypoint. */
export function gateway(place: string, options: GatewayOptions = {}): JsonObject {
  const { labels = {}, annotations = {}, className = 'istio-waypoint', from, status } = options;
  const routes = from === undefined ? {} : { allowedRoutes: { namespaces: from } };
  const tunnel = { name: 'mesh', port: 15_008, protocol: 'HBONE', ...routes };
  const spec = { gatewayClassName: className, listeners: options.listeners ?? [tunnel] };
  const made = object('gateway.networking.k8s.io/v1/Gateway', place, spec, { labels, annotations });
  return status === undefined ? made : { ...made, status };
}

/** An AuthorizationPolicy. */
export function authorization(place: string, spec: JsonObject, metadata: JsonObject = {}): JsonObject {
  return object('security.istio.io/v1/AuthorizationPolicy', place, spec, metadata);
}

export const toGateway = (name: string): JsonObject => ({
  targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name }],
});

export const toService = (name: string): JsonObject => ({
  targetRefs: [{ group: '', kind: 'Service', name }],
});

export const toEntry = (name: string): JsonObject => ({
  targetRefs: [{ group: 'networking.istio.io', kind: 'ServiceEntry', name }],
});

export const toClass = (name = 'istio-waypoint'): JsonObject => ({
  targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'GatewayClass', name }],
});

/** Callers of a namespace, one account of it, and paths, as rules. */
export const fromAccount = (principal: string): JsonObject => ({
  from: [{ source: { principals: [principal] } }],
});
export const toPaths = (...paths: string[]): JsonObject => ({ to: [{ operation: { paths } }] });

/** A Service with a port of each kind: HTTP, TCP, and one whose protocol is detected. */
export function cartService(labels: Labels = {}): JsonObject {
  const ports = [
    { name: 'http', port: 80, targetPort: 8080 },
    { name: 'tcp-db', port: 9000, targetPort: 9001 },
    { name: 'misc', port: 7000, targetPort: 7000 },
  ];
  return service('shop/cart', ports, { labels });
}

/** A shop in ambient mode: one workload with its Service, a Gateway `wp` in the namespace; nothing uses it yet. */
export const shop: readonly JsonObject[] = [
  namespace('istio-system'),
  deployment('shop/cart', { spec: { serviceAccountName: 'cart' } }),
];

/** The shop with a Service that uses the waypoint of its namespace. */
export const shopWithWaypoint: readonly JsonObject[] = [
  ...shop,
  namespace('shop', { ...ambient, ...use('wp') }),
  gateway('shop/wp'),
  cartService(),
];

/** The decisions about the shop with its waypoint and further objects. */
export function shopWith(objects: readonly JsonObject[], options: MeshOfOptions = {}): EffectivePolicies {
  return policiesOf([...shopWithWaypoint, ...objects], options);
}

/** A mesh whose istiod has these environment variables. */
export function istiod(env: Labels): JsonObject {
  const container = {
    name: 'discovery',
    image: 'registry.example/pilot:1.31.0',
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
  };
  const template = { metadata: { labels: { app: 'istiod' } }, spec: { containers: [container] } };
  const spec = { selector: { matchLabels: { app: 'istiod' } }, template };
  return object('apps/v1/Deployment', 'istio-system/istiod', spec);
}

const base: JsonObject = {
  from: { namespace: 'shop', serviceAccount: 'web' },
  ip: '10.0.0.10',
  to: { service: 'shop/cart', port: 80 },
  http: { method: 'GET', path: '/', host: 'cart.shop' },
};

/** A request to the cart; what is not given is a GET of / by an account of the shop. `http: null` sends raw bytes. */
export function ask(
  policies: EffectivePolicies,
  change: JsonObject = {},
  options?: AmbientRequestOptions,
): WaypointDecision {
  const http =
    change['http'] === null
      ? undefined
      : { ...(base['http'] as JsonObject), ...(change['http'] as JsonObject | undefined) };
  const request = readAmbientRequest({ ...base, ...change, http });
  if (typeof request === 'string') throw new Error(request);
  return decideWaypoint(policies, request, options);
}

/** To the pod's own address. */
export const toPod = (port: number): JsonObject => ({ to: { workload: 'shop/Deployment/cart', port } });

/** To a port of the Service. */
export const toPort = (port: number): JsonObject => ({ to: { service: 'shop/cart', port } });

/** Path, verdict, the stage and the rule that denied, and what is behind, in one line. */
export function outcome({ path, verdict, stage, by, behind }: WaypointDecision): string {
  const rule = by && `${by.policy}${by.rule === undefined ? '' : `[${String(by.rule)}]`}`;
  const after = behind && `behind ${behind.verdict}`;
  return [path, verdict, stage, rule, after].filter((part) => part !== undefined).join(' ');
}
