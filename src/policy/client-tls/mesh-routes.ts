import type { FieldRef } from '#documents/document.js';
import { listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import { getOrMake, lazy } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import type { BoundRoutes } from '#policy/gateway/bound-routes.js';
import { completeHost } from '#policy/gateway/host-name.js';
import type { HttpRule } from '#policy/gateway/route.js';
import { virtualServices } from '#policy/gateway/virtual-services.js';
import type { Reads } from './reads.js';

/** A route of the mesh that sends to a host: for whom, and to which ports (0: none is named). */
export interface RouteTo {
  readonly routes: BoundRoutes;
  /** Ports that clients of a namespace are sent to; undefined when none of its rules is for them. */
  readonly portsFor: (client: string) => ReadonlySet<number> | undefined;
}

interface Target {
  readonly host: string;
  readonly port: number;
  /** Namespaces of the clients the rule is for; empty: of all. */
  readonly sources: ReadonlySet<string>;
}

function isFor({ sources }: Target, client: string): boolean {
  return sources.size === 0 || sources.has(client);
}

function mirrors(mesh: Mesh, { resource, path }: FieldRef): readonly Omit<Target, 'sources'>[] {
  const rule = objectAt(resource.object, ...path);
  const named = [
    objectAt(rule, 'mirror'),
    ...listAt(rule, 'mirrors').map((entry) => objectAt(entry, 'destination')),
  ].filter((destination) => destination !== undefined);
  return named.map((destination) => {
    const port = valueAt(destination, ['port', 'number']);
    const host = stringAt(destination, 'host') ?? '';
    return {
      host: completeHost(host, mesh.namespaceOf(resource), mesh.settings.domainSuffix),
      port: typeof port === 'number' ? port : 0,
    };
  });
}

/** A rule is for the namespaces that its matches name; a match without one does not open it to others. */
function sourcesOf({ matches }: HttpRule): ReadonlySet<string> {
  return new Set(matches.map(({ sourceNamespace }) => sourceNamespace).filter((name) => name !== ''));
}

/** Everything a VirtualService sends to (virtualServiceDestinationsFilteredBySourceNamespace in pilot/pkg/model/push_context.go). */
function targetsOf(mesh: Mesh, routes: BoundRoutes): readonly Target[] {
  const everybody: ReadonlySet<string> = new Set();
  const http = routes.http.flatMap((rule) => {
    const sources = sourcesOf(rule);
    const sent = rule.destinations.map(({ host, port }) => ({ host, port: port ?? 0 }));
    return [...sent, ...mirrors(mesh, rule.at)].map((target) => ({ ...target, sources }));
  });
  const streams = [...routes.tcp, ...routes.tls].flatMap(({ destinations }) =>
    destinations.map(({ host, port }) => ({ host, port: port ?? 0, sources: everybody })),
  );
  return [...http, ...streams];
}

function portsFor(targets: readonly Target[], client: string): ReadonlySet<number> | undefined {
  const fitting = targets.filter((target) => isFor(target, client));
  return fitting.length === 0 ? undefined : new Set(fitting.map(({ port }) => port));
}

/** Indexes the VirtualServices that sidecars use by the hosts they send to. */
export function meshRoutes(mesh: Mesh, reads: Reads): (host: string) => readonly RouteTo[] {
  const index = lazy(() => {
    const byHost = new Map<string, RouteTo[]>();
    for (const routes of virtualServices(mesh)) {
      if (!routes.gateways.includes('mesh') || reads(routes.resource) === 'hidden') continue;
      const targets = new Map<string, Target[]>();
      for (const target of targetsOf(mesh, routes)) getOrMake(targets, target.host, () => []).push(target);
      for (const [host, ofHost] of targets)
        getOrMake(byHost, host, () => []).push({
          routes,
          portsFor: (client) => portsFor(ofHost, client),
        });
    }
    return byHost;
  });
  return (host) => index().get(host) ?? [];
}

/** True when clients of a namespace see the routes (initVirtualServices in pilot/pkg/model/push_context.go). */
export function seesRoutes({ exportTo }: BoundRoutes, client: string): boolean {
  return exportTo.has('*') || (!exportTo.has('~') && exportTo.has(client));
}
