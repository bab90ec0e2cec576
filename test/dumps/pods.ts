import { isArray, isObject, type JsonObject, type JsonValue } from '#documents/json.js';

/** Fields that an API server and the injector write into each container, none of which a decision reads. */
const containerBallast: JsonObject = {
  imagePullPolicy: 'IfNotPresent',
  livenessProbe: { httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' }, periodSeconds: 10 },
  readinessProbe: { exec: { command: ['sh', '-c', 'echo "a: b" # c\ntrue\n'] } },
  resources: { limits: { cpu: '2', memory: '1Gi' }, requests: { cpu: '10m' } },
  terminationMessagePath: '/dev/termination-log',
  volumeMounts: [{ mountPath: '/var/run/secrets/tokens', name: 'istio-token', readOnly: true }],
};

const podBallast: JsonObject = {
  affinity: { nodeAffinity: { weight: 1 } },
  imagePullSecrets: [{ name: 'registry' }],
  tolerations: [{ effect: 'NoExecute', key: 'node.kubernetes.io/not-ready', operator: 'Exists' }],
  volumes: [
    { emptyDir: {}, name: 'istio-envoy' },
    { configMap: { name: 'ca' }, name: 'ca' },
  ],
};

const fields = { '.': {}, 'f:labels': { '.': {}, 'f:app': {} }, 'k:{"type":"Ready"}': { '.': {} } };

const container: JsonObject = {
  env: [
    { name: 'LEVEL', value: 'info' },
    { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
  ],
  image: 'registry.example.com/shop/app:1.24.3',
  name: 'app',
  ports: [{ containerPort: 8080, name: 'http', protocol: 'TCP' }],
};

/** The sidecar as injection writes it. */
export const proxy: JsonObject = {
  args: ['proxy', 'sidecar', '--domain', '$(POD_NAMESPACE).svc.cluster.local'],
  env: [{ name: 'ISTIO_META_POD_PORTS', value: '[\n    {"name":"http"}\n]' }],
  image: 'docker.io/istio/proxyv2:1.26.0',
  name: 'istio-proxy',
  securityContext: { runAsGroup: 1337, runAsUser: 1337 },
};

function withBallast(value: JsonValue): JsonValue {
  return isObject(value) ? sorted({ ...containerBallast, ...value }) : value;
}

/** The API server prints keys in order. */
function sorted(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What makes a Pod of a pod template: its name, and what is in its metadata and spec. */
export interface Template {
  readonly name: string;
  readonly namespace: string;
  readonly metadata: JsonObject;
  readonly spec: JsonObject;
}

/** A Pod as an API server returns it, with everything that nobody reads. */
export function storedPod({ name, namespace, metadata, spec }: Template): JsonObject {
  const containers = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((list) => {
    const members = spec[list];
    return isArray(members) ? [[list, members.map(withBallast)] as const] : [];
  });
  const managedFields = [{ fieldsType: 'FieldsV1', fieldsV1: { 'f:metadata': fields }, manager: 'kubelet' }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: sorted({ ...metadata, managedFields, name, namespace, uid: `${namespace}-${name}` }),
    spec: sorted({ ...podBallast, ...spec, ...Object.fromEntries(containers) }),
    status: {
      conditions: [{ lastProbeTime: null, status: 'True', type: 'Ready' }],
      phase: 'Running',
      podIP: '10.0.0.1',
    },
  };
}

/** Pods with sidecars: some outside the mesh, some on the host network, some that may rewrite the redirection. */
export function shopPods(count: number): readonly JsonObject[] {
  return Array.from({ length: count }, (_, index) =>
    storedPod({
      name: `app-${String(index)}-x7k2p`,
      namespace: `team-${String(index % 3)}`,
      metadata: {
        annotations: { 'sidecar.istio.io/status': '{"revision":"default"}', note: 'größer 🙂' },
        labels: { app: `app-${String(index)}`, version: 'v1' },
      },
      spec: {
        containers: index % 4 === 3 ? [container] : [container, proxy],
        ...(index % 5 === 4 ? { hostNetwork: true } : {}),
        ...(index % 7 === 6 ? { securityContext: { runAsUser: 1337 } } : {}),
      },
    }),
  );
}
