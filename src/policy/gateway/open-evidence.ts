import type { Mesh } from '#mesh/mesh.js';
import type { MissingEvidence } from '#policy/decision.js';
import { holdsSecrets } from './credentials.js';
import type { ConnectionDecision, ConnectionOutcome } from './connection-decision.js';

const elsewhere: MissingEvidence = {
  key: 'gateway-configuration',
  text: 'gateways, routes and Services outside the input',
};

/** Ends that no credential would change. */
const turnedAway: ReadonlySet<ConnectionOutcome | 'unknown'> = new Set([
  'tls-refused',
  'closed',
  'no-listener',
  'listener-rejected',
]);

/**
 * What a connection decision leaves open: in a partial scope other gateways and routes may change it; in any, the
 * credentials that are only taken to be there.
 */
export function openEvidence(
  mesh: Mesh,
  { missing, path, outcome }: ConnectionDecision,
): readonly MissingEvidence[] {
  const credentials = turnedAway.has(outcome) ? [] : (path.chain?.tls?.credentials ?? []);
  const assumed = credentials.flatMap((credential) => credential.assumed ?? []);
  const unseen = assumed.map((place) => ({
    key: 'credential',
    text: holdsSecrets(mesh) ? place : `${place}: the input holds no Secrets`,
  }));
  return mesh.scope === 'complete' ? [...missing, ...unseen] : [...missing, elsewhere];
}
