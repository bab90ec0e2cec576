import { defineCheck, describe, fail, judgeReached, notApplicable, pass, resources, whenKnown } from '#check';

const plugins = ['WasmPlugin', 'TrafficExtension'] as const;

export default defineCheck({
  meta: {
    id: 'EXT-013',
    title: 'Plugin never runs in ambient mode',
    severity: 'medium',
    confidence: 'high',
    examines: 'WasmPlugins and TrafficExtensions without targetRefs',
    messages: {
      ignored: '{plugin} has no targetRefs: ztunnel runs no plugins, so it does nothing for {workload}.',
    },
    remediation:
      'Give {plugin} targetRefs to the waypoint of {workload} (kind Gateway), or to the Service that it serves.',
    controls: ['nist-800-53-r5/CM-6', 'nist-800-53-r5/AC-25', 'istio-best-practices/validate-configuration'],
    aliases: ['KIA1111', 'KIA1116'],
  },
  subjects: (context) => plugins.flatMap((kind) => resources(context, 'extensions.istio.io', kind)),
  judge: (plugin, context) =>
    whenKnown(context.policies.selection(plugin), ({ value: selection }) => {
      if (selection.scope === 'target-refs') return notApplicable('plugin has targetRefs');
      return judgeReached(selection, context, (workload, dataPlane) =>
        dataPlane === 'ambient'
          ? fail({
              message: 'ignored',
              at: { resource: plugin, path: ['spec'] },
              data: {
                plugin: describe(context.mesh, plugin),
                workload: describe(context.mesh, workload.resource),
              },
            })
          : pass,
      );
    }),
});
