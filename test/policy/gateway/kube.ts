import type { JsonObject } from '#documents/json.js';
import { deployment, object } from '../manifests.js';
import { connect, edge, plainService, said, town } from './edge.js';
import type { Probe } from './edge.js';

export const api = 'gateway.networking.k8s.io/v1';
export const host = 'shop.example';
export const everywhere: JsonObject = { allowedRoutes: { namespaces: { from: 'All' } } };
export const http: JsonObject = { name: 'http', port: 80, protocol: 'HTTP', ...everywhere };

/** The Kubernetes Gateway `edge/gw` of class istio. */
export function kubeGateway(
  listeners: readonly JsonObject[],
  spec: JsonObject = {},
  metadata: JsonObject = {},
): JsonObject {
  return object(`${api}/Gateway`, 'edge/gw', { gatewayClassName: 'istio', listeners, ...spec }, metadata);
}

/** The pod and Service that istiod makes for `edge/gw`. */
export const pod: readonly JsonObject[] = [
  deployment('edge/gw-istio', {
    labels: { 'gateway.networking.k8s.io/gateway-name': 'gw', 'sidecar.istio.io/inject': 'true' },
    annotations: { 'inject.istio.io/templates': 'gateway' },
    spec: { serviceAccountName: 'gw-istio' },
  }),
  plainService('edge/gw-istio', { 'gateway.networking.k8s.io/gateway-name': 'gw' }, [
    [80, 80],
    [443, 443],
    [9000, 9000],
  ]),
];

export const backend = (name: string, port = 80, extra: JsonObject = {}): JsonObject => ({
  backendRefs: [{ name, port, ...extra }],
});

/** A route of the Gateway API at `edge/gw`. */
export function route(
  place: string,
  rules: readonly JsonObject[],
  spec: JsonObject = {},
  { kind = 'HTTPRoute', metadata = {} }: { readonly kind?: string; readonly metadata?: JsonObject } = {},
): JsonObject {
  const parentRefs = [{ name: 'gw', namespace: 'edge' }];
  const version = kind === 'TCPRoute' ? 'gateway.networking.k8s.io/v1alpha2' : api;
  return object(`${version}/${kind}`, place, { parentRefs, rules, ...spec }, metadata);
}

export function grant(place: string, from: JsonObject, to_: JsonObject): JsonObject {
  const spec = { from: [{ group: 'gateway.networking.k8s.io', ...from }], to: [{ group: '', ...to_ }] };
  return object('gateway.networking.k8s.io/v1beta1/ReferenceGrant', place, spec);
}

/** Asks the pod of `edge/gw` in a mesh of the town and the given objects. */
export function askKube(parts: readonly JsonObject[], probe: Probe): string {
  const given: Probe = {
    gateway: 'edge/Deployment/gw-istio',
    port: probe.sni === undefined ? 80 : 443,
    ...probe,
  };
  return said(connect(edge(...town, ...pod, ...parts), given));
}
