import { defineCheck, describe, fail, metadataDestinations, pass, resources } from '#check';

export default defineCheck({
  meta: {
    id: 'EGR-007',
    title: 'ServiceEntry opens the metadata service of the cloud',
    severity: 'medium',
    confidence: 'medium',
    examines: 'ServiceEntries',
    messages: {
      metadata:
        '{entry} makes {value} known to the mesh: the metadata service, which hands out credentials of the node, or of the pod where the cloud has workload identities.',
    },
    remediation:
      'Remove {value} from {entry}; give workloads cloud identities of their own (workload identity, IRSA), and block the address by NetworkPolicy.',
    controls: ['nist-800-53-r5/AC-6', 'nist-800-53-r5/SC-7(5)', 'pci-dss-4.0.1/1.3.2'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'ServiceEntry'),
  judge: (entry, { mesh }) => {
    const found = metadataDestinations(entry);
    const [first] = found;
    if (first === undefined) return pass;
    return fail({
      message: 'metadata',
      at: first.at,
      data: { entry: describe(mesh, entry), value: found.map(({ value }) => value).join(' and ') },
    });
  },
});
