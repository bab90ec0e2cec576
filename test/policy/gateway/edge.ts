import type { JsonObject, JsonValue } from '#documents/json.js';
import { effectivePolicies } from '#policy/effective-policies.js';
import { decideConnection } from '#policy/gateway/decide-connection.js';
import type { ConnectionDecision } from '#policy/gateway/connection-decision.js';
import type { EffectivePolicies } from '#policy/policies.js';
import { meshOf } from '../../mesh/mesh-of.js';
import { asText, deployment, namespace, object } from '../manifests.js';

type Labels = Readonly<Record<string, string>>;

/** A gateway pod `Deployment/door`: Service ports 80, 443 and 9000 end at 8080, 8443 and 9000. */
export function door(place = 'edge/door', labels: Labels = {}): readonly JsonObject[] {
  const [, name = ''] = place.split('/');
  return [
    deployment(place, {
      labels: { door: 'front', 'sidecar.istio.io/inject': 'true', ...labels },
      annotations: { 'inject.istio.io/templates': 'gateway' },
      spec: { serviceAccountName: name },
    }),
    plainService(place, { app: name }, [
      [80, 8080],
      [443, 8443],
      [9000, 9000],
    ]),
  ];
}

export function plainService(
  place: string,
  selector: Labels,
  ports: readonly (readonly [number, number])[],
  metadata: JsonObject = {},
): JsonObject {
  const list = ports.map(([port, targetPort]) => ({ name: `tcp-${String(port)}`, port, targetPort }));
  return object('v1/Service', place, { selector, ports: list }, metadata);
}

/** Namespaces edge, shop and club; applications shop/web (ports 80, 81) and club/api (port 80), a sole port being 7000 of shop/raw. */
export const town: readonly JsonObject[] = [
  ...['edge', 'shop', 'club', 'istio-system'].map((name) => namespace(name, { town: name })),
  deployment('shop/web'),
  deployment('club/api'),
  plainService('shop/web', { app: 'web' }, [
    [80, 8080],
    [81, 8081],
  ]),
  plainService('club/api', { app: 'api' }, [[80, 8080]]),
  plainService('shop/raw', { app: 'web' }, [[7000, 7000]]),
];

export function gateway(
  place: string,
  servers: readonly JsonObject[],
  metadata: JsonObject = {},
): JsonObject {
  const spec = { selector: { door: 'front' }, servers };
  return object('networking.istio.io/v1/Gateway', place, spec, metadata);
}

/** A server; the name of its port is made of protocol and number. */
export function server(
  protocol: string,
  number: number,
  hosts: readonly string[] = ['*'],
  tls?: JsonObject,
): JsonObject {
  const port = { number, name: `${protocol.toLowerCase()}-${String(number)}-${hosts.join()}`, protocol };
  return { port, hosts, ...(tls === undefined ? {} : { tls }) };
}

export const simple: JsonObject = { mode: 'SIMPLE', credentialName: 'cert' };

/** A Secret with a certificate, its key and a CA. */
export function secret(
  place: string,
  keys: readonly string[] = ['tls.crt', 'tls.key', 'ca.crt'],
): JsonObject {
  const [home = '', name = ''] = place.split('/');
  const data = Object.fromEntries(keys.map((key) => [key, 'eA==']));
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: home }, data };
}

export function virtualService(place: string, spec: JsonObject, metadata: JsonObject = {}): JsonObject {
  return object('networking.istio.io/v1/VirtualService', place, spec, metadata);
}

/** `route` of a rule, to `host:port`. */
export function to(target: string, extra: JsonObject = {}): JsonObject {
  const [host = '', port] = target.split(':');
  const destination = { host, ...(port === undefined ? {} : { port: { number: Number(port) } }), ...extra };
  return { route: [{ destination }] };
}

/** A VirtualService for hosts at `edge/gw` with rules. */
export function routes(
  place: string,
  hosts: readonly string[],
  http: readonly JsonObject[],
  extra: { readonly spec?: JsonObject; readonly metadata?: JsonObject } = {},
): JsonObject {
  return virtualService(place, { hosts, gateways: ['edge/gw'], http, ...extra.spec }, extra.metadata);
}

/** What a probe says: `GET host/path` over plaintext unless told. */
export interface Probe {
  readonly gateway?: string;
  readonly port?: number;
  readonly host?: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Labels;
  /** Server name; `''` for TLS without one. */
  readonly sni?: string;
  readonly certificate?: 'trusted' | 'untrusted';
  readonly alpn?: readonly string[];
  /** Bytes that are not HTTP. */
  readonly raw?: boolean;
}

export function edge(...parts: readonly JsonObject[]): EffectivePolicies {
  return effectivePolicies(meshOf(asText(parts), { stored: true }));
}

export function connect(policies: EffectivePolicies, probe: Probe): ConnectionDecision {
  const { sni, certificate, host = 'shop.example', path = '/' } = probe;
  const names = ['spiffe://cluster.local/ns/guest/sa/guest', 'guest.example'];
  return decideConnection(policies, {
    gateway: probe.gateway ?? 'edge/Deployment/door',
    probe: {
      port: probe.port ?? (sni === undefined ? 8080 : 8443),
      tls:
        sni === undefined
          ? undefined
          : {
              sni: sni === '' ? undefined : sni,
              alpn: probe.alpn ?? [],
              certificate:
                certificate === undefined ? undefined : { trusted: certificate === 'trusted', names },
            },
      http: probe.raw
        ? undefined
        : { method: probe.method ?? 'GET', host, path, headers: probe.headers ?? {} },
    },
  });
}

/** Outcome in a word or two: where traffic ends up, else what is answered. */
export function said({ outcome, destination, status }: ConnectionDecision): string {
  if (destination !== undefined) {
    const { host, port, subset } = destination;
    const name = host.replace('.svc.cluster.local', '');
    return `${outcome} ${name}:${String(port)}${subset === '' ? '' : `/${subset}`}`;
  }
  return status === undefined ? outcome : `${outcome} ${String(status)}`;
}

/** Asks a mesh of the town, one gateway pod and the given objects. */
export function ask(parts: readonly JsonObject[], probe: Probe): string {
  return said(connect(edge(...town, ...door(), ...parts), probe));
}

/** Any JSON as an object, for tables. */
export type Given = Readonly<Record<string, JsonValue>>;
