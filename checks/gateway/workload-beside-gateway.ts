import {
  allOf,
  defineCheck,
  describe,
  fail,
  isOpen,
  notApplicable,
  pass,
  services,
  whenEnrolled,
  whenKnown,
} from '#check';
import type { CheckContext, Service, Workload } from '#check';

function judgePorts(service: Service, workload: Workload, { mesh, policies }: CheckContext) {
  const ports = policies
    .inboundPorts(workload)
    .filter((port) => port.services.some((one) => one.service === service));
  return allOf(
    ports.map(({ number }) =>
      whenKnown(policies.peerMtls(workload, number), ({ value: mode }) =>
        mode === 'STRICT'
          ? pass
          : fail({
              message: 'beside',
              at: { resource: service.resource, path: ['spec', 'type'] },
              data: {
                service: describe(mesh, service.resource),
                type: service.type,
                workload: workload.id,
                mode,
              },
            }),
      ),
    ),
  );
}

export default defineCheck({
  meta: {
    id: 'GW-025',
    title: 'Workload is open to the outside past the gateways',
    severity: 'medium',
    confidence: 'high',
    examines: 'Services that are open to the outside',
    messages: {
      beside:
        '{service} of type {type} leads clients outside the cluster straight to {workload}, past every gateway, and plaintext is accepted there (mTLS mode {mode}).',
    },
    remediation:
      'Set spec.type of {service} to ClusterIP and publish {workload} through a gateway; where the port has to stay open, require STRICT mTLS or limit the callers by NetworkPolicy and loadBalancerSourceRanges.',
    controls: ['nist-800-53-r5/SC-7', 'nist-800-204/MS-SS-4', 'pci-dss-4.0.1/1.4.2'],
  },
  subjects: services,
  judge: (service, context) => {
    if (!isOpen(service)) return notApplicable('Service is not open to the outside');
    const workloads = context.mesh.workloadsOf(service);
    if (workloads.length === 0) return notApplicable('no workload behind the Service');
    return allOf(
      workloads.map((workload) =>
        whenEnrolled(workload, context, () => judgePorts(service, workload, context)),
      ),
    );
  },
});
