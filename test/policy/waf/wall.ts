import { stringAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import { effectivePolicies } from '#policy/effective-policies.js';
import type { PublicRoute } from '#policy/waf/inspection.js';
import type { WafProduct } from '#policy/waf/product.js';
import { meshOf } from '../../mesh/mesh-of.js';
import type { MeshOfOptions } from '../../mesh/mesh-of.js';
import { door, gateway, routes, server, simple, to, town, secret } from '../gateway/edge.js';
import { asText, deployment, object } from '../manifests.js';

export const web = to('web.shop.svc.cluster.local:80');

/** A product that shows by a cluster's name, by annotations, by objects. */
export const products: readonly WafProduct[] = [
  {
    id: 'wall',
    name: 'Wall',
    filters: [{ clusters: ['*wall*'] }, { moduleUrls: ['*wall.example/module*'] }],
    agent: { images: ['wall.example/agent'], defaultMode: 'ext_proc', defaultPorts: { ext_proc: 9000 } },
    fronts: [
      {
        on: ['Ingress'],
        annotation: { name: 'wall.example/policy' },
        mode: { annotation: 'wall.example/mode', detects: ['log'], otherwise: 'unseen' },
      },
      {
        kinds: ['cloud.google.com/BackendConfig'],
        field: 'spec.securityPolicy.name',
        covers: 'referring-services',
        referredBy: ['cloud.google.com/backend-config'],
      },
      {
        kinds: ['elbv2.k8s.aws/IngressClassParams'],
        field: 'spec.wafv2AclArn',
        covers: 'ingress-class',
      },
      {
        kinds: ['networking.gke.io/GCPBackendPolicy'],
        field: 'spec.default.securityPolicy',
        covers: 'targets',
      },
    ],
  },
];

export function routesOf(parts: readonly JsonObject[], options: MeshOfOptions = {}): readonly PublicRoute[] {
  const mesh = meshOf(asText(parts), { scope: 'complete', ...options });
  return effectivePolicies(mesh, { wafProducts: products }).waf.routes();
}

export function told({ host, path, port, inspection, workloads, public: open }: PublicRoute): string {
  const verdict = inspection.known ? inspection.value.verdict : 'unknown';
  const ends = workloads.map(({ name }) => name).join('+');
  return `${host}${path ?? ''}:${port ?? ''} -> ${ends} ${verdict}${open ? '' : ' (inside)'}`;
}

export function nameOf(part: JsonObject): string | undefined {
  return stringAt(part, 'metadata', 'name');
}

export function openDoor(type: string, ports?: readonly (readonly [number, number])[]): JsonObject {
  const list = (
    ports ?? [
      [80, 8080],
      [443, 8443],
    ]
  ).map(([port, targetPort]) => ({ port, targetPort, name: `http-${port}` }));
  return object('v1/Service', 'edge/outside', { type, selector: { app: 'door' }, ports: list });
}

export const servers = [server('HTTP', 80, ['*.example']), server('HTTPS', 443, ['shop.example'], simple)];
export const rules = [{ match: [{ uri: { prefix: '/api' } }, { uri: { exact: '/x' } }], ...web }];
export const base = [...town, ...door(), gateway('edge/gw', servers), secret('edge/cert')];
export const shop = [...base, routes('shop/one', ['shop.example'], rules)];

/** A filter of the product at the gateway, with the cluster that it calls. */
export function wall(match: JsonObject = {}): JsonObject {
  const type = 'type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor';
  const value = {
    name: 'envoy.filters.http.ext_proc',
    typed_config: {
      '@type': type,
      grpc_service: { envoy_grpc: { cluster_name: 'outbound|9000||wall.shop.svc.cluster.local' } },
      processing_mode: { request_body_mode: 'STREAMED' },
    },
  };
  const listener = {
    ...match,
    filterChain: { filter: { name: 'envoy.filters.network.http_connection_manager' } },
  };
  const patch = {
    applyTo: 'HTTP_FILTER',
    match: { context: 'GATEWAY', listener },
    patch: { operation: 'INSERT_FIRST', value },
  };
  return object('networking.istio.io/v1alpha3/EnvoyFilter', 'edge/wall', {
    workloadSelector: { labels: { door: 'front' } },
    configPatches: [patch],
  });
}

/** The workload that the filter asks. */
export const agent: readonly JsonObject[] = [
  deployment('shop/wall', { spec: { containers: [{ name: 'wall', image: 'wall.example/agent:1' }] } }),
  object('v1/Service', 'shop/wall', {
    selector: { app: 'wall' },
    ports: [{ name: 'grpc', port: 9000, targetPort: 9000 }],
  }),
];

export const outside = openDoor('LoadBalancer');

export const policy = { 'wall.example/policy': 'strict' };

/** An Ingress to a port of a Service. */
export function ingress(
  place: string,
  annotations: JsonObject,
  to_: { readonly service: string; readonly port: number; readonly host?: string },
): JsonObject {
  const backend = { service: { name: to_.service, port: { number: to_.port } } };
  const rule = {
    host: to_.host ?? 'shop.example',
    http: { paths: [{ path: '/', pathType: 'Prefix', backend }] },
  };
  return object('networking.k8s.io/v1/Ingress', place, { rules: [rule] }, { annotations });
}
