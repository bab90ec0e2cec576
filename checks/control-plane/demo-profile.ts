import { defineCheck, fail, pass, resources, stringAt } from '#check';

/** Profiles that are not meant for production (manifests/profiles, https://istio.io/latest/docs/setup/additional-setup/config-profiles/). */
const trials: ReadonlyMap<string, string> = new Map([
  ['demo', 'it logs everything and sets limits too low for load'],
  ['preview', 'it switches experimental features on'],
]);

export default defineCheck({
  meta: {
    id: 'CP-018',
    title: 'Installation uses a profile for trials',
    severity: 'low',
    confidence: 'high',
    examines: 'installations by profile',
    messages: { trial: '{installation} installs the profile {profile}, which is not for production: {why}.' },
    remediation: 'Use profile: default (or ambient) in {installation} and set what is needed beside it.',
    controls: ['nist-800-53-r5/CM-2', 'nist-800-53-r5/CM-6', 'istio-best-practices/maturity-of-features'],
  },
  subjects: (context) => [
    ...resources(context, 'install.istio.io', 'IstioOperator'),
    ...resources(context, 'sailoperator.io', 'Istio'),
  ],
  judge: (resource) => {
    const profile = stringAt(resource.object, 'spec', 'profile') ?? 'default';
    const why = trials.get(profile);
    if (why === undefined) return pass;
    const installation = resource.name === '' ? resource.kind : `${resource.kind} ${resource.name}`;
    return fail({
      message: 'trial',
      at: { resource, path: ['spec', 'profile'] },
      data: { installation, profile, why },
    });
  },
});
