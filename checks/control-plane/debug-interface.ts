import {
  defineCheck,
  fail,
  parseGoBool,
  pass,
  placeInControlPlane,
  shownControlPlanes,
  unknown,
} from '#check';

const name = 'ENABLE_DEBUG_ON_HTTP';

export default defineCheck({
  meta: {
    id: 'CP-004',
    title: 'Debug interface of istiod is on',
    severity: 'low',
    confidence: 'high',
    profile: 'strict',
    examines: 'control planes',
    messages: {
      open: 'istiod of revision {revision} keeps its debug interface on (ports 8080 and 15014): a caller with the token of some service account reads configuration there, of other namespaces too in older releases.',
    },
    remediation:
      'Set ENABLE_DEBUG_ON_HTTP=false in the environment of istiod (chart value pilot.env) of revision {revision}.',
    controls: [
      'istio-best-practices/debug-endpoints',
      'nist-800-53-r5/CM-7',
      'pci-dss-4.0.1/2.2.4',
      'cis-controls-8.1/4.8',
    ],
  },
  subjects: shownControlPlanes,
  judge: (controlPlane) => {
    const { env, revision, values, container } = controlPlane;
    const set = env.findLast((entry) => entry.name === name);
    if (set !== undefined && parseGoBool(set.value) === false) return pass;
    if (set === undefined && container === undefined && values === undefined)
      return unknown([{ key: 'istiod-environment', text: `environment of istiod (revision ${revision})` }]);
    const at = set?.at ?? placeInControlPlane(controlPlane, 'env');
    return fail({ message: 'open', at, like: 'debug', data: { revision } });
  },
});
