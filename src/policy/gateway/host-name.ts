const isWildcard = (host: string): boolean => host.startsWith('*');

/** True when two names, wildcards or not, have a name in common (Name.Matches in pkg/config/host/name.go). */
export function overlaps(a: string, b: string): boolean {
  return isSubset(a, b) || isSubset(b, a);
}

/** True when every name that the first stands for the second stands for too (Name.SubsetOf in pkg/config/host/name.go). */
export function isSubset(inner: string, outer: string): boolean {
  if (!isWildcard(outer)) return inner === outer;
  if (!isWildcard(inner)) return inner.endsWith(outer.slice(1));
  return inner.length >= outer.length && inner.slice(1).endsWith(outer.slice(1));
}

/** The names that both lists cover, the narrower ones of each pair (Names.Intersection in pkg/config/host/names.go). */
export function intersection(these: readonly string[], those: readonly string[]): readonly string[] {
  const common = new Set<string>();
  for (const one of these) {
    for (const other of those) {
      if (isSubset(one, other)) common.add(one);
      else if (isSubset(other, one)) common.add(other);
    }
  }
  return [...common];
}

/** The namespace that a server's host is for, `*` for all, and the name itself. */
export function splitNamespace(host: string): { readonly namespace: string; readonly name: string } {
  const slash = host.indexOf('/');
  return slash < 0
    ? { namespace: '*', name: host }
    : { namespace: host.slice(0, slash), name: host.slice(slash + 1) };
}

/** Names of a server that routes of a namespace may serve (NamesForNamespace in pkg/config/host/names.go). */
export function namesFor(namespace: string, hosts: readonly string[]): readonly string[] {
  return hosts
    .map(splitNamespace)
    .filter((host) => host.namespace === '*' || host.namespace === namespace)
    .map(({ name }) => name);
}

const address = /^(?:\d{1,3}(?:\.\d{1,3}){3}|.*:.*)$/;

/** Completes a name without dots with a namespace (ResolveShortnameToFQDN in pilot/pkg/model/config.go). */
export function completeHost(host: string, namespace: string, domainSuffix: string): string {
  if (host === '' || host === '*' || host.includes('.') || address.test(host)) return host;
  return `${host}.${namespace}.svc.${domainSuffix}`;
}
