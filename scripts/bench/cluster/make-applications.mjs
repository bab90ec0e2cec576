import { createRandom } from './random.mjs';
import { makeController, makeReplicaSets, makeService } from './make-controllers.mjs';
import { makePod } from './make-pod.mjs';
import { makePolicies } from './make-policies.mjs';

const teams = 25;
const replicas = [1, 1, 2, 2, 3, 3, 4, 8];

function applicationAt(index, random) {
  const name = `${random.pick(['cart', 'orders', 'stock', 'prices', 'search', 'mail', 'login', 'report'])}-${index}`;
  const team = `team-${index % teams}`;
  const version = 'v1';
  return {
    name,
    team,
    namespace: team,
    kind: random.next() < 0.9 ? 'Deployment' : 'StatefulSet',
    replicas: random.pick(replicas),
    hasDatabase: random.next() < 0.5,
    image: `registry.example.com/shop/${name}:1.${Math.floor(random.next() * 40)}.0`,
    labels: { app: name, version },
    ports: [
      { containerPort: 8080, name: 'http', protocol: 'TCP' },
      ...(random.next() < 0.3 ? [{ containerPort: 9000, name: 'grpc', protocol: 'TCP' }] : []),
      { containerPort: 9090, name: 'http-metrics', protocol: 'TCP' },
    ],
  };
}

function makePods(application, replicaSet, random) {
  const { name } = application;
  return Array.from({ length: application.replicas }, (_, ordinal) => {
    if (replicaSet !== undefined) {
      const { metadata } = replicaSet;
      const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: metadata.name, uid: metadata.uid };
      const named = { name: `${metadata.name}-${random.word(5)}`, owner, labels: metadata.labels };
      return makePod(application, named, random);
    }
    const labels = { ...application.labels, 'statefulset.kubernetes.io/pod-name': `${name}-${ordinal}` };
    const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name, uid: random.uid() };
    return makePod(application, { name: `${name}-${ordinal}`, owner, labels }, random);
  });
}

/** Endless applications of a cluster, each as the objects that an API server holds of it: 1 to 8 pods with sidecars. */
export function* makeApplications(seed) {
  const random = createRandom(seed);
  for (let index = 0; ; index++) {
    const application = applicationAt(index, random);
    const replicaSets = application.kind === 'Deployment' ? makeReplicaSets(application, random) : [];
    const namespace = index < teams ? [makeNamespace(application.namespace, random)] : [];
    yield [
      ...namespace,
      makeService(application, random),
      makeController(application, random),
      ...replicaSets,
      ...makePods(application, replicaSets.at(-1), random),
      ...makePolicies(application, index, random),
    ];
  }
}

function makeNamespace(name, random) {
  const labels = { 'istio-injection': 'enabled', 'kubernetes.io/metadata.name': name };
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { creationTimestamp: random.time(), labels, name, resourceVersion: '811', uid: random.uid() },
    spec: { finalizers: ['kubernetes'] },
    status: { phase: 'Active' },
  };
}
