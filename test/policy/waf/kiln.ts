import type { JsonObject } from '#documents/json.js';
import type { EffectivePolicies } from '#policy/policies.js';
import type { Inspection, InspectionDecision, InspectionGap } from '#policy/waf/inspection.js';
import { gapsOf } from '#policy/waf/verdict.js';
import type { MeshOfOptions } from '../../mesh/mesh-of.js';
import { at, check, cluster, envoyFilter, insert, oven, patch, router } from '../filter-chain/bakery.js';
import { deployment, namespace, object, policiesOf, service, workload } from '../manifests.js';

/** An agent's container that waits for calls on an address. */
export function agent(
  env: Readonly<Record<string, string>> = { SIGSCI_ENVOY_GRPC_ADDRESS: '127.0.0.1:9999' },
  more: JsonObject = {},
): JsonObject {
  const variables = Object.entries(env).map(([name, value]) => ({ name, value }));
  return { name: 'sigsci-agent', image: 'signalsciences/sigsci-agent:latest', env: variables, ...more };
}

const application: JsonObject = {
  name: 'application',
  image: 'registry.example/application:1',
  ports: [{ containerPort: 8080 }],
};

interface OvenOptions {
  readonly containers?: readonly JsonObject[];
  readonly spec?: JsonObject;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ports?: readonly JsonObject[];
}

/** The namespace bakery with its oven behind port 80, its containers beside the application. */
export function bakery({
  containers = [agent()],
  spec,
  annotations,
  ports,
}: OvenOptions = {}): readonly JsonObject[] {
  return [
    namespace('istio-system'),
    namespace('bakery', { 'istio-injection': 'enabled' }),
    deployment('bakery/oven', {
      spec: { containers: [application, ...containers], ...spec },
      ...(annotations === undefined ? {} : { annotations }),
    }),
    service('bakery/oven', ports ?? [{ name: 'http', port: 80, targetPort: 8080 }]),
  ];
}

const complete: MeshOfOptions = { scope: 'complete', stored: true, istioVersion: '1.32.0' };

/** The decisions about objects, all of them stored, on Istio 1.32. */
export function decisions(objects: readonly JsonObject[], options: MeshOfOptions = {}): EffectivePolicies {
  return policiesOf(objects, { ...complete, ...options });
}

/** What is inspected of the oven's requests. */
export function inspection(
  objects: readonly JsonObject[],
  options: MeshOfOptions = {},
  id = oven,
): InspectionDecision {
  const policies = decisions(objects, options);
  return policies.waf.inspection(workload(policies.mesh, id));
}

/** The same where it must be known. */
export function known(objects: readonly JsonObject[], options: MeshOfOptions = {}, id = oven): Inspection {
  const decision = inspection(objects, options, id);
  if (!decision.known) throw new Error(`unknown: ${decision.missing.map(({ text }) => text).join('; ')}`);
  return decision.value;
}

/** `verdict` with the kinds of its gaps, each once, for tables. */
export function told(objects: readonly JsonObject[], options: MeshOfOptions = {}, id = oven): string {
  const decision = inspection(objects, options, id);
  const kinds = [...new Set(gapsOf(decision).map(({ kind }) => kind))].sort().join(' ');
  const verdict = decision.known
    ? decision.value.verdict
    : `unknown(${decision.missing.map(({ key }) => key).join(' ')})`;
  return kinds === '' ? verdict : `${verdict}: ${kinds}`;
}

/** The one gap of a kind; throws when there is none. */
export function gapOfKind(
  objects: readonly JsonObject[],
  kind: InspectionGap['kind'],
  options: MeshOfOptions = {},
): InspectionGap {
  const found = gapsOf(inspection(objects, options)).find((gap) => gap.kind === kind);
  if (found === undefined) throw new Error(`no gap ${kind}`);
  return found;
}

/** A check that sends whole bodies and fails closed. */
export function fullCheck(fields: JsonObject = {}, name = 'envoy.filters.http.ext_authz'): JsonObject {
  return check(name, {
    grpc_service: { envoy_grpc: { cluster_name: 'sigsci-agent-grpc' }, timeout: '0.2s' },
    with_request_body: { max_request_bytes: 8192 },
    ...fields,
  });
}

/** A cluster over HTTP/2 to the agent in the same pod. */
export function agentCluster(port = 9999, fields: JsonObject = {}, address = '127.0.0.1'): JsonObject {
  return cluster('sigsci-agent-grpc', address, port, { http2_protocol_options: {}, ...fields });
}

const selected = { labels: { app: 'oven' } } as const;

interface WafOptions {
  readonly filter?: JsonObject;
  readonly match?: JsonObject;
  readonly cluster?: JsonObject | undefined;
  readonly more?: readonly JsonObject[];
}

/** The EnvoyFilter of a complete integration, or of one with a part that is otherwise. */
export function waf({
  filter = fullCheck(),
  match = at(router),
  more = [],
  ...rest
}: WafOptions = {}): JsonObject {
  const added = 'cluster' in rest ? rest.cluster : agentCluster();
  const clusters =
    added === undefined ? [] : [patch('CLUSTER', 'ADD', added, { context: 'SIDECAR_OUTBOUND' })];
  return envoyFilter('bakery/waf', [insert(filter, match), ...clusters, ...more], selected);
}

/** A WasmPlugin of the oven. */
export function plugin(spec: JsonObject): JsonObject {
  return object('extensions.istio.io/v1alpha1/WasmPlugin', 'bakery/coraza', {
    selector: { matchLabels: { app: 'oven' } },
    url: `oci://ghcr.io/corazawaf/coraza-proxy-wasm@sha256:${'a'.repeat(64)}`,
    ...spec,
  });
}

/** Directives as the plugin's configuration holds them. */
export function rules(...directives: readonly string[]): JsonObject {
  return { pluginConfig: { directives_map: { default: directives }, default_directives: 'default' } };
}
