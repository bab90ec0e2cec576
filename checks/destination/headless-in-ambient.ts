import {
  allOf,
  defineCheck,
  describe,
  fail,
  firstProxied,
  notApplicable,
  pass,
  services,
  unknown,
} from '#check';

export default defineCheck({
  meta: {
    id: 'DR-014',
    title: 'Headless Service of ambient pods is called in plaintext',
    severity: 'medium',
    confidence: 'medium',
    examines: 'headless Services',
    messages: {
      plaintext:
        '{service} is headless and its pods are in ambient mode ({workload}): sidecars and gateways, such as {client}, call the address that DNS gives in plaintext and do not enter the tunnel.',
    },
    remediation:
      'Let sidecars and gateways call a Service of {workload} with a clusterIP; keep {service} for the pods to find each other.',
    controls: ['nist-800-204/MS-SS-4', 'nist-800-53-r5/SC-8(1)', 'pci-dss-4.0.1/4.2.1'],
  },
  subjects: services,
  judge: (service, { mesh, policies }) => {
    if (!service.headless) return notApplicable('Service has a clusterIP');
    const ambient = mesh.workloadsOf(service).find((workload) => {
      const enrolment = policies.enrolment(workload);
      return enrolment.known && enrolment.value.dataPlane === 'ambient';
    });
    if (ambient === undefined) return notApplicable('pods are not in ambient mode');
    const client = firstProxied(policies);
    if (client === undefined)
      return mesh.scope === 'complete'
        ? pass
        : unknown([{ key: 'workloads', text: 'workloads with sidecars, and gateways' }]);
    return allOf(
      service.ports.map(({ number, path }) => {
        const tls = policies.clientTls(client, { host: service.host, port: number });
        if (!tls.known) return unknown(tls.missing);
        if (tls.value.tls !== 'none') return pass;
        return fail({
          message: 'plaintext',
          at: { resource: service.resource, path },
          cause: 'headless',
          data: {
            service: describe(mesh, service.resource),
            workload: `${ambient.kind} ${ambient.name}`,
            client: client.id,
          },
        });
      }),
    );
  },
});
