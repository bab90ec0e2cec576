import { managedFields } from './managed-fields.mjs';
import { podTemplate, sorted } from './make-pod.mjs';

const revision = 'deployment.kubernetes.io/revision';

/** An object that `kubectl apply` has written: what was applied stands in an annotation and in the managed fields. */
function applied({ apiVersion, kind, name, namespace, annotations = {}, labels }, { spec, status }, random) {
  const time = random.time();
  const manifest = { apiVersion, kind, metadata: { annotations: {}, labels, name, namespace }, spec };
  const last = 'kubectl.kubernetes.io/last-applied-configuration';
  return {
    apiVersion,
    kind,
    metadata: {
      annotations: sorted({ ...annotations, [last]: `${JSON.stringify(manifest)}\n` }),
      creationTimestamp: time,
      generation: 3,
      labels,
      managedFields: managedFields([
        { manager: 'kubectl-client-side-apply', apiVersion, time, object: { metadata: { labels }, spec } },
        { manager: 'kube-controller-manager', apiVersion, time, subresource: 'status', object: { status } },
      ]),
      name,
      namespace,
      resourceVersion: String(1_000_000 + Math.floor(random.next() * 8_000_000)),
      uid: random.uid(),
    },
    spec,
    status,
  };
}

/** The Deployment or StatefulSet of an application. */
export function makeController(application, random) {
  const { kind, name, namespace, replicas, labels } = application;
  const selector = { matchLabels: { app: name } };
  const template = podTemplate(application);
  const rolling = { maxSurge: '25%', maxUnavailable: '25%' };
  const isDeployment = kind === 'Deployment';
  const spec = isDeployment
    ? { progressDeadlineSeconds: 600, replicas, revisionHistoryLimit: 10, selector }
    : {
        podManagementPolicy: 'OrderedReady',
        replicas,
        revisionHistoryLimit: 10,
        selector,
        serviceName: name,
      };
  const strategy = isDeployment
    ? { strategy: { rollingUpdate: rolling, type: 'RollingUpdate' }, template }
    : { template, updateStrategy: { rollingUpdate: { partition: 0 }, type: 'RollingUpdate' } };
  const status = {
    availableReplicas: replicas,
    observedGeneration: 3,
    readyReplicas: replicas,
    replicas,
    updatedReplicas: replicas,
  };
  const annotations = isDeployment ? { [revision]: '2' } : {};
  const identity = { apiVersion: 'apps/v1', kind, name, namespace, annotations, labels };
  return applied(identity, { spec: { ...spec, ...strategy }, status }, random);
}

/** The ReplicaSets of a Deployment: of some an earlier revision, scaled down, then the present one. */
export function makeReplicaSets(application, random) {
  const { replicas } = application;
  const present = replicaSet(application, { number: '2', replicas }, random);
  return random.next() < 0.5
    ? [present]
    : [replicaSet(application, { number: '1', replicas: 0 }, random), present];
}

function replicaSet(application, { number, replicas }, random) {
  const { name, namespace } = application;
  const hash = `${random.word(10)}`;
  const labels = sorted({ ...application.labels, 'pod-template-hash': hash });
  const template = podTemplate(application);
  const owner = { apiVersion: 'apps/v1', kind: 'Deployment', name, uid: random.uid() };
  const time = random.time();
  const spec = {
    replicas,
    selector: { matchLabels: { app: name, 'pod-template-hash': hash } },
    template: { ...template, metadata: { ...template.metadata, labels } },
  };
  const status = { availableReplicas: replicas, observedGeneration: 1, readyReplicas: replicas, replicas };
  const manager = 'kube-controller-manager';
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      annotations: { [revision]: number },
      creationTimestamp: time,
      generation: 1,
      labels,
      managedFields: managedFields([
        { manager, apiVersion: 'apps/v1', time, object: { metadata: { labels }, spec } },
        { manager, apiVersion: 'apps/v1', time, subresource: 'status', object: { status } },
      ]),
      name: `${name}-${hash}`,
      namespace,
      ownerReferences: [sorted({ ...owner, blockOwnerDeletion: true, controller: true })],
      resourceVersion: String(1_000_000 + Math.floor(random.next() * 8_000_000)),
      uid: random.uid(),
    },
    spec,
    status,
  };
}

/** The Service in front of an application. */
export function makeService({ name, namespace, labels, ports }, random) {
  const clusterIP = random.address();
  const spec = {
    clusterIP,
    clusterIPs: [clusterIP],
    internalTrafficPolicy: 'Cluster',
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    ports: ports.map(({ containerPort, name: port }) => ({
      name: port,
      port: containerPort === 8080 ? 80 : containerPort,
      protocol: 'TCP',
      targetPort: port,
    })),
    selector: { app: name },
    sessionAffinity: 'None',
    type: 'ClusterIP',
  };
  return applied(
    { apiVersion: 'v1', kind: 'Service', name, namespace, labels },
    { spec, status: { loadBalancer: {} } },
    random,
  );
}
