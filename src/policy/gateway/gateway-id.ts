/**
 * The `namespace/name` that a route's mention of a gateway stands for; `mesh` for the sidecars
 * (resolveGatewayName in pilot/pkg/model/config.go).
 */
export function gatewayId(written: string, namespace: string): string {
  if (written === 'mesh') return written;
  if (written.includes('/')) return written.startsWith('./') ? `${namespace}${written.slice(1)}` : written;
  // The oldest form is the name of a Service: name.namespace.svc.domain.
  const [name = '', home] = written.split('.');
  return home === undefined ? `${namespace}/${name}` : `${home}/${name}`;
}
