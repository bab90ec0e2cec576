import type { PortProtocol } from '#mesh/mesh.js';
import { inboundProtocol } from '#policy/inbound-ports.js';
import type { NameCheck } from './client-tls.js';
import type { UpstreamTls } from './upstream-tls.js';

/**
 * How far the name in the server's certificate is checked. The Host header exists in HTTP only, so the automatic check
 * is void for opaque bytes, and for detected ones it depends on what the client sends (auto_san_validation is an
 * option of upstream HTTP connections).
 */
export function nameCheck(tls: UpstreamTls, protocol: PortProtocol): NameCheck | undefined {
  if (tls.verifies === undefined) return undefined;
  if (!tls.verifies) return 'no';
  const byList = tls.subjectAltNames.length > 0;
  const read = tls.autoSanValidation ? inboundProtocol(protocol) : 'TCP';
  if (read === 'HTTP') return byList ? 'list+host' : 'host';
  if (byList) return 'list';
  return read === 'AUTO' ? 'host-if-http' : 'no';
}
