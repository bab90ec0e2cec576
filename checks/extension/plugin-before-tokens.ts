import {
  defineCheck,
  describe,
  fail,
  judgeReached,
  notApplicable,
  pass,
  resources,
  stringAt,
  unknown,
  whenKnown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'EXT-028',
    title: 'Plugin sees tokens that nobody has checked',
    severity: 'info',
    confidence: 'high',
    profile: 'strict',
    examines: 'WasmPlugins and TrafficExtensions of phase AUTHN',
    messages: {
      before:
        '{plugin} of phase AUTHN runs at {workload} before {authentication} checks tokens and before policies decide: what it reads of a token or an identity header may be forged.',
    },
    remediation: 'Set spec.phase of {plugin} to AUTHZ, if it relies on what a token says.',
    controls: ['nist-800-53-r5/IA-9', 'nist-800-53-r5/CM-6'],
  },
  subjects: (context) =>
    ['WasmPlugin', 'TrafficExtension'].flatMap((kind) => resources(context, 'extensions.istio.io', kind)),
  judge: (plugin, context) => {
    if (stringAt(plugin.object, 'spec', 'phase') !== 'AUTHN')
      return notApplicable('plugin runs after tokens are checked');
    const { mesh, policies } = context;
    if (mesh.ofKind('security.istio.io', 'RequestAuthentication').length === 0)
      return notApplicable('no object of the input checks tokens');
    return whenKnown(policies.selection(plugin), ({ value }) =>
      judgeReached(value, context, (workload) => {
        const tokens = policies.requestAuthentication(workload);
        if (!tokens.known) return unknown(tokens.missing);
        const [issuer] = tokens.value.issuers;
        if (issuer === undefined) return pass;
        return fail({
          message: 'before',
          at: { resource: plugin, path: ['spec', 'phase'] },
          data: {
            plugin: describe(mesh, plugin),
            workload: workload.id,
            authentication: describe(mesh, issuer.policy.resource),
          },
        });
      }),
    );
  },
});
