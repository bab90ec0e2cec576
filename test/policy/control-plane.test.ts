import { describe, expect, it } from 'vitest';
import { isControlPlane, isOutsideByNature } from '#policy/control-plane.js';
import { meshOf } from '../mesh/mesh-of.js';

function judge(namespace: string, labels: string, container: string): readonly [boolean, boolean] {
  const [workload] = meshOf(`
apiVersion: apps/v1
kind: Deployment
metadata: { name: it, namespace: ${namespace} }
spec:
  selector: { matchLabels: ${labels} }
  template:
    metadata: { labels: ${labels} }
    spec: { containers: [{ name: ${container}, image: example.com/it:1 }] }
`).workloads;
  if (workload === undefined) throw new Error('no workload');
  return [isControlPlane(workload), isOutsideByNature(workload)];
}

describe('isControlPlane, isOutsideByNature (labels of manifests/charts)', () => {
  it.each([
    ['istio-system', '{ app: istiod, istio: pilot }', 'discovery', true, true],
    ['istio-system', '{ app: ztunnel }', 'istio-proxy', true, true],
    ['kube-system', '{ k8s-app: istio-cni-node }', 'install-cni', true, true],
    ['kube-system', '{ k8s-app: kube-dns }', 'coredns', false, true],
    ['istio-system', '{ app: kiali }', 'kiali', false, false],
    ['istio-system', '{ app: istio-ingressgateway, istio: ingressgateway }', 'istio-proxy', false, false],
    ['shop', '{ app: cart }', 'cart', false, false],
  ])('namespace %s, labels %s, container %s', (namespace, labels, container, own, outside) => {
    expect(judge(namespace, labels, container)).toEqual([own, outside]);
  });
});
