import type { FieldRef, Resource } from '#documents/document.js';
import { listAt, stringAt } from '#documents/json.js';

const httpProtocols = new Set(['http', 'http2', 'http_proxy', 'grpc', 'grpc-web']);

/**
 * The field by which a ServiceEntry lets sidecars forward to whatever address the client dialled, so that its hosts are
 * only what the client says (Host header or SNI); undefined when the proxy itself chooses the address, or when
 * `addresses` limit it, which they do for every protocol but HTTP.
 * Resolution NONE is the enum's zero: it holds when the field is absent.
 * Sources: pilot/pkg/serviceregistry/serviceentry/conversion.go (Passthrough), pilot/pkg/networking/core/listener.go.
 */
export function unverifiedDestination(entry: Resource): FieldRef | undefined {
  const spec = ['spec'];
  const resolution = stringAt(entry.object, ...spec, 'resolution');
  const location = stringAt(entry.object, ...spec, 'location') ?? 'MESH_EXTERNAL';
  if ((resolution ?? 'NONE') !== 'NONE' || location !== 'MESH_EXTERNAL') return undefined;
  const ports = listAt(entry.object, ...spec, 'ports');
  const open =
    listAt(entry.object, ...spec, 'addresses').length === 0 ||
    ports.some((port) => httpProtocols.has((stringAt(port, 'protocol') ?? '').toLowerCase()));
  if (ports.length === 0 || !open) return undefined;
  return { resource: entry, path: resolution === undefined ? spec : [...spec, 'resolution'] };
}
