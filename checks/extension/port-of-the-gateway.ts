import {
  allOf,
  defineCheck,
  describe,
  describePods,
  fail,
  notApplicable,
  pass,
  pickedPorts,
  resources,
  translatedPorts,
  unknown,
  whenKnown,
} from '#check';
import type { CheckContext, Resource, Subject } from '#check';

const extensions = (context: CheckContext): readonly Subject<Resource>[] => [
  ...resources(context, 'networking.istio.io', 'EnvoyFilter'),
  ...resources(context, 'extensions.istio.io', 'WasmPlugin'),
  ...resources(context, 'extensions.istio.io', 'TrafficExtension'),
];

export default defineCheck({
  meta: {
    id: 'EXT-016',
    title: 'Extension is limited to a port that the gateway pods do not have',
    severity: 'medium',
    confidence: 'high',
    examines: 'EnvoyFilters and plugins that are limited to ports',
    messages: {
      inert:
        '{extension} is limited to port {number}, for which {pods} listen on {port}: it is in no listener there, and what it is to check is not checked.',
    },
    remediation:
      'Write {port} instead of {number} in {extension}: listeners go by the port of the pod, not of the Gateway or Service.',
    controls: ['nist-800-53-r5/CM-6', 'nist-800-53-r5/SC-7'],
  },
  subjects: extensions,
  judge: (extension, context) => {
    const picked = pickedPorts(extension);
    if (picked.length === 0) return notApplicable('extension is not limited to ports');
    const { mesh, policies } = context;
    return whenKnown(policies.selection(extension), ({ value: { workloads, inert } }) => {
      if (inert !== undefined) return notApplicable('extension has no effect');
      const gateways = policies
        .gatewayPods()
        .filter(({ selectedBy, workload }) => selectedBy === undefined && workloads.includes(workload));
      if (gateways.length === 0)
        return mesh.scope === 'partial' && workloads.length === 0
          ? unknown([{ key: 'workloads', text: `workloads that ${describe(mesh, extension)} selects` }])
          : notApplicable('extension reaches no gateway');
      return allOf(
        gateways.map((pods) =>
          whenKnown(pods.listeners, () => {
            const translated = translatedPorts(pods);
            return allOf(
              picked.map(({ number, at }) => {
                const port = translated.get(number);
                if (port === undefined) return pass;
                return fail({
                  message: 'inert',
                  at,
                  data: {
                    extension: describe(mesh, extension),
                    number,
                    port,
                    pods: describePods(context, pods),
                  },
                });
              }),
            );
          }),
        ),
      );
    });
  },
});
