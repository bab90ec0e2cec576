import type { Resource } from '#documents/document.js';
import { stringAt } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import { actionOf, effectiveRulesOf, isDryRun, ruleCountOf } from '#policy/authorization-policies.js';
import { authorizationProgram } from '#policy/authorization-program.js';
import { jwtRulesOf } from '#policy/jwt-rule.js';
import type { InboundProtocol } from '#policy/policies.js';
import type { Action, Chain } from '#policy/rule/rule.js';
import { isLayered, seenByWaypoint, waypointChain } from './waypoint-chain.js';
import type { ChainOf } from './waypoint-chain.js';
import { portProtocol, servedPort, waypointUsers } from './waypoint-users.js';
import type { Waypoint } from './waypoint.js';

/** A filter that decides, with what it was made of. */
export type SecurityFilter =
  /** Authorization policies of one action; of CUSTOM ones those that only ask the authorizer are shadow rules. */
  | {
      readonly filter: 'rbac';
      readonly action: 'ALLOW' | 'DENY' | 'LOG';
      readonly policies: readonly Resource[];
      readonly dryRun: readonly Resource[];
    }
  | { readonly filter: 'ext_authz'; readonly provider: string }
  | { readonly filter: 'jwt_authn'; readonly issuers: readonly string[] };

/** One filter chain of a waypoint. */
export interface SecurityChain {
  /** What it takes: a port of a Service, addresses of pods, or all tunnels (`tunnel`: at their end). */
  readonly of: ChainOf;
  /** Host and port of a Service. */
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly reads: Chain;
  readonly filters: readonly SecurityFilter[];
}

interface Place {
  readonly mesh: Mesh;
  readonly waypoint: Waypoint;
  readonly of: ChainOf;
}

const names = { ALLOW: 'ALLOW', DENY: 'DENY', AUDIT: 'LOG' } as const;

/** A policy leaves a trace in a filter when one of its rules can be said there, or when it has none and never matches. */
function isSaid(mesh: Mesh, policy: Resource, chain: Chain): boolean {
  return ruleCountOf(policy) === 0 || effectiveRulesOf(mesh, policy, chain).length > 0;
}

function rbac(
  mesh: Mesh,
  policies: readonly Resource[],
  { action, chain }: { readonly action: keyof typeof names; readonly chain: Chain },
): readonly SecurityFilter[] {
  const own = policies.filter((policy) => actionOf(policy) === action);
  if (own.length === 0) return [];
  const said = own.filter((policy) => isSaid(mesh, policy, chain));
  return [
    {
      filter: 'rbac',
      action: names[action],
      policies: said.filter((policy) => !isDryRun(policy)),
      dryRun: said.filter(isDryRun),
    },
  ];
}

const customAction: Action = 'CUSTOM';

/** Per provider a filter that matches and one that asks; one that denies instead where the provider is not usable. */
function custom(mesh: Mesh, policies: readonly Resource[], chain: Chain): readonly SecurityFilter[] {
  const own = policies.filter((policy) => actionOf(policy) === customAction && isSaid(mesh, policy, chain));
  return authorizationProgram(mesh, policies, chain).custom.flatMap(
    ({ provider, denies }): readonly SecurityFilter[] => {
      const asked = own.filter(
        (policy) => (stringAt(policy.object, 'spec', 'provider', 'name') ?? '') === provider,
      );
      const [dry, enforced] = [asked.filter(isDryRun), asked.filter((policy) => !isDryRun(policy))];
      const deny = { filter: 'rbac', action: 'DENY' } as const;
      if (denies !== undefined) return [{ ...deny, policies: enforced, dryRun: [] }];
      // Rules in dry run are put where they are enforced, the others where they only mark the request.
      return [
        { ...deny, policies: dry, dryRun: enforced },
        { filter: 'ext_authz', provider },
      ];
    },
  );
}

function filtersOf({ mesh, waypoint, of }: Place, chain: Chain): readonly SecurityFilter[] {
  const view = seenByWaypoint(mesh, waypoint).mesh;
  const { authorization, authentication } = waypointChain(mesh, waypoint, of);
  const { policies } = authorization;
  const issuers = jwtRulesOf(authentication.policies).map(({ issuer }) => issuer);
  const readsTokens = chain === 'http' && issuers.length > 0;
  return [
    ...(of === 'tunnel' ? [] : custom(view, policies, chain)),
    ...(readsTokens ? [{ filter: 'jwt_authn', issuers } as const] : []),
    ...(['AUDIT', 'DENY', 'ALLOW'] as const).flatMap((action) => rbac(view, policies, { action, chain })),
  ];
}

function chainsFor(protocol: InboundProtocol): readonly Chain[] {
  if (protocol === 'AUTO') return ['http', 'tcp'];
  return protocol === 'HTTP' ? ['http'] : ['tcp'];
}

function serviceChains(mesh: Mesh, waypoint: Waypoint): readonly SecurityChain[] {
  return waypointUsers(mesh, waypoint.key).flatMap((called) =>
    called.ports.flatMap(({ number }) => {
      const port = servedPort(mesh, called, number);
      const kinds = port === undefined ? [] : chainsFor(portProtocol(port));
      return kinds.map((reads): SecurityChain => {
        const filters = filtersOf({ mesh, waypoint, of: called.served }, reads);
        return { of: called.served, host: called.host, port: number, reads, filters };
      });
    }),
  );
}

/** A chain that is the same for all ports. */
function wide(place: Place, reads: Chain): SecurityChain {
  return { of: place.of, host: undefined, port: undefined, reads, filters: filtersOf(place, reads) };
}

/**
 * The filter chains of a waypoint with the filters that decide, in their order (buildWaypointHTTPFilters in
 * pilot/pkg/networking/core/listener_waypoint.go, buildCompleteNetworkFilters in networkfilter.go, build in
 * pilot/pkg/security/authz/builder/builder.go). None for a Gateway that istiod builds no waypoint for.
 */
export function securityChains(mesh: Mesh, waypoint: Waypoint): readonly SecurityChain[] {
  if (!waypoint.isServed) return [];
  const pods: Place = { mesh, waypoint, of: 'pods' };
  const tunnel: Place = { mesh, waypoint, of: 'tunnel' };
  const front = isLayered(seenByWaypoint(mesh, waypoint).mesh) ? [wide(tunnel, 'tcp')] : [];
  return [...serviceChains(mesh, waypoint), wide(pods, 'tcp'), wide(pods, 'http'), ...front];
}
