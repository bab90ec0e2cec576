import { defineCheck, fail, pass, shownControlPlanes, stringAt } from '#check';
import type { ControlPlane, FieldRef } from '#check';

const firstParty = 'first-party-jwt';

function placeOf({ resource, env, values }: ControlPlane): FieldRef | undefined {
  const set = env.findLast(({ name }) => name === 'JWT_POLICY');
  if (set?.value === firstParty) return set.at;
  return stringAt(values?.object, 'global', 'jwtPolicy') === firstParty
    ? { resource, path: [...(values?.path ?? []), 'global', 'jwtPolicy'] }
    : undefined;
}

export default defineCheck({
  meta: {
    id: 'CP-019',
    title: 'Proxies prove who they are by tokens that never expire',
    severity: 'medium',
    confidence: 'high',
    examines: 'control planes',
    messages: {
      firstParty:
        'Revision {revision} takes first-party tokens: the token of a service account, good for any audience, is enough to be given the certificate of a workload.',
    },
    remediation:
      'Remove jwtPolicy (third-party-jwt is the default) from the installation of revision {revision}.',
    controls: [
      'istio-best-practices/third-party-tokens',
      'nist-800-204/MS-SS-1',
      'nist-800-53-r5/IA-9',
      'nist-800-207a/ID-SEG-REC-2',
    ],
    aliases: ['snowcat/weak-service-account-authentication'],
  },
  subjects: shownControlPlanes,
  judge: (controlPlane) => {
    const at = placeOf(controlPlane);
    return at === undefined
      ? pass
      : fail({ message: 'firstParty', at, data: { revision: controlPlane.revision } });
  },
});
