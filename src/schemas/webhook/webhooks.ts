import type { JsonObject } from '#documents/json.js';
import { propertySchema } from '#schemas/structural.js';
import { annotationErrors } from './annotations.js';
import { authorizationPolicy } from './authorization-policy.js';
import { DecodeError, decodeSpec } from './decode-spec.js';
import { destinationRule } from './destination-rule.js';
import { trafficExtension, wasmPlugin } from './extension.js';
import { gateway } from './gateway.js';
import { peerAuthentication } from './peer-authentication.js';
import { proxyConfig } from './proxy-config.js';
import { requestAuthentication } from './request-authentication.js';
import { serviceEntry } from './service-entry.js';
import { sidecar } from './sidecar.js';
import { telemetry } from './telemetry.js';
import { virtualService } from './virtual-service.js';
import { complaint } from './webhook.js';
import { workloadEntry } from './workload-entry.js';
import { workloadGroup } from './workload-group.js';
import type { Invalidity } from '#schemas/validation.js';
import type { Webhook, WebhookRules } from './webhook.js';

/** The kinds whose webhook rules stand here. */
const rules: readonly (readonly [string, WebhookRules])[] = [
  ['extensions.istio.io/TrafficExtension', trafficExtension],
  ['extensions.istio.io/WasmPlugin', wasmPlugin],
  ['networking.istio.io/DestinationRule', destinationRule],
  ['networking.istio.io/Gateway', gateway],
  ['networking.istio.io/ProxyConfig', proxyConfig],
  ['networking.istio.io/ServiceEntry', serviceEntry],
  ['networking.istio.io/Sidecar', sidecar],
  ['networking.istio.io/VirtualService', virtualService],
  ['networking.istio.io/WorkloadEntry', workloadEntry],
  ['networking.istio.io/WorkloadGroup', workloadGroup],
  ['security.istio.io/AuthorizationPolicy', authorizationPolicy],
  ['security.istio.io/PeerAuthentication', peerAuthentication],
  ['security.istio.io/RequestAuthentication', requestAuthentication],
  ['telemetry.istio.io/Telemetry', telemetry],
];

const rootFields: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'spec', 'status']);

/** Fields beside spec and metadata: pruned before the webhook is asked, unless the version is not served. */
function rootErrors(object: JsonObject): readonly Invalidity[] {
  const unknown = Object.keys(object).filter((name) => !rootFields.has(name));
  return unknown.map((name) => complaint([name], `unknown field "${name}"`));
}

/** The webhook that applies the rules of one kind to what it could decode. */
export function webhookOf(apply: WebhookRules): Webhook {
  return (object, schema) => {
    let spec: JsonObject;
    try {
      spec = decodeSpec(object['spec'], propertySchema(schema, 'spec'));
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      return { errors: [complaint(error.path, error.message)], warnings: [] };
    }
    const errors = annotationErrors(object, spec);
    if (errors.length > 0) return { errors, warnings: [] };
    const answer = apply({ object, spec });
    return { ...answer, errors: [...answer.errors, ...rootErrors(object)] };
  };
}

/**
 * Istio's validating webhook by kind (`group/kind`), but for EnvoyFilter, whose rules need all of Envoy's API.
 * Source: istio/istio pkg/webhooks/validation/server/server.go.
 */
export const webhooks: ReadonlyMap<string, Webhook> = new Map(
  rules.map(([kind, apply]) => [kind, webhookOf(apply)] as const),
);
