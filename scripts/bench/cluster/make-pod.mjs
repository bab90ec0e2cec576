import { managedFields } from './managed-fields.mjs';
import { accessVolume, initContainer, proxyContainer, status as injected, volumes } from './sidecar.mjs';

/** The container of an application as its owner writes it, with what the API server fills in. */
function container({ name, image, ports, hasDatabase }) {
  const probe = (path) => ({
    failureThreshold: 3,
    httpGet: { path, port: ports[0].containerPort, scheme: 'HTTP' },
    periodSeconds: 10,
    successThreshold: 1,
    timeoutSeconds: 1,
  });
  const password = {
    name: 'DB_PASSWORD',
    valueFrom: { secretKeyRef: { key: 'password', name: `${name}-db` } },
  };
  return {
    env: [
      { name: 'LOG_LEVEL', value: 'info' },
      { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
      ...(hasDatabase ? [password] : []),
    ],
    image,
    imagePullPolicy: 'IfNotPresent',
    livenessProbe: probe('/healthz'),
    name,
    ports,
    readinessProbe: probe('/ready'),
    resources: { limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsNonRoot: true },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  };
}

/** The pod template of an application, as its Deployment, StatefulSet or ReplicaSet holds it. */
export function podTemplate(application) {
  const { name, labels, team } = application;
  return {
    metadata: {
      annotations: {
        'prometheus.io/port': '9090',
        'prometheus.io/scrape': 'true',
        'shop.example.com/owner': team,
      },
      labels,
    },
    spec: {
      containers: [container(application)],
      dnsPolicy: 'ClusterFirst',
      restartPolicy: 'Always',
      schedulerName: 'default-scheduler',
      securityContext: {},
      serviceAccount: name,
      serviceAccountName: name,
      terminationGracePeriodSeconds: 30,
    },
  };
}

const taints = ['not-ready', 'unreachable'].map((taint) => ({
  effect: 'NoExecute',
  key: `node.kubernetes.io/${taint}`,
  operator: 'Exists',
  tolerationSeconds: 300,
}));

function podSpec(application, random) {
  const access = `kube-api-access-${random.word(5)}`;
  const mount = { mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', name: access, readOnly: true };
  const { containers, ...rest } = podTemplate(application).spec;
  const own = containers.map((each) => ({ ...each, volumeMounts: [mount] }));
  return sorted({
    ...rest,
    containers: [...own, proxyContainer(application, mount)],
    enableServiceLinks: true,
    initContainers: [initContainer(mount)],
    nodeName: `node-${Math.floor(random.next() * 40)}`,
    preemptionPolicy: 'PreemptLowerPriority',
    priority: 0,
    tolerations: taints,
    volumes: [...volumes, accessVolume(access)],
  });
}

function containerStatus({ name, image, started, ready = true }, random) {
  const running = { running: { startedAt: started } };
  const done = {
    terminated: { containerID: `containerd://${random.hex(64)}`, exitCode: 0, finishedAt: started },
  };
  return {
    containerID: `containerd://${random.hex(64)}`,
    image,
    imageID: `${image.split(':')[0]}@sha256:${random.hex(64)}`,
    lastState: {},
    name,
    ready: true,
    restartCount: 0,
    started: ready,
    state: ready ? running : done,
  };
}

function podStatus({ spec, started }, random) {
  const ip = random.address();
  const host = `192.168.0.${spec.nodeName.slice(5)}`;
  const types = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];
  const statuses = (containers, ready) =>
    containers.map(({ name, image }) => containerStatus({ name, image, started, ready }, random));
  return {
    conditions: types.map((type) => ({
      lastProbeTime: null,
      lastTransitionTime: started,
      status: 'True',
      type,
    })),
    containerStatuses: statuses(spec.containers, true),
    hostIP: host,
    hostIPs: [{ ip: host }],
    initContainerStatuses: statuses(spec.initContainers, false),
    phase: 'Running',
    podIP: ip,
    podIPs: [{ ip }],
    qosClass: 'Burstable',
    startTime: started,
  };
}

/** One pod of an application with its sidecar, as the API server prints it. */
export function makePod(application, { name, owner, labels }, random) {
  const template = podTemplate(application);
  const started = random.time();
  const spec = podSpec(application, random);
  const status = podStatus({ spec, started }, random);
  const ownerReferences = [{ ...owner, blockOwnerDeletion: true, controller: true }].map(sorted);
  const generateName = `${owner.name}-`;
  const written = { ...template, metadata: { ...template.metadata, generateName, labels, ownerReferences } };
  const seen = Object.fromEntries(Object.entries(status).filter(([key]) => key !== 'qosClass'));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      annotations: {
        'istio.io/rev': 'default',
        'kubectl.kubernetes.io/default-container': application.name,
        'kubectl.kubernetes.io/default-logs-container': application.name,
        'prometheus.io/path': '/stats/prometheus',
        'prometheus.io/port': '15020',
        'prometheus.io/scrape': 'true',
        'shop.example.com/owner': application.team,
        'sidecar.istio.io/status': injected,
      },
      creationTimestamp: started,
      generateName,
      labels: sorted({
        ...labels,
        'security.istio.io/tlsMode': 'istio',
        'service.istio.io/canonical-name': application.name,
        'service.istio.io/canonical-revision': labels.version,
      }),
      managedFields: managedFields([
        { manager: 'kube-controller-manager', apiVersion: 'v1', time: started, object: written },
        {
          manager: 'kubelet',
          apiVersion: 'v1',
          time: started,
          subresource: 'status',
          object: { status: seen },
        },
      ]),
      name,
      namespace: application.namespace,
      ownerReferences,
      resourceVersion: String(1_000_000 + Math.floor(random.next() * 8_000_000)),
      uid: random.uid(),
    },
    spec,
    status,
  };
}

/** The API server prints keys in order. */
export function sorted(object) {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
