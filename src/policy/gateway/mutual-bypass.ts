import type { FieldRef } from '#documents/document.js';
import { isSubset } from './host-name.js';
import type { FilterChain, GatewayListener } from './filter-chain.js';
import type { HttpRoute, VirtualHost } from './http-route.js';

/** A host that asks for client certificates, and the server by whose name it is reached without one. */
export interface MutualBypass {
  readonly host: string;
  readonly guarded: FieldRef;
  readonly open: FieldRef;
  /** A name that gets a client to the open server. */
  readonly openName: string;
  readonly route: FieldRef;
}

const hostsOf = ({ application }: FilterChain): readonly VirtualHost[] =>
  application.kind === 'http' ? application.virtualHosts : [];

/** The virtual host that a Host header finds: the exact name, else the longest wildcard. */
function hostFor(hosts: readonly VirtualHost[], name: string): VirtualHost | undefined {
  const fitting = hosts.filter(
    ({ domain }) => domain === name || (domain.startsWith('*') && isSubset(name, domain)),
  );
  return fitting.reduce<VirtualHost | undefined>(
    (best, one) =>
      best === undefined ||
      one.domain === name ||
      (best.domain !== name && one.domain.length > best.domain.length)
        ? one
        : best,
    undefined,
  );
}

/** Answering everything with an abort (421, say) is how Istio's documentation closes the hole. */
const answers = ({ abort, action }: HttpRoute): boolean =>
  action.kind === 'forward' && !(abort !== undefined && abort.percentage >= 100);

function destinations(host: VirtualHost | undefined): ReadonlySet<string> {
  const routes = (host?.routes ?? []).filter(answers);
  return new Set(
    routes.flatMap(({ action }) =>
      action.kind === 'forward' ? action.clusters.map((cluster) => `${cluster.host}:${cluster.port}`) : [],
    ),
  );
}

function bypassOf(open: FilterChain, guarded: FilterChain): MutualBypass | undefined {
  const at = { guarded: guarded.servers[0]?.server.at, open: open.servers[0]?.server.at };
  if (at.guarded === undefined || at.open === undefined) return undefined;
  for (const own of hostsOf(guarded)) {
    const reached = hostFor(hostsOf(open), own.domain);
    const meant = destinations(own);
    const route = reached?.routes.find(
      (one) =>
        answers(one) &&
        one.action.kind === 'forward' &&
        one.action.clusters.some((cluster) => meant.has(`${cluster.host}:${cluster.port}`)),
    );
    if (route === undefined) continue;
    const openName = open.serverNames[0] ?? 'any other name';
    return { host: own.domain, guarded: at.guarded, open: at.open, openName, route: route.at };
  }
  return undefined;
}

/**
 * Hosts of one listener that ask for a client certificate, yet answer clients that come in by another server's name (SNI) and
 * ask for them in the Host header. The proxy picks the server by SNI alone and does not compare the two.
 */
export function mutualBypasses({ chains }: GatewayListener): readonly MutualBypass[] {
  const guarded = chains.filter(({ tls }) => tls?.clientCertificate === 'required');
  const open = chains.filter(({ tls }) => tls !== undefined && tls.clientCertificate !== 'required');
  return guarded.flatMap((one) => {
    const found = open.map((other) => bypassOf(other, one)).find((each) => each !== undefined);
    return found === undefined ? [] : [found];
  });
}
