import { describe, expect, it } from 'vitest';
import { meshOf } from './mesh-of.js';

function pod(name: string, owner: string, labels = 'app: a'): string {
  return `
apiVersion: v1
kind: Pod
metadata: { name: ${name}, namespace: n, labels: { ${labels} }, ownerReferences: [${owner}] }
spec: { containers: [{ name: app, image: a }] }
---`;
}

function controller(kind: string, name: string, owner = ''): string {
  return `
apiVersion: ${kind === 'Rollout' ? 'argoproj.io/v1alpha1' : kind.endsWith('Job') ? 'batch/v1' : 'apps/v1'}
kind: ${kind}
metadata: { name: ${name}, namespace: n, ownerReferences: [${owner}] }
spec:
  selector: { matchLabels: { app: a } }
  template: { metadata: { labels: { app: a } }, spec: { containers: [] } }
  jobTemplate: { spec: { template: { metadata: { labels: { app: a } }, spec: { containers: [] } } } }
---`;
}

function owned(apiVersion: string, kind: string, name: string): string {
  return `{ apiVersion: ${apiVersion}, kind: ${kind}, name: ${name}, uid: u, controller: true }`;
}

const byReplicaSet = owned('apps/v1', 'ReplicaSet', 'web-5d9c');
const byDeployment = owned('apps/v1', 'Deployment', 'web');

function summary(text: string): readonly (readonly [string, number])[] {
  return meshOf(text).workloads.map(({ id, pods }) => [id, pods.length]);
}

describe('workloads of a dump', () => {
  it.each([
    [
      'pods of a Deployment, through its ReplicaSet',
      controller('Deployment', 'web') +
        controller('ReplicaSet', 'web-5d9c', byDeployment) +
        pod('p1', byReplicaSet) +
        pod('p2', byReplicaSet),
      [['n/Deployment/web', 2]],
    ],
    [
      'pods of a Deployment whose ReplicaSet is not in the dump',
      controller('Deployment', 'web') + pod('p1', byReplicaSet),
      [['n/Deployment/web', 1]],
    ],
    [
      'a Deployment of a fitting name but another selector is not theirs',
      controller('Deployment', 'web') + pod('p1', byReplicaSet, 'app: other'),
      [
        ['n/Deployment/web', 0],
        ['n/ReplicaSet/web-5d9c', 1],
      ],
    ],
    [
      'pods of a Rollout, through its ReplicaSet',
      controller('Rollout', 'web') +
        controller('ReplicaSet', 'web-5d9c', owned('argoproj.io/v1alpha1', 'Rollout', 'web')) +
        pod('p1', byReplicaSet),
      [['n/Rollout/web', 1]],
    ],
    [
      'a ReplicaSet whose Deployment is absent stands for itself',
      controller('ReplicaSet', 'web-5d9c', byDeployment) + pod('p1', byReplicaSet),
      [['n/ReplicaSet/web-5d9c', 1]],
    ],
    [
      'siblings of an absent controller are one workload of its kind',
      pod('p2', byReplicaSet) + pod('p1', byReplicaSet),
      [['n/ReplicaSet/web-5d9c', 2]],
    ],
    [
      'Jobs of a CronJob are not workloads of their own',
      controller('CronJob', 'tick') +
        controller('Job', 'tick-28800', owned('batch/v1', 'CronJob', 'tick')) +
        pod('p1', owned('batch/v1', 'Job', 'tick-28800')),
      [['n/CronJob/tick', 1]],
    ],
    [
      'pods of an unknown controller stand for themselves',
      pod('p1', owned('v1', 'Node', 'node-1')),
      [['n/Pod/p1', 1]],
    ],
    [
      'ownership in a circle ends',
      controller('ReplicaSet', 'r', owned('apps/v1', 'ReplicaSet', 'r')),
      [['n/ReplicaSet/r', 0]],
    ],
  ])('%s', (_, text, expected) => {
    expect(summary(text)).toEqual(expected);
  });
});

describe('the template of a workload', () => {
  it('gives account, principal, host network and containers of every list with their paths', () => {
    const [workload] = meshOf(`
apiVersion: batch/v1
kind: CronJob
metadata: { name: tick, namespace: n }
spec:
  jobTemplate:
    spec:
      template:
        metadata: { labels: { app: tick }, annotations: { a: b } }
        spec:
          hostNetwork: true
          serviceAccount: old-field
          initContainers: [{ name: proxy, image: p, restartPolicy: Always, ports: [{ containerPort: 15090 }] }]
          containers: [{ name: app, image: a, ports: [{ containerPort: 53, protocol: UDP }, { name: web, containerPort: 80 }] }]
`).workloads;
    expect(workload).toMatchObject({
      labels: { app: 'tick' },
      annotations: { a: 'b' },
      serviceAccount: 'old-field',
      principal: 'cluster.local/ns/n/sa/old-field',
      hostNetwork: true,
      podPath: ['spec', 'jobTemplate', 'spec', 'template'],
    });
    const specPath = ['spec', 'jobTemplate', 'spec', 'template', 'spec'];
    expect(
      workload?.containers.map(({ name, path, ports }) => [name, path, ports.map(({ number }) => number)]),
    ).toEqual([
      ['app', [...specPath, 'containers', 0], [80]],
      ['proxy', [...specPath, 'initContainers', 0], [15090]],
    ]);
  });

  it('of a Rollout may be that of the Deployment it refers to', () => {
    const rollout = `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: canary, namespace: n }
spec: { workloadRef: { apiVersion: apps/v1, kind: Deployment, name: web } }
---`;
    const mesh = meshOf(rollout + controller('Deployment', 'web'));
    expect(mesh.workloads.find(({ kind }) => kind === 'Rollout')).toMatchObject({
      name: 'canary',
      labels: { app: 'a' },
      resource: { kind: 'Deployment' },
    });
    const alone = meshOf(rollout);
    expect(alone.workloads).toEqual([]);
    expect(alone.assumptions).toMatchObject([{ key: 'workload-template' }]);
  });

  it('of WorkloadEntry and WorkloadGroup: labels of both places, the outer ones winning', () => {
    const { workloads } = meshOf(`
apiVersion: networking.istio.io/v1
kind: WorkloadEntry
metadata: { name: vm-1, namespace: n, labels: { app: outer } }
spec: { address: 1.2.3.4, serviceAccount: vm, labels: { app: inner, tier: db } }
---
apiVersion: networking.istio.io/v1
kind: WorkloadGroup
metadata: { name: vms, namespace: n, labels: { of: the-group-object } }
spec: { metadata: { labels: { app: meta } }, template: { serviceAccount: vm, labels: { app: template, tier: db } } }
`);
    expect(workloads.map(({ id, labels, serviceAccount }) => [id, { ...labels }, serviceAccount])).toEqual([
      ['n/WorkloadEntry/vm-1', { app: 'outer', tier: 'db' }, 'vm'],
      ['n/WorkloadGroup/vms', { app: 'meta', tier: 'db' }, 'vm'],
    ]);
  });

  it('survives hostile keys and values', () => {
    const { workloads } = meshOf(`
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec: { template: { metadata: { labels: { "__proto__": x, constructor: y, n: 1, list: [1] } }, spec: { containers: [null, 1, { ports: [null, { containerPort: "80" }] }] } } }
`);
    expect(Object.entries(workloads[0]?.labels ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
      ['n', '1'],
    ]);
    expect(workloads[0]?.containers).toMatchObject([{ name: '', ports: [] }]);
  });
});
