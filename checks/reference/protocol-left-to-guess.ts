import { defineCheck, describe, fail, notApplicable, pass, services } from '#check';
import type { CheckContext, Service } from '#check';

const isInMesh = (service: Service, { mesh, policies }: CheckContext): boolean =>
  mesh.workloadsOf(service).some((workload) => {
    const enrolment = policies.enrolment(workload);
    return (
      enrolment.known && (enrolment.value.dataPlane === 'sidecar' || enrolment.value.dataPlane === 'ambient')
    );
  });

export default defineCheck({
  meta: {
    id: 'REF-017',
    title: 'Protocol of a port is left to be guessed',
    severity: 'low',
    confidence: 'high',
    profile: 'strict',
    examines: 'Services of workloads in the mesh',
    messages: {
      guessed:
        'Port {port} of {service} says no protocol: the proxy guesses from the first bytes of each connection, and policies on paths or methods hold only where it guesses HTTP.',
    },
    remediation:
      'Set appProtocol of port {port} of {service} (http, grpc, tcp …), or begin its name with the protocol.',
    controls: ['nist-800-53-r5/CM-6', 'istio-best-practices/explicit-protocols'],
    aliases: ['IST0118', 'KIA0601', 'KIA0602', 'AllowedServicePortName', 'istio-vet/serviceportprefix'],
  },
  subjects: services,
  judge: (service, context) => {
    if (!isInMesh(service, context)) return notApplicable('Service has no workload in the mesh');
    const guessed = service.ports.filter(({ protocol }) => protocol === 'auto');
    const [first] = guessed;
    if (first === undefined) return pass;
    return fail({
      message: 'guessed',
      at: { resource: service.resource, path: first.path },
      like: `guessed ${service.resource.origin.file}`,
      data: {
        service: describe(context.mesh, service.resource),
        port: guessed.map(({ number }) => number).join(', '),
      },
    });
  },
});
