// What Istio's injection adds to a pod (Istio 1.26, without the CNI plugin), as an API server prints it.

const image = 'docker.io/istio/proxyv2:1.26.2';
const resources = { limits: { cpu: '2', memory: '1Gi' }, requests: { cpu: '100m', memory: '128Mi' } };
const field = (fieldPath) => ({ fieldRef: { apiVersion: 'v1', fieldPath } });
const termination = { terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File' };

/** The annotation by which injection tells what it did. */
export const status = JSON.stringify({
  initContainers: ['istio-init'],
  containers: ['istio-proxy'],
  volumes: [
    'workload-socket',
    'credential-socket',
    'workload-certs',
    'istio-envoy',
    'istio-data',
    'istio-podinfo',
    'istio-token',
    'istiod-ca-cert',
  ],
  imagePullSecrets: null,
  revision: 'default',
});

function variables({ name, namespace, ports, kind }) {
  const podPorts = ports.map((port) => `    ${JSON.stringify(port)}`).join('\n    ,');
  return [
    { name: 'PILOT_CERT_PROVIDER', value: 'istiod' },
    { name: 'CA_ADDR', value: 'istiod.istio-system.svc:15012' },
    { name: 'POD_NAME', valueFrom: field('metadata.name') },
    { name: 'POD_NAMESPACE', valueFrom: field('metadata.namespace') },
    { name: 'INSTANCE_IP', valueFrom: field('status.podIP') },
    { name: 'SERVICE_ACCOUNT', valueFrom: field('spec.serviceAccountName') },
    { name: 'HOST_IP', valueFrom: field('status.hostIP') },
    { name: 'ISTIO_CPU_LIMIT', valueFrom: { resourceFieldRef: { divisor: '0', resource: 'limits.cpu' } } },
    { name: 'PROXY_CONFIG', value: '{}\n' },
    { name: 'ISTIO_META_POD_PORTS', value: `[\n${podPorts}\n]` },
    { name: 'ISTIO_META_APP_CONTAINERS', value: name },
    { name: 'GOMEMLIMIT', valueFrom: { resourceFieldRef: { divisor: '0', resource: 'limits.memory' } } },
    { name: 'GOMAXPROCS', valueFrom: { resourceFieldRef: { divisor: '0', resource: 'limits.cpu' } } },
    { name: 'ISTIO_META_CLUSTER_ID', value: 'Kubernetes' },
    { name: 'ISTIO_META_NODE_NAME', valueFrom: field('spec.nodeName') },
    { name: 'ISTIO_META_INTERCEPTION_MODE', value: 'REDIRECT' },
    { name: 'ISTIO_META_WORKLOAD_NAME', value: name },
    {
      name: 'ISTIO_META_OWNER',
      value: `kubernetes://apis/apps/v1/namespaces/${namespace}/${kind.toLowerCase()}s/${name}`,
    },
    { name: 'ISTIO_META_MESH_ID', value: 'cluster.local' },
    { name: 'TRUST_DOMAIN', value: 'cluster.local' },
  ];
}

const mounts = [
  ['/var/run/secrets/workload-spiffe-uds', 'workload-socket'],
  ['/var/run/secrets/credential-uds', 'credential-socket'],
  ['/var/run/secrets/workload-spiffe-credentials', 'workload-certs'],
  ['/var/run/secrets/istio', 'istiod-ca-cert'],
  ['/var/lib/istio/data', 'istio-data'],
  ['/etc/istio/proxy', 'istio-envoy'],
  ['/var/run/secrets/tokens', 'istio-token'],
  ['/etc/istio/pod', 'istio-podinfo'],
].map(([mountPath, name]) => ({ mountPath, name }));

/** The proxy of an application; `accessMount` is where the API server puts the pod's own token. */
export function proxyContainer(application, accessMount) {
  return {
    args: [
      'proxy',
      'sidecar',
      '--domain',
      '$(POD_NAMESPACE).svc.cluster.local',
      '--proxyLogLevel=warning',
      '--proxyComponentLogLevel=misc:error',
      '--log_output_level=default:info',
    ],
    env: variables(application),
    image,
    imagePullPolicy: 'IfNotPresent',
    name: 'istio-proxy',
    ports: [{ containerPort: 15090, name: 'http-envoy-prom', protocol: 'TCP' }],
    readinessProbe: {
      failureThreshold: 4,
      httpGet: { path: '/healthz/ready', port: 15021, scheme: 'HTTP' },
      periodSeconds: 15,
      successThreshold: 1,
      timeoutSeconds: 3,
    },
    resources,
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsGroup: 1337,
      runAsNonRoot: true,
      runAsUser: 1337,
    },
    startupProbe: {
      failureThreshold: 600,
      httpGet: { path: '/healthz/ready', port: 15021, scheme: 'HTTP' },
      periodSeconds: 1,
      successThreshold: 1,
      timeoutSeconds: 3,
    },
    ...termination,
    volumeMounts: [...mounts, accessMount],
  };
}

const redirect = '-p 15001 -z 15006 -u 1337 -m REDIRECT -i * -x  -b * -d 15090,15021,15020';

/** The container that sets up the redirection before the others start. */
export function initContainer(accessMount) {
  return {
    args: ['istio-iptables', ...redirect.split(' '), '--log_output_level=default:info'],
    image,
    imagePullPolicy: 'IfNotPresent',
    name: 'istio-init',
    resources,
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { add: ['NET_ADMIN', 'NET_RAW'], drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: false,
      runAsGroup: 0,
      runAsNonRoot: false,
      runAsUser: 0,
    },
    ...termination,
    volumeMounts: [accessMount],
  };
}

const projected = (sources) => ({ projected: { defaultMode: 420, sources } });
const ownField = (path) => ({ fieldRef: { apiVersion: 'v1', fieldPath: `metadata.${path}` }, path });

/** The volumes that the proxy needs. */
export const volumes = [
  { emptyDir: {}, name: 'workload-socket' },
  { emptyDir: {}, name: 'credential-socket' },
  { emptyDir: {}, name: 'workload-certs' },
  { emptyDir: { medium: 'Memory' }, name: 'istio-envoy' },
  { emptyDir: {}, name: 'istio-data' },
  {
    downwardAPI: { defaultMode: 420, items: ['labels', 'annotations'].map(ownField) },
    name: 'istio-podinfo',
  },
  {
    name: 'istio-token',
    ...projected([
      { serviceAccountToken: { audience: 'istio-ca', expirationSeconds: 43200, path: 'istio-token' } },
    ]),
  },
  { configMap: { defaultMode: 420, name: 'istio-ca-root-cert' }, name: 'istiod-ca-cert' },
];

/** The volume that the API server adds to every pod, under a name of its own. */
export function accessVolume(name) {
  const namespace = { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' };
  return {
    name,
    ...projected([
      { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
      { configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
      { downwardAPI: { items: [namespace] } },
    ]),
  };
}
