import type { Resource } from '#documents/document.js';
import { stringAt } from '#documents/json.js';
import { createdAt } from '#mesh/creation-order.js';
import type { Mesh } from '#mesh/mesh.js';
import { uniqueEvidence } from '#policy/attached-policies.js';
import type { MissingEvidence } from '#policy/decision.js';
import { lacksSelector, policyMode, portModes } from '#policy/peer-authentications.js';
import type { PeerAuthentications } from '#policy/peer-authentications.js';
import { meshWideEvidence } from '#policy/peer-mtls-sidecar.js';
import type { MtlsMode } from '#policy/policies.js';
import type { Level } from '#policy/precedence.js';

/** A policy as istiod's ambient index reads it. `resource` is undefined for one that may stand outside the input. */
export interface Reading {
  readonly resource: Resource | undefined;
  readonly mode: MtlsMode | undefined;
  readonly ports: ReadonlyMap<number, MtlsMode>;
}

/** A policy that somebody wrote. */
export interface FoundReading extends Reading {
  readonly resource: Resource;
}

/** The policies that count at each level; `strictly`: as the conversion finds them, without `selector` field. */
export interface Chosen {
  readonly workload: FoundReading | undefined;
  readonly namespace: Reading | undefined;
  readonly mesh: Reading | undefined;
  readonly strictly: { readonly namespace: Reading | undefined; readonly mesh: Reading | undefined };
}

/** What may be chosen for one workload, as far as the input shows, and what is missing to leave one. */
export interface Choices {
  /** None when there are too many to look at. */
  readonly combinations: readonly Chosen[];
  readonly missing: readonly MissingEvidence[];
}

type Readings<R extends Reading = Reading> = readonly (R | undefined)[];

const combinationLimit = 256;
const elsewhere = (mode: MtlsMode): Reading => ({ resource: undefined, mode, ports: new Map() });

function read(policy: Resource | undefined): FoundReading | undefined {
  if (policy === undefined) return undefined;
  return {
    resource: policy,
    mode: policyMode(policy)?.mode,
    ports: new Map([...portModes(policy)].map(([port, { mode }]) => [port, mode])),
  };
}

const revisionOf = ({ object }: Resource): string | undefined =>
  stringAt(object, 'metadata', 'labels', 'istio.io/rev');

/**
 * Policies of one age as the one that counts: nothing orders them here, so istiod may take any of them
 * (getOldestPeerAuthn and convertedSelectorPeerAuthentications compare times only; sidecars go by name).
 */
function tiesOf({ winners, losers }: Level): readonly Resource[] {
  const [winner] = winners;
  if (winner === undefined || winners.length > 1) return [];
  return losers.filter((loser) => {
    const revision = revisionOf(loser);
    const isRead = revision === undefined || revision === revisionOf(winner);
    return isRead && createdAt(loser) === createdAt(winner);
  });
}

/** What one level may say, each once. */
function readings(level: Level): Readings<FoundReading> {
  const found = [...level.winners, ...tiesOf(level)].map(read);
  const content = (reading: FoundReading | undefined): string =>
    reading === undefined
      ? ''
      : JSON.stringify([lacksSelector(reading.resource), reading.mode, [...reading.ports].sort()]);
  return [...new Map([...found].reverse().map((reading) => [content(reading), reading])).values()].reverse();
}

/**
 * Mesh-wide policies must have no selector field to be fetched for workloads of other namespaces
 * (fetchPeerAuthentications in workloads.go). In a partial scope, one outside the input may say anything.
 */
function meshReadings(mesh: Mesh, level: Level): Readings {
  const found = readings(level);
  const absent = found.every((reading) => reading === undefined);
  return absent && mesh.scope === 'partial'
    ? [undefined, elsewhere('STRICT'), elsewhere('PERMISSIVE')]
    : found;
}

/** The readings of a level under the strict rule that go with one reading under the loose rule. */
function strictReadings(level: Level, loose: Reading | undefined): Readings {
  if (loose === undefined) return [undefined];
  const same = loose.resource === undefined || lacksSelector(loose.resource);
  return same ? [loose] : readings(level);
}

/** Both rules applied to one level: what they choose together. */
type Pair = readonly [loose: Reading | undefined, strict: Reading | undefined];

function pairs(loose: Readings, strict: Level): readonly Pair[] {
  return loose.flatMap((reading) => strictReadings(strict, reading).map((found): Pair => [reading, found]));
}

function combine(
  workload: Readings<FoundReading>,
  namespace: readonly Pair[],
  meshWide: readonly Pair[],
): readonly Chosen[] {
  if (workload.length * namespace.length * meshWide.length > combinationLimit) return [];
  return workload.flatMap((own) =>
    namespace.flatMap(([looseNamespace, strictNamespace]) =>
      meshWide.map(([looseMesh, strictMesh]) => ({
        workload: own,
        namespace: looseNamespace,
        mesh: looseMesh,
        strictly: { namespace: strictNamespace, mesh: strictMesh },
      })),
    ),
  );
}

function ageEvidence(levels: readonly Level[]): readonly MissingEvidence[] {
  return levels.flatMap((level) => {
    const ties = readings(level).length > 1 ? tiesOf(level) : [];
    const names = [...level.winners, ...ties].map((policy) => policy?.name).slice(0, 5);
    const text = `which PeerAuthentication of one age istiod takes for ztunnel: ${names.join(', ')}`;
    return ties.length === 0 ? [] : [{ key: 'creation-time', text }];
  });
}

/** The PeerAuthentications that istiod may choose for a workload of a namespace in ambient mode. */
export function choicesOf(mesh: Mesh, policies: PeerAuthentications, namespace: string): Choices {
  const inRoot = namespace === mesh.settings.rootNamespace;
  const levels = [policies.workload, policies.namespace, inRoot ? policies.mesh : policies.strictly.mesh];
  const meshWide = meshReadings(mesh, inRoot ? policies.mesh : policies.strictly.mesh);
  const combinations = combine(
    readings(policies.workload),
    pairs(readings(policies.namespace), policies.strictly.namespace),
    pairs(meshWide, policies.strictly.mesh),
  );
  const doubts = [policies.workload, policies.namespace, policies.mesh].flatMap((level) => level.doubts);
  const guessed = meshWide.some((reading) => reading !== undefined && reading.resource === undefined);
  const tooMany = { key: 'peer-authentications', text: 'which of many PeerAuthentications count' };
  const missing = [
    ...(combinations.length === 0 ? [tooMany] : []),
    ...doubts,
    ...ageEvidence(levels),
    ...(guessed ? [meshWideEvidence] : []),
  ];
  return { combinations, missing: uniqueEvidence(missing) };
}
