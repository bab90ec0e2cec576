import { defineCheck, describe, fail, notApplicable, pass, resources, unknown } from '#check';
import type { CheckContext, Destination, MissingEvidence, Service } from '#check';

type Servers = 'enrolled' | 'outside' | readonly MissingEvidence[];

/** Whether any pod behind the services has a sidecar that would have spoken mTLS; ambient pods get HBONE all the same. */
function serversOf(services: readonly Service[], { mesh, policies }: CheckContext): Servers {
  const enrolments = services.flatMap((service) => mesh.workloadsOf(service)).map(policies.enrolment);
  if (
    enrolments.some(({ known }) => known) &&
    enrolments.some((one) => one.known && one.value.dataPlane === 'sidecar')
  )
    return 'enrolled';
  const missing = enrolments.flatMap((one) => (one.known ? [] : one.missing));
  const empty = services.filter((service) => mesh.workloadsOf(service).length === 0);
  if (missing.length > 0 || mesh.scope === 'complete') return missing.length > 0 ? missing : 'outside';
  const absent = empty.map(({ host }) => ({ key: 'workloads', text: `workloads behind ${host}` }));
  return absent.length > 0 ? absent : 'outside';
}

function serversBehind({ host, services }: Destination, context: CheckContext): Servers {
  if (services.length > 0) return serversOf(services, context);
  return context.mesh.scope === 'complete'
    ? 'outside'
    : [{ key: 'service', text: `Service of host ${host}` }];
}

export default defineCheck({
  meta: {
    id: 'DR-001',
    title: 'DestinationRule switches mTLS off for clients',
    severity: 'high',
    confidence: 'medium',
    examines: 'DestinationRules with a tls block',
    messages: {
      disabled:
        '{rule} sets tls mode {mode} for {host} ({reach}): its clients call pods with sidecars in plaintext.',
    },
    remediation:
      'Remove the tls block from {rule} so that automatic mTLS holds, or set its mode to ISTIO_MUTUAL; set STRICT at the servers of {host} to have plaintext refused.',
    controls: [
      'nist-800-204/MS-SS-4',
      'nist-800-207a/ID-SEG-REC-1',
      'nist-800-53-r5/SC-8(1)',
      'pci-dss-4.0.1/2.2.7',
    ],
    aliases: ['KIA0207', 'KIA0208', 'prisma/427'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'DestinationRule'),
  judge: (rule, context) => {
    const destination = context.policies.destination(rule);
    if (destination.tls.length === 0) return notApplicable('DestinationRule has no tls block');
    const disabled = destination.tls.filter(({ mode }) => mode === 'DISABLE');
    if (disabled.length === 0) return pass;
    if (!destination.clusterLocal) return notApplicable('host is outside the mesh');
    const servers = serversBehind(destination, context);
    if (servers === 'outside') return notApplicable('no pod behind the host has a sidecar');
    if (servers !== 'enrolled') return unknown(servers);
    return fail(
      ...disabled.map(({ at, tls, reach }) => ({
        message: 'disabled' as const,
        at: tls['mode'] === undefined ? at : { ...at, path: [...at.path, 'mode'] },
        data: {
          rule: describe(context.mesh, rule),
          mode: tls['mode'] === undefined ? 'no mode, which means DISABLE,' : 'DISABLE',
          host: destination.host,
          reach,
        },
      })),
    );
  },
});
