import {
  defineCheck,
  describe,
  fail,
  listAt,
  notApplicable,
  pass,
  resources,
  stringAt,
  unknown,
  whenKnown,
} from '#check';
import type { Resource } from '#check';

const plugins = ['WasmPlugin', 'TrafficExtension'] as const;

const isForServersOnly = ({ object }: Resource): boolean => {
  const matches = listAt(object, 'spec', 'match');
  return matches.length > 0 && matches.every((match) => stringAt(match, 'mode') === 'SERVER');
};

export default defineCheck({
  meta: {
    id: 'EXT-005',
    title: 'Plugin never runs on the gateway that it selects',
    severity: 'high',
    confidence: 'high',
    examines: 'WasmPlugins and TrafficExtensions with match',
    messages: {
      never:
        '{plugin} is for mode SERVER only and selects the gateway {workload}: traffic of gateways counts as CLIENT, so it never runs there.',
    },
    remediation: 'Set match.mode of {plugin} to CLIENT, or remove match.',
    controls: ['nist-800-53-r5/CM-6', 'nist-800-53-r5/AC-3', 'nist-800-53-r5/SC-7'],
  },
  subjects: (context) => plugins.flatMap((kind) => resources(context, 'extensions.istio.io', kind)),
  judge: (plugin, { mesh, policies }) => {
    if (!isForServersOnly(plugin)) return pass;
    return whenKnown(policies.selection(plugin), ({ value: { workloads, inert } }) => {
      if (inert !== undefined) return notApplicable('plugin has no effect');
      if (workloads.length === 0)
        return mesh.scope === 'complete'
          ? notApplicable('plugin selects nothing')
          : unknown([{ key: 'workloads', text: `workloads that ${describe(mesh, plugin)} selects` }]);
      const gateway = workloads.find((workload) => {
        const enrolment = policies.enrolment(workload);
        return enrolment.known && enrolment.value.dataPlane === 'gateway';
      });
      const others = workloads.some((workload) => {
        const enrolment = policies.enrolment(workload);
        return !enrolment.known || enrolment.value.dataPlane !== 'gateway';
      });
      if (gateway === undefined || others) return pass;
      return fail({
        message: 'never',
        at: { resource: plugin, path: ['spec', 'match'] },
        data: { plugin: describe(mesh, plugin), workload: gateway.id },
      });
    });
  },
});
