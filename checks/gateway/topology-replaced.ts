import { defineCheck, describePods, fail, heldGatewayPods, noMeshConfig, pass, topologyFacts } from '#check';

export default defineCheck({
  meta: {
    id: 'GW-022',
    title: 'Annotation drops the gateway topology of the mesh',
    severity: 'medium',
    confidence: 'high',
    examines: 'gateway pods',
    messages: {
      dropped:
        'gatewayTopology in the annotation proxy.istio.io/config of {pods} takes the place of the mesh config as a whole: {dropped} is back at its default, so client addresses and certificates are read differently.',
    },
    remediation:
      'Repeat {dropped} under gatewayTopology in the annotation of {pods}, or remove gatewayTopology from it.',
    controls: ['nist-800-53-r5/CM-6', 'nist-800-53-r5/AC-4'],
  },
  subjects: heldGatewayPods,
  judge: (pods, context) => {
    const { dropped, isOwn, at } = topologyFacts(context.mesh, pods.workload);
    if (dropped.length === 0) return isOwn && !context.mesh.settings.known ? noMeshConfig : pass;
    return fail({
      message: 'dropped',
      at,
      data: { pods: describePods(context, pods), dropped: dropped.join(', ') },
    });
  },
});
