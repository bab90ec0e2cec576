import type { JsonObject } from '#documents/json.js';
import { effectivePolicies } from '#policy/effective-policies.js';
import { agentsOf } from '#policy/waf/agent.js';
import { frontsOf } from '#policy/waf/front/fronts.js';
import { wafObjects } from '#policy/waf/objects.js';
import { WAF_PRODUCTS } from '#policy/waf/products.js';
import { injectedProducts } from '#policy/waf/recognise.js';
import { meshOf } from '../../mesh/mesh-of.js';
import { asText, deployment, object } from '../manifests.js';

/** Products of which something is in the input, whatever it is worth. */
export function productsIn(parts: readonly JsonObject[]): readonly string[] {
  const mesh = meshOf(asText(parts), { scope: 'partial' });
  const context = { mesh, policies: effectivePolicies(mesh), products: WAF_PRODUCTS };
  const found = [
    ...wafObjects(context),
    ...mesh.workloads.flatMap((workload) => [
      ...agentsOf(context, workload),
      ...injectedProducts(mesh, WAF_PRODUCTS, workload),
    ]),
    ...frontsOf(context).all,
  ];
  return [...new Set(found.map(({ product }) => product.id))].sort();
}

const google = 'type.googleapis.com/';

export function patch(value: JsonObject, applyTo = 'HTTP_FILTER'): JsonObject {
  const inserts = applyTo === 'HTTP_FILTER';
  return {
    applyTo,
    match: inserts
      ? {
          context: 'GATEWAY',
          listener: { filterChain: { filter: { name: 'envoy.filters.network.http_connection_manager' } } },
        }
      : {},
    patch: { operation: inserts ? 'INSERT_BEFORE' : 'ADD', value },
  };
}

export const envoyFilter = (...patches: readonly JsonObject[]): JsonObject =>
  object('networking.istio.io/v1alpha3/EnvoyFilter', 'istio-system/a', { configPatches: patches });

export const filter = (type: string, config: JsonObject, name = 'a'): JsonObject =>
  envoyFilter(patch({ name, typed_config: { '@type': `${google}${type}`, ...config } }));

export const authz = (service: JsonObject): JsonObject =>
  filter('envoy.extensions.filters.http.ext_authz.v3.ExtAuthz', { grpc_service: service });

export const processor = (service: JsonObject): JsonObject =>
  filter('envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor', { grpc_service: service });

export const cluster = (name: string): JsonObject => ({ envoy_grpc: { cluster_name: name } });

export const address = (uri: string): JsonObject => ({ google_grpc: { target_uri: uri } });

export const lua = (code: string): JsonObject =>
  filter('envoy.extensions.filters.http.lua.v3.Lua', { inlineCode: code });

export const golang = (id: string): JsonObject =>
  filter('envoy.extensions.filters.http.golang.v3alpha.Config', {
    library_id: id,
    library_path: `/lib/${id}.so`,
    plugin_name: id,
  });

export const plugin = (url: string): JsonObject =>
  object('extensions.istio.io/v1alpha1/WasmPlugin', 'istio-system/a', { url });

/** Pods with a container beside the application. */
export function pod(image: string, env: JsonObject = {}, more: JsonObject = {}): JsonObject {
  const variables = Object.entries(env).map(([name, value]) => ({ name, value: value ?? '' }));
  return deployment('shop/a', { spec: { containers: [{ name: 'c', image, env: variables, ...more }] } });
}

export const custom = (api: string, spec: JsonObject = {}): JsonObject => object(api, 'shop/a', spec);

export const ingress = (annotations: JsonObject): JsonObject =>
  object('networking.k8s.io/v1/Ingress', 'shop/a', {}, { annotations });

export const configMap = (data: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'controller', namespace: 'ingress-nginx' },
  data,
});

export const struct = (url: string, value: JsonObject): JsonObject =>
  filter('udpa.type.v1.TypedStruct', { type_url: `${google}${url}`, value });

export const uri = (text: string): JsonObject => ({
  config: { vm_config: { code: { remote: { http_uri: { uri: text, cluster: 'x' } } } } },
});

export const wasmType = 'envoy.extensions.filters.http.wasm.v3.Wasm';

export const discovered = envoyFilter(
  patch({
    name: 'modsec',
    config_discovery: { config_source: { ads: {} }, type_urls: [`${google}${wasmType}`] },
  }),
  patch(
    {
      name: 'modsec',
      typed_config: {
        '@type': `${google}${wasmType}`,
        ...uri('https://example.org/basemodsec.wasm'),
      },
    },
    'EXTENSION_CONFIG',
  ),
);

export const wall = (value: string): JsonObject => ({ 'haproxy-ingress.github.io/waf': value });
