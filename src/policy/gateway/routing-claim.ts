const prefix = '@request.auth.claims';

/** The path of claims that a header name of a VirtualService stands for; undefined for a real header (ToRoutingClaim in pkg/jwt/routing.go). */
export function routingClaim(name: string): readonly string[] | undefined {
  if (!name.toLowerCase().startsWith(prefix)) return undefined;
  const rest = name.slice(prefix.length);
  if (rest.startsWith('.') && rest.length > 1) return rest.slice(1).split('.');
  if (rest.startsWith('[') && rest.endsWith(']') && rest.length > 2) return rest.slice(1, -1).split('][');
  return undefined;
}
