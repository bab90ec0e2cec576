import type { JsonObject } from '#documents/json.js';

interface SecretOptions {
  readonly type?: string;
  readonly namespace?: string;
}

/** A Secret as somebody applies it: its values are told twice over by what kubectl keeps of it. */
export function newSecret(
  name: string,
  keys: readonly string[],
  { type = 'Opaque', namespace = 'istio-system' }: SecretOptions = {},
): JsonObject {
  const value = valueOf(name);
  const annotations = {
    'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ stringData: { a: value } }),
  };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: { app: name }, annotations },
    data: Object.fromEntries(keys.map((key) => [key, value])),
    type,
  };
}

/** The same as an API server stores it. */
export function secret(name: string, keys: readonly string[], options: SecretOptions = {}): JsonObject {
  const made = newSecret(name, keys, options);
  const managedFields = [{ fieldsV1: { 'f:data': { [`f:${valueOf(name)}`]: {} } } }];
  const stored = { uid: `uid-of-${name}`, resourceVersion: '7', managedFields };
  return { ...made, metadata: { ...(made['metadata'] as JsonObject), ...stored } };
}

function valueOf(name: string): string {
  return Buffer.from(`hidden-value-of-${name}`).toString('base64');
}

/** What must be nowhere: a value of {@link secret}, in base64 or plain. */
export const secretValue = /hidden-value|aGlkZGVuLXZhbHV/;

/** A gateway whose servers name certificates, by host and credential. */
export function gatewayFor(credentials: Readonly<Record<string, string>>): readonly JsonObject[] {
  const servers = Object.entries(credentials).map(([name, credentialName], index) => ({
    port: { number: 443, name: `https-${String(index)}`, protocol: 'HTTPS' },
    hosts: [`${name}.example.com`],
    tls: { mode: 'SIMPLE', credentialName },
  }));
  const labels = { istio: 'ingressgateway' };
  const meta = { namespace: 'istio-system', uid: 'u' };
  const container = { name: 'istio-proxy', image: 'auto' };
  const podLabels = { ...labels, 'sidecar.istio.io/inject': 'true' };
  const annotations = { 'inject.istio.io/templates': 'gateway' };
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system', uid: '1' } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'istio-ingressgateway', ...meta, uid: 'd' },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { annotations, labels: podLabels }, spec: { containers: [container] } },
      },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'edge', ...meta },
      spec: { selector: labels, servers },
    },
  ];
}
