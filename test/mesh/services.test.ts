import { describe, expect, it } from 'vitest';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { targetPortOf } from '#mesh/target-port.js';
import { meshOf } from './mesh-of.js';

function deployment(name: string, labels: string, namespace = 'n'): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  template:
    metadata: { labels: { ${labels} } }
    spec:
      containers: [{ name: app, ports: [{ name: web, containerPort: 8080 }, { name: dns, containerPort: 53, protocol: UDP }] }]
      initContainers: [{ name: native, restartPolicy: Always, ports: [{ name: admin, containerPort: 9000 }] }, { name: once, ports: [{ name: once, containerPort: 1 }] }]
---`;
}

function service(name: string, spec: string, more = ''): string {
  return `
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: n${more} }
spec: { ${spec}, ports: [{ port: 80 }] }
---`;
}

function selected(mesh: Mesh): Record<string, readonly string[]> {
  return Object.fromEntries(
    mesh.services.map((each) => [each.name, mesh.workloadsOf(each).map(({ name }) => name)]),
  );
}

describe('what a Service selects', () => {
  it('is the workloads of its namespace whose labels contain the selector', () => {
    const mesh = meshOf(
      deployment('a', 'app: x, v: one') +
        deployment('b', 'app: x, v: two') +
        deployment('elsewhere', 'app: x', 'other') +
        service('both', 'selector: { app: x }') +
        service('one', 'selector: { app: x, v: one }') +
        service('headless', 'clusterIP: None, selector: { v: two }') +
        service('none', 'selector: { app: y }') +
        service('external', 'type: ExternalName, externalName: example.com, selector: { app: x }') +
        service('manual', 'selector: {}'),
    );
    expect(selected(mesh)).toEqual({
      both: ['a', 'b'],
      one: ['a'],
      headless: ['b'],
      none: [],
      external: [],
      manual: [],
    });
    const [a] = mesh.workloadsIn('n');
    expect(a && mesh.servicesOf(a).map(({ name }) => name)).toEqual(['both', 'one']);
    expect(mesh.serviceByHost('headless.n.svc.cluster.local')).toMatchObject({
      headless: true,
      name: 'headless',
    });
  });

  it('is what Endpoints and EndpointSlices name when there is no selector', () => {
    const pod = (name: string): string => `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: n }
spec: { containers: [] }
---`;
    const mesh =
      meshOf(`${pod('p1')}${pod('p2')}${service('sliced', 'type: ClusterIP')}${service('old', 'type: ClusterIP')}
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: sliced-x, namespace: n, labels: { kubernetes.io/service-name: sliced } }
endpoints: [{ targetRef: { kind: Pod, name: p1 } }, { targetRef: { kind: Node, name: p2 } }, {}]
---
apiVersion: v1
kind: Endpoints
metadata: { name: old, namespace: n }
subsets: [{ addresses: [{ targetRef: { kind: Pod, name: p2, namespace: n } }] }]
`);
    expect(selected(mesh)).toEqual({ old: ['p2'], sliced: ['p1'] });
    const [p1] = mesh.workloads;
    expect(p1 && mesh.servicesOf(p1).map(({ name }) => name)).toEqual(['sliced']);
  });
});

describe('the Services of a workload', () => {
  const mesh = meshOf(
    deployment('a', 'app: x, v: one') +
      deployment('b', 'app: x, v: two') +
      service('both', 'selector: { app: x }') +
      service('one', 'selector: { app: x, v: one }') +
      service('external', 'type: ExternalName, externalName: example.com, selector: { app: x }') +
      service('manual', 'selector: {}'),
  );
  const names = (workload: Workload): readonly string[] => mesh.servicesOf(workload).map(({ name }) => name);

  it('are those that select it, in their order', () => {
    expect(mesh.workloads.map(names)).toEqual([['both', 'one'], ['both']]);
  });

  it('are found by labels for pods that stand for some outside of the input', () => {
    const outside = mesh.workloads.map((workload) => ({ ...workload, ordinal: -1 }));
    expect(outside.map(names)).toEqual(mesh.workloads.map(names));
    expect(outside.map((workload) => names({ ...workload, namespace: 'other' }))).toEqual([[], []]);
  });
});

describe('order of Services', () => {
  it('is by age, then by host name: a dash sorts before the dot that ends a shorter name', () => {
    const at = (time: string): string => `, creationTimestamp: "${time}"`;
    const mesh = meshOf(
      service('young', 'type: ClusterIP', at('2024-01-02T00:00:00Z')) +
        service('pay', 'type: ClusterIP', at('2024-01-01T00:00:00Z')) +
        service('pay-alt', 'type: ClusterIP', at('2024-01-01T01:00:00+01:00')) +
        service('ageless', 'type: ClusterIP'),
    );
    expect(mesh.services.map(({ name }) => name)).toEqual(['ageless', 'pay-alt', 'pay', 'young']);
  });
});

describe('target port', () => {
  /** FindPort in Istio's pilot/pkg/serviceregistry/kube/controller/util.go. */
  it.each([
    ['port: 80', 80],
    ['port: 80, targetPort: 0', 80],
    ['port: 80, targetPort: 8080', 8080],
    ['port: 80, targetPort: web', 8080],
    ['port: 80, targetPort: admin', 9000],
    ['port: 80, targetPort: once', undefined],
    ['port: 80, targetPort: dns', undefined],
    ['port: 80, targetPort: nowhere', undefined],
  ])('{ %s } leads to %s', (port, expected) => {
    const mesh = meshOf(`${deployment('a', 'app: x')}
apiVersion: v1
kind: Service
metadata: { name: s, namespace: n }
spec: { selector: { app: x }, ports: [{ ${port} }] }
`);
    const [[servicePort], [workload]] = [mesh.services[0]?.ports ?? [], mesh.workloads];
    expect(servicePort && workload && targetPortOf(servicePort, workload)).toBe(expected);
  });

  /** serviceInstanceFromWorkloadInstance in Istio's pilot/pkg/serviceregistry/kube/controller/controller.go. */
  it.each([
    ['port: 80, name: http', 8181],
    ['port: 80, name: other', 80],
    ['port: 80, targetPort: http', 8181],
    ['port: 80, targetPort: other', undefined],
    ['port: 80, name: http, targetPort: 90', 90],
  ])('{ %s } leads to %s of a WorkloadEntry', (port, expected) => {
    const mesh = meshOf(`
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: vm }
spec: { labels: { app: x }, ports: { http: 8181 } }
---
apiVersion: v1
kind: Service
metadata: { name: s }
spec: { selector: { app: x }, ports: [{ ${port} }] }
`);
    const [[servicePort], [workload]] = [mesh.services[0]?.ports ?? [], mesh.workloads];
    expect(servicePort && workload && targetPortOf(servicePort, workload)).toBe(expected);
  });
});
