import { defineCheck, describePods, fail, heldGatewayPods, noMeshConfig, pass, topologyFacts } from '#check';

export default defineCheck({
  meta: {
    id: 'GW-023',
    title: 'Gateway passes on the identity header that clients write',
    severity: 'high',
    confidence: 'high',
    examines: 'gateway pods',
    messages: {
      believed:
        'forwardClientCertDetails is ALWAYS_FORWARD_ONLY for {pods}: the header x-forwarded-client-cert reaches the services as the client wrote it.',
    },
    remediation:
      'Set gatewayTopology.forwardClientCertDetails of {pods} to SANITIZE_SET (the default), or to APPEND_FORWARD behind a proxy that authenticates with mTLS.',
    controls: ['nist-800-53-r5/IA-3', 'nist-800-53-r5/SC-23', 'nist-800-53-r5/AC-3'],
  },
  subjects: heldGatewayPods,
  judge: (pods, context) => {
    const { forwardsClientHeader, isOwn, at } = topologyFacts(context.mesh, pods.workload);
    if (!forwardsClientHeader) return isOwn || context.mesh.settings.known ? pass : noMeshConfig;
    return fail({ message: 'believed', at, data: { pods: describePods(context, pods) } });
  },
});
