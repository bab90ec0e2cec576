import type { Resource } from '#documents/document.js';
import type { Mesh } from '#mesh/mesh.js';
import { uniqueEvidence } from './attached-policies.js';
import { known, unknown } from './decision.js';
import type { Cause, Decision, MissingEvidence, Step } from './decision.js';
import { lacksSelector, policyMode, portModes } from './peer-authentications.js';
import type { PeerAuthentications } from './peer-authentications.js';
import { meshWideEvidence, peerSteps } from './peer-mtls-sidecar.js';
import type { MtlsMode } from './policies.js';
import type { Level } from './precedence.js';

/** A policy as istiod's ambient index reads it. `resource` is undefined for one that may stand outside the input. */
interface Reading {
  readonly resource: Resource | undefined;
  readonly mode: MtlsMode | undefined;
  readonly ports: ReadonlyMap<number, MtlsMode>;
}

/** The policies that count at each level; `strictly`: as the conversion finds them, without `selector` field. */
interface Chosen {
  readonly workload: Reading | undefined;
  readonly namespace: Reading | undefined;
  readonly mesh: Reading | undefined;
  readonly strictly: { readonly namespace: Reading | undefined; readonly mesh: Reading | undefined };
}

function read(policy: Resource | undefined): Reading | undefined {
  if (policy === undefined) return undefined;
  return {
    resource: policy,
    mode: policyMode(policy)?.mode,
    ports: new Map([...portModes(policy)].map(([port, { mode }]) => [port, mode])),
  };
}

const isStrict = (reading: Reading | undefined): boolean => reading?.mode === 'STRICT';
const isLax = (mode: MtlsMode | undefined): boolean => mode === 'PERMISSIVE' || mode === 'DISABLE';

/** What ztunnel is told to enforce for a workload: the static STRICT policy, the converted one, both or neither. */
interface References {
  readonly strict: boolean;
  readonly converted: boolean;
}

/** convertedSelectorPeerAuthentications in pilot/pkg/serviceregistry/ambient/authorization.go. */
function references({ workload, namespace, mesh }: Chosen): References {
  const parentStrict = namespace?.mode === undefined ? isStrict(mesh) : isStrict(namespace);
  if (workload === undefined) return { strict: parentStrict, converted: false };
  const strict = workload.mode === undefined ? parentStrict : workload.mode === 'STRICT';
  const ports = [...workload.ports.values()];
  if (!strict) return { strict, converted: ports.includes('STRICT') };
  // With the mode left unset only PERMISSIVE ports are seen as exceptions, not DISABLE ones.
  const excepted = workload.mode === 'STRICT' ? ports.some(isLax) : ports.includes('PERMISSIVE');
  return { strict: !excepted, converted: excepted };
}

/** Whether a STRICT port is left out of the converted policy, because a wider policy is thought to cover it. */
function isInherited({ workload, strictly: { namespace, mesh } }: Chosen): boolean {
  if (workload?.mode === 'STRICT') return true;
  if (workload?.mode === undefined && isStrict(namespace)) return true;
  // This holds for every mode of the workload, PERMISSIVE too: its STRICT ports are then lost.
  return namespace?.mode === undefined && isStrict(mesh);
}

function portsWith(reading: Reading, wanted: (mode: MtlsMode) => boolean): readonly number[] {
  return [...reading.ports].filter(([, mode]) => wanted(mode)).map(([number]) => number);
}

/**
 * Whether the converted policy refuses plaintext on a port; undefined when istiod does not build that policy, so that
 * ztunnel is referred to one it never gets and enforces nothing (convertPeerAuthentication, same file).
 */
function convertedRefuses(chosen: Chosen, port: number | '*'): boolean | undefined {
  const { workload, strictly } = chosen;
  if (workload === undefined) return undefined;
  const excepts =
    workload.mode === 'STRICT' ||
    (workload.mode === undefined && exceptsFrom(strictly.namespace, strictly.mesh));
  const exceptions = excepts ? portsWith(workload, isLax) : [];
  const strictPorts = isInherited(chosen) ? [] : portsWith(workload, (mode) => mode === 'STRICT');
  if (exceptions.length === 0 && strictPorts.length === 0) return undefined;
  if (port !== '*' && strictPorts.includes(port)) return true;
  return exceptions.length > 0 && (port === '*' || !exceptions.includes(port));
}

/** A PERMISSIVE or DISABLE port is an exception only where the namespace-wide, or else the mesh-wide policy is STRICT. */
function exceptsFrom(namespace: Reading | undefined, mesh: Reading | undefined): boolean {
  return namespace === undefined ? isStrict(mesh) : isStrict(namespace);
}

