import { allOf, defineCheck, describe, fail, formerAnchor, pass, patchesOf, resources } from '#check';

export default defineCheck({
  meta: {
    id: 'EXT-007',
    title: 'EnvoyFilter is anchored on a filter name that no proxy has',
    severity: 'medium',
    confidence: 'high',
    examines: 'EnvoyFilters',
    messages: {
      renamed:
        '{filter} is anchored on {name}, which is called {today} today: the patch matches nothing and does nothing.',
      gone: '{filter} is anchored on {name}, which Istio no longer has: the patch matches nothing and does nothing.',
    },
    remediation:
      'Anchor the patch of {filter} on a filter that proxies have now, and check its effect with istioctl proxy-config.',
    controls: ['nist-800-53-r5/CM-6', 'istio-best-practices/validate-configuration'],
    aliases: ['IST0133'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'EnvoyFilter'),
  judge: (envoyFilter, { mesh }) =>
    allOf(
      patchesOf(envoyFilter).map((patch) => {
        const former = formerAnchor(patch);
        if (former === undefined) return pass;
        const { name, today, at } = former;
        const filter = describe(mesh, envoyFilter);
        return today === ''
          ? fail({ message: 'gone', at, data: { filter, name } })
          : fail({ message: 'renamed', at, data: { filter, name, today } });
      }),
    ),
});
