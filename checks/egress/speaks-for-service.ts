import { allOf, defineCheck, describe, fail, pass, resources, takenServiceHosts } from '#check';

export default defineCheck({
  meta: {
    id: 'EGR-004',
    title: 'ServiceEntry speaks for a Service of another namespace',
    severity: 'high',
    confidence: 'medium',
    examines: 'ServiceEntries',
    messages: {
      taken:
        '{entry} declares the host {host}, the name of a Service of another namespace, with endpoints of its own: clients that see the entry may be sent there instead of to that Service.',
      form: '{entry} declares the host {host}, which has the form of a Service of another namespace, with endpoints of its own: where there is such a Service, clients that see the entry may be sent past it.',
    },
    remediation:
      'Remove {host} from {entry}; send traffic for it elsewhere by a VirtualService in the namespace of the Service.',
    controls: ['nist-800-53-r5/SC-7', 'nist-800-53-r5/AC-4', 'nist-800-53-r5/AC-6'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'ServiceEntry'),
  judge: (entry, { mesh }) => {
    const taken = takenServiceHosts(mesh, entry);
    if (taken.length === 0) return pass;
    return allOf(
      taken.map(({ value, at }) =>
        fail({
          ...(mesh.serviceByHost(value) === undefined
            ? { message: 'form', severity: 'medium' }
            : { message: 'taken' }),
          at,
          data: { entry: describe(mesh, entry), host: value },
        }),
      ),
    );
  },
});
