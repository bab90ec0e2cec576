import type { FieldRef } from '#documents/document.js';
import type { JsonObject } from '#documents/json.js';
import { listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { GatewayServer } from './policies.js';

/** Values of the listener option that say how a client certificate is treated, and so override the frontend validation. */
const terminateModes = new Set(['MUTUAL', 'OPTIONAL_MUTUAL', 'ISTIO_SIMPLE', 'ISTIO_MUTUAL']);

const asksForCertificate = new Set(['MUTUAL', 'OPTIONAL_MUTUAL', 'ISTIO_MUTUAL']);

/** Index of the first entry of `spec.tls.frontend.perPort` for a port, else the default: the entry is taken whole. */
function frontend(gateway: JsonObject, port: number): readonly (string | number)[] {
  const perPort = listAt(gateway, 'spec', 'tls', 'frontend', 'perPort');
  const index = perPort.findIndex((entry) => valueAt(entry, ['port']) === port);
  return ['spec', 'tls', 'frontend', ...(index < 0 ? ['default'] : ['perPort', index, 'tls']), 'validation'];
}

function gatewayApiFallback({ resource, at, port }: GatewayServer): FieldRef | undefined {
  const option = stringAt(
    resource.object,
    ...at.path,
    'tls',
    'options',
    'gateway.istio.io/tls-terminate-mode',
  );
  if (option !== undefined && terminateModes.has(option)) return undefined;
  const path = frontend(resource.object, port);
  if (listAt(resource.object, ...path, 'caCertificateRefs').length === 0) return undefined;
  const mode = stringAt(resource.object, ...path, 'mode');
  return mode === 'AllowInsecureFallback' ? { resource, path: [...path, 'mode'] } : undefined;
}

/**
 * The field that makes a gateway server take client certificates that no trusted CA signed; undefined when none does,
 * or when the server asks for no client certificate at all.
 * Sources: pilot/pkg/security/model/authentication.go (trust chain ACCEPT_UNTRUSTED), for the Gateway API
 * pilot/pkg/config/kube/gateway/conversion.go (resolveGatewayTLS, buildTLS).
 */
export function untrustedClientCertificates(server: GatewayServer): FieldRef | undefined {
  const { resource, at, api, tls } = server;
  if (!asksForCertificate.has(tls)) return undefined;
  if (api === 'gateway-api') return gatewayApiFallback(server);
  const path = [...at.path, 'tls', 'insecureSkipVerify'];
  return objectAt(resource.object, ...at.path, 'tls')?.['insecureSkipVerify'] === true
    ? { resource, path }
    : undefined;
}
