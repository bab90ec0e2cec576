import {
  allOf,
  defineCheck,
  describe,
  fail,
  notApplicable,
  pass,
  resources,
  stringAt,
  unknown,
  whenKnown,
} from '#check';
import type { CheckContext, Resource, TlsBlock, Workload } from '#check';

const disables = ({ object }: Resource): boolean => stringAt(object, 'spec', 'mtls', 'mode') === 'DISABLE';

function judgeServer(
  workload: Workload,
  rule: Resource,
  { at, reach }: TlsBlock,
  { mesh, policies }: CheckContext,
) {
  return whenKnown(policies.peerMtls(workload, '*'), ({ value: mode, decidedBy }) => {
    if (decidedBy === 'default' || decidedBy.resource.kind !== 'PeerAuthentication') return pass;
    if (mode !== 'DISABLE') return pass;
    return fail({
      message: 'refused',
      at: { ...at, path: [...at.path, 'mode'] },
      data: {
        rule: describe(mesh, rule),
        host: policies.destination(rule).host,
        reach,
        policy: describe(mesh, decidedBy.resource),
        workload: describe(mesh, workload.resource),
      },
      related: [{ at: decidedBy, note: 'switches mTLS off at the server' }],
    });
  });
}

export default defineCheck({
  meta: {
    id: 'DR-012',
    title: 'Clients use mTLS and the server has it switched off',
    severity: 'low',
    confidence: 'high',
    examines: 'DestinationRules with ISTIO_MUTUAL',
    messages: {
      refused:
        '{rule} asks for ISTIO_MUTUAL to {host} ({reach}), but {policy} sets DISABLE at {workload}: the connections fail.',
    },
    remediation:
      'Set the mode of {policy} to STRICT, or PERMISSIVE for the time of a migration; {rule} is right as it is.',
    controls: ['nist-800-53-r5/SC-8(1)', 'nist-800-53-r5/CM-6', 'istio-best-practices/strict-mtls'],
    aliases: ['KIA0505', 'KIA0506'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'DestinationRule'),
  judge: (rule, context) => {
    const { mesh, policies } = context;
    const { host, tls, services } = policies.destination(rule);
    const mutual = tls.filter(({ mode }) => mode === 'ISTIO_MUTUAL');
    if (mutual.length === 0) return notApplicable('DestinationRule does not ask for ISTIO_MUTUAL');
    if (!mesh.ofKind('security.istio.io', 'PeerAuthentication').some(disables))
      return notApplicable('nothing in the input switches mTLS off');
    const servers = services
      .flatMap((service) => mesh.workloadsOf(service))
      .filter((workload) => {
        const enrolment = policies.enrolment(workload);
        return enrolment.known && enrolment.value.dataPlane === 'sidecar';
      });
    if (servers.length === 0)
      return mesh.scope === 'complete'
        ? notApplicable('no pod with a sidecar is behind the host')
        : unknown([{ key: 'workloads', text: `workloads behind ${host}` }]);
    return allOf(
      mutual.flatMap((block) => servers.map((server) => judgeServer(server, rule, block, context))),
    );
  },
});
