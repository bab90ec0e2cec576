import type { Mesh } from '#mesh/mesh.js';
import { choicesOf } from './ambient/chosen-peer-authentications.js';
import type { Chosen } from './ambient/chosen-peer-authentications.js';
import { convertPeerAuthentications } from './ambient/convert-peer-authentication.js';
import type { ConvertedPeerAuthentications } from './ambient/convert-peer-authentication.js';
import { known, unknown } from './decision.js';
import type { Cause, Decision, Step } from './decision.js';
import { policyMode, portModes } from './peer-authentications.js';
import type { PeerAuthentications } from './peer-authentications.js';
import { peerSteps } from './peer-mtls-sidecar.js';
import type { MtlsMode } from './policies.js';
import type { Facts } from './rule/facts.js';
import { ruleTest } from './rule/match-rule.js';

/** A connection outside the tunnel, of which nothing but the port is asked. */
function plaintextTo(port: number): Facts {
  return {
    identity: '',
    sni: '',
    port,
    directIp: undefined,
    remoteIp: undefined,
    destinationIp: undefined,
    http: undefined,
    hasMetadata: false,
  };
}

function refusesPlaintext({ policies }: ConvertedPeerAuthentications, port: number | '*'): boolean {
  // Port 0 is none, so no policy that is in force names it.
  const facts = plaintextTo(port === '*' ? 0 : port);
  return policies.some(({ rules }) => rules.some((rule) => ruleTest(rule)(facts) === true));
}

function causeOf({ workload, namespace, mesh }: Chosen, port: number | '*'): Cause {
  const single = workload && port !== '*' ? portModes(workload.resource).get(port) : undefined;
  if (workload && single) return { resource: workload.resource, path: single.path };
  for (const reading of [workload, namespace, mesh]) {
    const set = reading?.resource && policyMode(reading.resource);
    if (reading?.resource && set) return { resource: reading.resource, path: set.path };
  }
  return 'default';
}

/** A policy set wrongly for ztunnel: the note says what becomes of it. */
function oddities({ workload }: Chosen, { skipped }: ConvertedPeerAuthentications): readonly Step[] {
  if (workload === undefined) return [];
  const at = { resource: workload.resource, path: ['spec', 'portLevelMtls'] };
  if (skipped.length > 0)
    return [
      {
        at,
        note: 'istiod refers ztunnel to a policy that it does not build from this one: nothing is enforced',
      },
    ];
  const disables = [...workload.ports.values()].includes('DISABLE');
  return disables ? [{ at, note: 'ztunnel knows no DISABLE: it is read as PERMISSIVE, or not at all' }] : [];
}

/**
 * The mode that ztunnel enforces on a pod port: STRICT where it refuses plaintext, else PERMISSIVE; DISABLE does not
 * exist, HBONE is always accepted. PeerAuthentication reaches it as deny policies that istiod converts, and they alone
 * are asked here (pilot/pkg/serviceregistry/ambient/authorization.go, policies.go, workloads.go).
 */
export function ambientMode(
  mesh: Mesh,
  policies: PeerAuthentications,
  place: { readonly namespace: string; readonly port: number | '*' },
): Decision<MtlsMode> {
  const { combinations, missing } = choicesOf(mesh, policies, place.namespace);
  const considered = peerSteps(policies);
  const modes = combinations.map((chosen) => {
    const converted = convertPeerAuthentications(mesh, chosen);
    return { chosen, converted, refuses: refusesPlaintext(converted, place.port) };
  });
  const [first] = modes;
  if (first === undefined || modes.some(({ refuses }) => refuses !== first.refuses))
    return unknown(missing, considered);
  return known(first.refuses ? 'STRICT' : 'PERMISSIVE', causeOf(first.chosen, place.port), [
    ...considered,
    ...oddities(first.chosen, first.converted),
  ]);
}
