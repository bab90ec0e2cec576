import {
  defineCheck,
  fail,
  listAt,
  pass,
  placeInControlPlane,
  shownControlPlanes,
  stringAt,
  unknown,
} from '#check';
import type { Mesh } from '#check';

const name = 'BLOCKED_CIDRS_IN_JWKS_URIS';

/** Without an inline key set istiod fetches the keys: from jwksUri, or from where the issuer says. */
const fetchesKeys = (mesh: Mesh): boolean =>
  mesh
    .ofKind('security.istio.io', 'RequestAuthentication')
    .some(({ object }) =>
      listAt(object, 'spec', 'jwtRules').some((rule) => (stringAt(rule, 'jwks') ?? '') === ''),
    );

export default defineCheck({
  meta: {
    id: 'CP-024',
    title: 'Control plane fetches token keys from any address',
    severity: 'low',
    confidence: 'high',
    profile: 'strict',
    examines: 'control planes',
    messages: {
      anywhere:
        'istiod of revision {revision} fetches the keys of tokens from whatever address a RequestAuthentication names, addresses inside the cluster included.',
    },
    remediation:
      'Set BLOCKED_CIDRS_IN_JWKS_URIS in the environment of istiod of revision {revision} to the address ranges that no issuer lives in: 169.254.0.0/16, 127.0.0.0/8 and those of pods and Services.',
    controls: ['nist-800-53-r5/SC-7(5)', 'nist-800-53-r5/CM-7', 'pci-dss-4.0.1/1.3.2'],
    aliases: ['IST0175'],
  },
  subjects: shownControlPlanes,
  unless: ({ mesh }) => (fetchesKeys(mesh) ? undefined : 'no RequestAuthentication has istiod fetch keys'),
  judge: (controlPlane) => {
    const { env, revision, values, container } = controlPlane;
    const set = env.findLast((entry) => entry.name === name);
    if (set !== undefined && set.value !== '') return pass;
    if (set === undefined && container === undefined && values === undefined)
      return unknown([{ key: 'istiod-environment', text: `environment of istiod (revision ${revision})` }]);
    const at = set?.at ?? placeInControlPlane(controlPlane, 'env');
    return fail({ message: 'anywhere', at, like: 'jwks', data: { revision } });
  },
});
