import type { FilterChain } from './filter-chain.js';

/** Keys of a chain in Envoy's match: a connection finds a chain by one of each. */
function keysOf({ serverNames, alpn }: FilterChain): readonly string[] {
  const names = serverNames.length === 0 ? [''] : serverNames;
  const protocols = alpn.length === 0 ? [''] : alpn;
  return names.flatMap((name) => protocols.map((protocol) => `${name} ${protocol}`));
}

/** Server names with a wildcard that is not the first label (source/common/listener_manager/filter_chain_manager_impl.cc). */
function isPartialWildcard(name: string): boolean {
  return name.includes('*') && !name.startsWith('*.');
}

function verifiesNamesWithoutCa({ mode, tls }: FilterChain): boolean {
  const [credential] = tls?.credentials ?? [];
  return mode === 'SIMPLE' && credential !== undefined && (tls?.subjectAltNames.length ?? 0) > 0;
}

/**
 * Why Envoy refuses a listener of these chains as a whole; undefined when it takes it. Two chains that one connection
 * would find by the same name and protocol are refused, and so are wildcards inside of a label and client names without a
 * CA to trust (filter_chain_manager_impl.cc, source/common/tls/certificate_validation_context_config_impl.cc).
 */
export function envoyRefusal(chains: readonly FilterChain[]): string | undefined {
  const seen = new Set<string>();
  for (const chain of chains) {
    const partial = chain.serverNames.find(isPartialWildcard);
    if (partial !== undefined) return `a server name may not be ${partial}`;
    if (verifiesNamesWithoutCa(chain)) return 'client names are verified without a CA';
    for (const key of keysOf(chain)) {
      const [name = ''] = key.split(' ');
      if (seen.has(key)) return `two filter chains match ${name === '' ? 'every server name' : name}`;
      seen.add(key);
    }
  }
  return undefined;
}
