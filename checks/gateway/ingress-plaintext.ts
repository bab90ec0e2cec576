import { defineCheck, describe, fail, listAt, notApplicable, pass, resources, stringAt } from '#check';
import type { CheckContext, Resource } from '#check';

const controller = 'istio.io/ingress-controller';

/** Whether Istio serves an Ingress: by its class, or the class's controller (shouldProcessIngressWithClass in pilot/pkg/config/kube/ingress). */
function isIstios({ object }: Resource, { mesh }: CheckContext): boolean {
  const annotated = stringAt(object, 'metadata', 'annotations', 'kubernetes.io/ingress.class');
  if (annotated !== undefined)
    return annotated === (stringAt(mesh.settings.config, 'ingressClass') ?? 'istio');
  const name = stringAt(object, 'spec', 'ingressClassName');
  if (name === undefined) return false;
  const ingressClass = mesh.find('networking.k8s.io', 'IngressClass', '', name);
  return ingressClass === undefined
    ? name === 'istio'
    : stringAt(ingressClass.object, 'spec', 'controller') === controller;
}

export default defineCheck({
  meta: {
    id: 'GW-018',
    title: 'Ingress is served in plaintext',
    severity: 'high',
    confidence: 'high',
    examines: 'Ingresses that Istio serves',
    messages: {
      plaintext: '{ingress} has no tls section: Istio serves its hosts in plaintext on port 80 only.',
      also: '{ingress} is served with TLS and in plaintext as well: for every Ingress Istio opens port 80 for all hosts, without a redirect.',
    },
    remediation:
      'Replace {ingress} by a Gateway with an HTTPS server (and a redirect on port 80) and a VirtualService or HTTPRoute for its paths.',
    controls: ['nist-800-53-r5/SC-8(1)', 'nist-800-53-r5/AC-17(2)', 'pci-dss-4.0.1/4.2.1'],
    aliases: ['C-0266'],
  },
  subjects: (context) => resources(context, 'networking.k8s.io', 'Ingress'),
  judge: (ingress, context) => {
    if (!isIstios(ingress, context)) return notApplicable('Ingress is not served by Istio');
    if (listAt(ingress.object, 'spec', 'rules').length === 0) return pass;
    const hasTls = listAt(ingress.object, 'spec', 'tls').length > 0;
    return fail({
      message: hasTls ? 'also' : 'plaintext',
      at: { resource: ingress, path: ['spec'] },
      data: { ingress: describe(context.mesh, ingress) },
      ...(hasTls ? { severity: 'medium' as const } : {}),
    });
  },
});
