import { createRandom } from './random.mjs';

const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

function word(random, length) {
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
}

function uid(random) {
  const hex = (length) => Array.from({ length }, () => Math.floor(random() * 16).toString(16)).join('');
  return [8, 4, 4, 4, 12].map(hex).join('-');
}

const started = '2025-06-01T08:15:30Z';

function applicationContainer(name) {
  return {
    env: [
      { name: 'LOG_LEVEL', value: 'info' },
      { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
      { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { key: 'password', name: `${name}-db` } } },
    ],
    image: `registry.example.com/shop/${name}:1.24.3`,
    imagePullPolicy: 'IfNotPresent',
    livenessProbe: {
      failureThreshold: 3,
      httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' },
      periodSeconds: 10,
      successThreshold: 1,
      timeoutSeconds: 1,
    },
    name,
    ports: [
      { containerPort: 8080, name: 'http', protocol: 'TCP' },
      { containerPort: 9090, name: 'http-metrics', protocol: 'TCP' },
    ],
    resources: { limits: { cpu: '500m', memory: '256Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, runAsNonRoot: true },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    volumeMounts: [
      {
        mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
        name: 'kube-api-access-x',
        readOnly: true,
      },
    ],
  };
}

function proxyContainer() {
  const field = (fieldPath) => ({ fieldRef: { apiVersion: 'v1', fieldPath } });
  return {
    args: [
      'proxy',
      'sidecar',
      '--domain',
      '$(POD_NAMESPACE).svc.cluster.local',
      '--proxyLogLevel=warning',
      '--log_output_level=default:info',
    ],
    env: [
      { name: 'JWT_POLICY', value: 'third-party-jwt' },
      { name: 'PILOT_CERT_PROVIDER', value: 'istiod' },
      { name: 'CA_ADDR', value: 'istiod.istio-system.svc:15012' },
      { name: 'POD_NAME', valueFrom: field('metadata.name') },
      { name: 'POD_NAMESPACE', valueFrom: field('metadata.namespace') },
      { name: 'INSTANCE_IP', valueFrom: field('status.podIP') },
      { name: 'PROXY_CONFIG', value: '{}\n' },
      {
        name: 'ISTIO_META_POD_PORTS',
        value: '[\n    {"name":"http","containerPort":8080,"protocol":"TCP"}\n]',
      },
      { name: 'ISTIO_META_CLUSTER_ID', value: 'Kubernetes' },
    ],
    image: 'docker.io/istio/proxyv2:1.26.0',
    imagePullPolicy: 'IfNotPresent',
    name: 'istio-proxy',
    ports: [{ containerPort: 15090, name: 'http-envoy-prom', protocol: 'TCP' }],
    readinessProbe: {
      failureThreshold: 4,
      httpGet: { path: '/healthz/ready', port: 15021, scheme: 'HTTP' },
      periodSeconds: 15,
    },
    resources: { limits: { cpu: '2', memory: '1Gi' }, requests: { cpu: '10m', memory: '40Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsGroup: 1337,
      runAsNonRoot: true,
      runAsUser: 1337,
    },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    volumeMounts: [
      'workload-socket',
      'credential-socket',
      'istiod-ca-cert',
      'istio-data',
      'istio-envoy',
      'istio-token',
    ].map((name) => ({
      mountPath: `/var/run/secrets/${name}`,
      name,
    })),
  };
}

function initContainer() {
  return {
    args: [
      'istio-iptables',
      '-p',
      '15001',
      '-z',
      '15006',
      '-u',
      '1337',
      '-m',
      'REDIRECT',
      '-i',
      '*',
      '-x',
      '',
      '-b',
      '*',
      '-d',
      '15090,15021,15020',
    ],
    image: 'docker.io/istio/proxyv2:1.26.0',
    imagePullPolicy: 'IfNotPresent',
    name: 'istio-init',
    resources: {},
    securityContext: {
      capabilities: { add: ['NET_ADMIN', 'NET_RAW'], drop: ['ALL'] },
      privileged: false,
      runAsGroup: 0,
      runAsUser: 0,
    },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  };
}

function managedFields() {
  const container = {
    '.': {},
    'f:env': { '.': {}, 'k:{"name":"LOG_LEVEL"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
    'f:image': {},
    'f:imagePullPolicy': {},
    'f:name': {},
    'f:ports': {
      '.': {},
      'k:{"containerPort":8080,"protocol":"TCP"}': {
        '.': {},
        'f:containerPort': {},
        'f:name': {},
        'f:protocol': {},
      },
    },
    'f:resources': { '.': {}, 'f:limits': { '.': {}, 'f:cpu': {}, 'f:memory': {} } },
    'f:terminationMessagePath': {},
    'f:terminationMessagePolicy': {},
  };
  const condition = {
    '.': {},
    'f:lastProbeTime': {},
    'f:lastTransitionTime': {},
    'f:status': {},
    'f:type': {},
  };
  return [
    {
      apiVersion: 'v1',
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:metadata': {
          'f:generateName': {},
          'f:labels': { '.': {}, 'f:app': {}, 'f:pod-template-hash': {} },
          'f:ownerReferences': { '.': {}, 'k:{"uid":"1b4e28ba-2fa1-11d2-883f-0016d3cca427"}': {} },
        },
        'f:spec': {
          'f:containers': { 'k:{"name":"app"}': container },
          'f:dnsPolicy': {},
          'f:enableServiceLinks': {},
          'f:restartPolicy': {},
          'f:schedulerName': {},
          'f:securityContext': {},
          'f:serviceAccount': {},
          'f:serviceAccountName': {},
          'f:terminationGracePeriodSeconds': {},
        },
      },
      manager: 'kube-controller-manager',
      operation: 'Update',
      time: started,
    },
    {
      apiVersion: 'v1',
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:status': {
          'f:conditions': {
            'k:{"type":"ContainersReady"}': condition,
            'k:{"type":"Initialized"}': condition,
            'k:{"type":"Ready"}': condition,
          },
          'f:containerStatuses': {},
          'f:hostIP': {},
          'f:phase': {},
          'f:podIP': {},
          'f:podIPs': { '.': {}, 'k:{"ip":"10.0.0.1"}': { '.': {}, 'f:ip': {} } },
          'f:startTime': {},
        },
      },
      manager: 'kubelet',
      operation: 'Update',
      subresource: 'status',
      time: started,
    },
  ];
}

