import { defineCheck, fail, isOutsideByNature, notApplicable, pass, services, unknown } from '#check';

export default defineCheck({
  meta: {
    id: 'CAP-006',
    title: 'UDP port goes past the mesh',
    severity: 'low',
    confidence: 'high',
    examines: 'Services of workloads',
    messages: {
      udp: 'Port {port} of {subjects} is UDP, which no proxy of the mesh handles: no mTLS, no policy and no log applies there.',
    },
    remediation:
      'Protect port {port} by a NetworkPolicy and by what the protocol itself offers (DTLS, QUIC), or use TCP.',
    controls: ['nist-800-53-r5/SC-7(5)', 'nist-800-53-r5/SC-8(1)', 'istio-best-practices/traffic-capture'],
  },
  subjects: services,
  judge: (service, { mesh, policies }) => {
    const udp = service.ports.filter(({ protocol }) => protocol === 'UDP');
    if (udp.length === 0 && mesh.workloadsOf(service).some((workload) => !isOutsideByNature(workload)))
      return pass;
    const workloads = mesh.workloadsOf(service).filter((workload) => !isOutsideByNature(workload));
    if (workloads.length === 0) return notApplicable('Service has no workload in the input');
    const enrolments = workloads.map((workload) => policies.enrolment(workload));
    const isEnrolled = enrolments.some(
      (one) => one.known && (one.value.dataPlane === 'sidecar' || one.value.dataPlane === 'ambient'),
    );
    const missing = enrolments.flatMap((one) => (one.known ? [] : one.missing));
    if (!isEnrolled && missing.length > 0) return unknown(missing);
    if (!isEnrolled) return notApplicable('no workload of the Service is in the mesh');
    return fail(
      ...udp.map(({ number, path }) => ({
        message: 'udp' as const,
        at: { resource: service.resource, path },
        data: { port: number },
      })),
    );
  },
});
