import { describe, expect, it } from 'vitest';
import { otherMesh } from '#policy/other-mesh.js';
import { meshOf } from '../mesh/mesh-of.js';

function meshOfPod(namespace: string, pod: string): string | undefined {
  const mesh = meshOf(`
apiVersion: v1
kind: Namespace
metadata: { name: shop, ${namespace} }
---
apiVersion: v1
kind: Pod
metadata: { name: cart, namespace: shop, ${pod} }
spec: { containers: [{ name: cart, image: example.com/cart:1 }] }
`);
  const [workload] = mesh.workloads;
  if (workload === undefined) throw new Error('no workload');
  return otherMesh(mesh, workload);
}

describe('otherMesh', () => {
  it.each([
    ['annotations: { linkerd.io/inject: enabled }', 'labels: {}', 'Linkerd'],
    [
      'annotations: { linkerd.io/inject: enabled }',
      'annotations: { linkerd.io/inject: disabled }',
      undefined,
    ],
    ['labels: {}', 'annotations: { consul.hashicorp.com/connect-inject: "true" }', 'Consul'],
    ['labels: { kuma.io/sidecar-injection: enabled }', 'labels: {}', 'Kuma'],
    ['labels: { appmesh.k8s.aws/sidecarInjectorWebhook: enabled }', 'labels: {}', 'App Mesh'],
    ['labels: { istio-injection: enabled }', 'labels: {}', undefined],
  ])('namespace %s, pod %s: %s', (namespace, pod, expected) => {
    expect(meshOfPod(namespace, pod)).toBe(expected);
  });
});