function containerStatus(random, name, image) {
  return {
    containerID: `containerd://${word(random, 64)}`,
    image,
    imageID: `${image.split(':')[0]}@sha256:${word(random, 64)}`,
    lastState: {},
    name,
    ready: true,
    restartCount: 0,
    started: true,
    state: { running: { startedAt: started } },
  };
}

/** Endless pods with an injected sidecar, as an API server returns them. */
export function* makePods(seed) {
  const random = createRandom(seed);
  for (let index = 0; ; index++) {
    const app = `app-${index % 200}`;
    const namespace = `team-${index % 25}`;
    const hash = word(random, 10);
    const name = `${app}-${hash}-${word(random, 5)}`;
    const ip = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
    yield {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        annotations: {
          'istio.io/rev': 'default',
          'kubectl.kubernetes.io/default-container': app,
          'prometheus.io/port': '15020',
          'prometheus.io/scrape': 'true',
          'sidecar.istio.io/status':
            '{"initContainers":["istio-init"],"containers":["istio-proxy"],"volumes":["workload-socket"],"imagePullSecrets":null,"revision":"default"}',
        },
        creationTimestamp: started,
        generateName: `${app}-${hash}-`,
        labels: {
          app,
          'pod-template-hash': hash,
          'security.istio.io/tlsMode': 'istio',
          'service.istio.io/canonical-name': app,
          version: 'v1',
        },
        managedFields: managedFields(),
        name,
        namespace,
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            blockOwnerDeletion: true,
            controller: true,
            kind: 'ReplicaSet',
            name: `${app}-${hash}`,
            uid: uid(random),
          },
        ],
        resourceVersion: String(1000000 + index),
        uid: uid(random),
      },
      spec: {
        containers: [applicationContainer(app), proxyContainer()],
        dnsPolicy: 'ClusterFirst',
        enableServiceLinks: true,
        initContainers: [initContainer()],
        nodeName: `node-${index % 40}`,
        priority: 0,
        restartPolicy: 'Always',
        schedulerName: 'default-scheduler',
        securityContext: {},
        serviceAccount: app,
        serviceAccountName: app,
        terminationGracePeriodSeconds: 30,
        tolerations: [
          {
            effect: 'NoExecute',
            key: 'node.kubernetes.io/not-ready',
            operator: 'Exists',
            tolerationSeconds: 300,
          },
        ],
        volumes: [
          { emptyDir: {}, name: 'workload-socket' },
          { configMap: { defaultMode: 420, name: 'istio-ca-root-cert' }, name: 'istiod-ca-cert' },
        ],
      },
      status: {
        conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
          lastProbeTime: null,
          lastTransitionTime: started,
          status: 'True',
          type,
        })),
        containerStatuses: [
          containerStatus(random, app, `registry.example.com/shop/${app}:1.24.3`),
          containerStatus(random, 'istio-proxy', 'docker.io/istio/proxyv2:1.26.0'),
        ],
        hostIP: `192.168.0.${index % 40}`,
        phase: 'Running',
        podIP: ip,
        podIPs: [{ ip }],
        qosClass: 'Burstable',
        startTime: started,
      },
    };
  }
}
