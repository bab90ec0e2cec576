import { containsAll } from '#mesh/string-map.js';
import type { DestinationRule } from './destination-rule.js';
import type { PortPolicy, TrafficPolicy } from './traffic-policy.js';

/** How one incoming rule and one that stands already go together. */
interface Pairing {
  readonly merges: boolean;
  /** Whether the incoming rule also stands for itself, as far as this pair says; undefined: as before. */
  readonly apart: boolean | undefined;
}

function isSuperset(outer: ReadonlySet<string>, inner: ReadonlySet<string>): boolean {
  return [...inner].every((one) => outer.has(one));
}

function equalSets(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && isSuperset(a, b);
}

function sameSelectors(a: DestinationRule, b: DestinationRule): boolean {
  const [one, other] = [a.selector ?? {}, b.selector ?? {}];
  return containsAll(one, other) && containsAll(other, one);
}

/** By `exportTo` alone; undefined when the two do not merge. Before 1.24 it did not count. */
function apartByExport(
  standing: DestinationRule,
  incoming: DestinationRule,
  enhanced: boolean,
): boolean | undefined {
  if (!enhanced || equalSets(standing.exportTo, incoming.exportTo)) return false;
  return standing.exportTo.size > 0 && isSuperset(incoming.exportTo, standing.exportTo) ? true : undefined;
}

function pairingOf(standing: DestinationRule, incoming: DestinationRule, enhanced: boolean): Pairing {
  const apart = apartByExport(standing, incoming, enhanced);
  if (apart === undefined) return { merges: false, apart: true };
  const selecting = [standing, incoming].filter(({ selector }) => selector !== undefined).length;
  if (selecting === 2 && !sameSelectors(standing, incoming)) return { merges: false, apart: true };
  if (selecting !== 1) return { merges: true, apart: false };
  // Where one of the two selects workloads, the other is swallowed all the same.
  return { merges: true, apart: enhanced ? apart : undefined };
}

function fill(user: PortPolicy, filler: PortPolicy | undefined): PortPolicy {
  return { tls: user.tls ?? filler?.tls, passthrough: user.passthrough ?? filler?.passthrough };
}

/** A user's policy over one that istiod made: the user's fields win (mergeBackendPolicyTrafficPolicy). */
function fillPolicy(
  user: TrafficPolicy | undefined,
  filler: TrafficPolicy | undefined,
): TrafficPolicy | undefined {
  if (user === undefined || filler === undefined) return user ?? filler;
  const own = new Set(user.ports.map(({ port }) => port));
  const ports = user.ports.map((entry) => ({
    port: entry.port,
    ...fill(
      entry,
      filler.ports.find(({ port }) => port === entry.port),
    ),
  }));
  return { ...fill(user, filler), ports: [...ports, ...filler.ports.filter(({ port }) => !own.has(port))] };
}

function mergedPolicy(standing: DestinationRule, incoming: DestinationRule): TrafficPolicy | undefined {
  const [one, other] = [standing.trafficPolicy, incoming.trafficPolicy];
  if (standing.generated === incoming.generated) return one ?? other;
  return standing.generated ? fillPolicy(other, one) : fillPolicy(one, other);
}

/** Subsets are united by name, the first counts; the traffic policy is the first rule's that has one, as a whole. */
function merge(standing: DestinationRule, incoming: DestinationRule): DestinationRule {
  const names = new Set(standing.subsets.map(({ name }) => name));
  return {
    ...standing,
    trafficPolicy: mergedPolicy(standing, incoming),
    subsets: [...standing.subsets, ...incoming.subsets.filter(({ name }) => !names.has(name))],
    from: [...standing.from, ...incoming.from],
  };
}

/**
 * Takes one more rule of a host into the list of those that stand for it already, each of another `exportTo` or
 * another workloadSelector (mergeDestinationRule in pilot/pkg/model/destination_rule.go). Whether the rule is also
 * added for itself is decided by the last of the list that it was held against, as there.
 */
export function mergeRule(
  list: readonly DestinationRule[],
  incoming: DestinationRule,
  enhanced: boolean,
): readonly DestinationRule[] {
  const pairings = list.map((standing) => pairingOf(standing, incoming, enhanced));
  const merged = list.map((standing, index) =>
    pairings[index]?.merges === true ? merge(standing, incoming) : standing,
  );
  const apart = pairings.findLast((pairing) => pairing.apart !== undefined)?.apart ?? true;
  return apart ? [...merged, incoming] : merged;
}