function refusesPlaintext(chosen: Chosen, port: number | '*'): boolean {
  const { strict, converted } = references(chosen);
  return strict || (converted && convertedRefuses(chosen, port) === true);
}

function causeOf({ workload, namespace, mesh }: Chosen, port: number | '*'): Cause {
  const single = workload?.resource && port !== '*' ? portModes(workload.resource).get(port) : undefined;
  if (workload?.resource && single) return { resource: workload.resource, path: single.path };
  for (const reading of [workload, namespace, mesh]) {
    const set = reading?.resource && policyMode(reading.resource);
    if (reading?.resource && set) return { resource: reading.resource, path: set.path };
  }
  return 'default';
}

/** A policy set wrongly for ztunnel: the note says what becomes of it. */
function oddities(chosen: Chosen, port: number | '*'): readonly Step[] {
  const { workload } = chosen;
  if (workload?.resource === undefined) return [];
  const at = { resource: workload.resource, path: ['spec', 'portLevelMtls'] };
  if (references(chosen).converted && convertedRefuses(chosen, port) === undefined)
    return [
      {
        at,
        note: 'istiod refers ztunnel to a policy that it does not build from this one: nothing is enforced',
      },
    ];
  const disables = [...workload.ports.values()].includes('DISABLE');
  return disables ? [{ at, note: 'ztunnel knows no DISABLE: it is read as PERMISSIVE, or not at all' }] : [];
}

const combinationLimit = 256;
const elsewhere = (mode: MtlsMode): Reading => ({ resource: undefined, mode, ports: new Map() });

type Readings = readonly (Reading | undefined)[];

/**
 * Mesh-wide policies must have no selector field to be fetched for workloads of other namespaces
 * (fetchPeerAuthentications in workloads.go). In a partial scope, one outside the input may say anything.
 */
function meshReadings(mesh: Mesh, level: Level): Readings {
  const found = level.winners.map(read);
  const absent = found.every((reading) => reading === undefined);
  return absent && mesh.scope === 'partial'
    ? [undefined, elsewhere('STRICT'), elsewhere('PERMISSIVE')]
    : found;
}

/** The readings of a level under the strict rule that go with one reading under the loose rule. */
function strictReadings(level: Level, loose: Reading | undefined): Readings {
  if (loose === undefined) return [undefined];
  const same = loose.resource === undefined || lacksSelector(loose.resource);
  return same ? [loose] : level.winners.map(read);
}

function combinations(mesh: Mesh, policies: PeerAuthentications, inRoot: boolean): readonly Chosen[] {
  const { strictly } = policies;
  const meshWide = meshReadings(mesh, inRoot ? policies.mesh : strictly.mesh);
  return policies.workload.winners.map(read).flatMap((workload) =>
    policies.namespace.winners.map(read).flatMap((namespace) =>
      strictReadings(strictly.namespace, namespace).flatMap((strictNamespace) =>
        meshWide.flatMap((reading) =>
          strictReadings(strictly.mesh, reading).map((strictMesh) => ({
            workload,
            namespace,
            mesh: reading,
            strictly: { namespace: strictNamespace, mesh: strictMesh },
          })),
        ),
      ),
    ),
  );
}

function missingOf(policies: PeerAuthentications, combined: readonly Chosen[]): readonly MissingEvidence[] {
  const doubts = [policies.workload, policies.namespace, policies.mesh].flatMap((level) => level.doubts);
  const guessed = combined.some(({ mesh }) => mesh !== undefined && mesh.resource === undefined);
  return uniqueEvidence(guessed ? [...doubts, meshWideEvidence] : doubts);
}

/**
 * The mode that ztunnel enforces on a pod port: STRICT where it refuses plaintext, else PERMISSIVE; DISABLE does not
 * exist, HBONE is always accepted. PeerAuthentication reaches it as deny policies that istiod converts, with the gaps
 * of that conversion (pilot/pkg/serviceregistry/ambient/authorization.go, policies.go, workloads.go).
 */
export function ambientMode(
  mesh: Mesh,
  policies: PeerAuthentications,
  place: { readonly namespace: string; readonly port: number | '*' },
): Decision<MtlsMode> {
  const { port } = place;
  const combined = combinations(mesh, policies, place.namespace === mesh.settings.rootNamespace);
  const considered = peerSteps(policies);
  const [first] = combined;
  if (first === undefined || combined.length > combinationLimit)
    return unknown(missingOf(policies, combined), considered);
  const refuses = refusesPlaintext(first, port);
  if (combined.some((chosen) => refusesPlaintext(chosen, port) !== refuses))
    return unknown(missingOf(policies, combined), considered);
  return known(refuses ? 'STRICT' : 'PERMISSIVE', causeOf(first, port), [
    ...considered,
    ...oddities(first, port),
  ]);
}
