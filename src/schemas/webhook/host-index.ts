/** Hosts, some beginning with a wildcard, that can be asked about another host in time that does not grow with them. */
export interface HostIndex {
  /** True when a host of the index holds every name that `host` stands for. */
  readonly covers: (host: string) => boolean;
}

function isWildcard(host: string): boolean {
  return host.startsWith('*');
}

/** Every ending of a text, itself and the empty one among them. */
function* endings(text: string): Generator<string> {
  for (let start = 0; start <= text.length; start += 1) yield text.slice(start);
}

/** Source: istio/istio pkg/config/host/name.go, SubsetOf. */
export function createHostIndex(hosts: readonly string[]): HostIndex {
  const exact = new Set(hosts.filter((host) => !isWildcard(host)));
  const wildcards = new Set(hosts.filter(isWildcard).map((host) => host.slice(1)));
  const underWildcard = (text: string): boolean => {
    for (const ending of endings(text)) if (wildcards.has(ending)) return true;
    return false;
  };
  return {
    covers: (host) => (isWildcard(host) ? underWildcard(host.slice(1)) : exact.has(host) || underWildcard(host)),
  };
}

/** The index of a host that overlaps another of the list, or -1. Source: pkg/config/host/name.go, Matches. */
export function overlappingHost(hosts: readonly string[]): number {
  const seen = new Set<string>();
  const wildcards = new Set(hosts.filter(isWildcard).map((host) => host.slice(1)));
  return hosts.findIndex((host) => {
    if (seen.has(host)) return true;
    seen.add(host);
    const own = isWildcard(host) ? host.slice(1) : undefined;
    for (const ending of endings(own ?? host)) if (ending !== own && wildcards.has(ending)) return true;
    return false;
  });
}
