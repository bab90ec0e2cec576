import type { JsonObject } from '#documents/json.js';
import type { GatewayDecision } from '#policy/gateway-authorization/gateway-decision.js';
import type {
  GatewayOptions,
  GatewayProbe,
  NamedCertificate,
} from '#policy/gateway-authorization/gateway-probe.js';
import { decideGateway } from '#policy/gateway-authorization/decide-gateway.js';
import type { Token } from '#policy/request/access-request.js';
import type { AuthorizerQuestion } from '#policy/request/request-decision.js';
import { object } from '../manifests.js';
import { door, edge, gateway, plainService, routes, secret, server, to, town } from '../gateway/edge.js';

export const authorization = (place: string, spec: JsonObject): JsonObject =>
  object('security.istio.io/v1/AuthorizationPolicy', place, spec);

export const deny = (rule: JsonObject, place = 'edge/no'): JsonObject =>
  authorization(place, { action: 'DENY', rules: [rule] });

export const allow = (rule: JsonObject, place = 'edge/yes'): JsonObject =>
  authorization(place, { action: 'ALLOW', rules: [rule] });

export const operation = (fields: JsonObject): JsonObject => ({ to: [{ operation: fields }] });
export const source = (fields: JsonObject): JsonObject => ({ from: [{ source: fields }] });
export const paths = (...list: readonly string[]): JsonObject => operation({ paths: [...list] });

export const issuer = 'https://tokens.example';

export const jwt = (place = 'edge/jwt', extra: JsonObject = {}): JsonObject => {
  const jwks = JSON.stringify({ keys: [{ kty: 'RSA', kid: 'one', e: 'AQAB', n: 'xw' }] });
  return object('security.istio.io/v1/RequestAuthentication', place, {
    jwtRules: [{ issuer, jwks, ...extra }],
  });
};

export const token = (claims: JsonObject = {}, problem?: Token['problem']): Token => ({
  issuer,
  claims,
  problem,
  keyId: 'one',
  place: { header: 'authorization', prefix: 'Bearer ' },
});

export const meshConfig = (config: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'istio', namespace: 'istio-system' },
  data: { mesh: JSON.stringify(config) },
});

const service = 'checker.shop.svc.cluster.local';
export const providers = meshConfig({
  extensionProviders: [
    { name: 'web', envoyExtAuthzHttp: { service, port: 80, includeRequestHeadersInCheck: ['x-check'] } },
    { name: 'rpc', envoyExtAuthzGrpc: { service, port: 80 } },
  ],
});
export const checker = plainService('shop/checker', { app: 'checker' }, [[80, 8080]]);

export const custom = (provider: string, rule: JsonObject = {}): JsonObject =>
  authorization('edge/ask', { action: 'CUSTOM', provider: { name: provider }, rules: [rule] });

const mutual = (mode: string): JsonObject => ({ mode, credentialName: 'cert' });

/** Servers of `edge/gw`: HTTP for all names, HTTPS in several modes, TCP, TLS that is passed on. */
export const servers: readonly JsonObject[] = [
  gateway('edge/gw', [
    server('HTTP', 80),
    server('HTTPS', 443, ['plain.example'], mutual('SIMPLE')),
    server('HTTPS', 443, ['mutual.example'], mutual('MUTUAL')),
    server('HTTPS', 443, ['mesh.example'], { mode: 'ISTIO_MUTUAL' }),
    server('HTTPS', 443, ['maybe.example'], mutual('OPTIONAL_MUTUAL')),
    server('TLS', 443, ['closed.example'], { mode: 'PASSTHROUGH' }),
    server('TCP', 9000),
  ]),
  secret('edge/cert'),
  object('networking.istio.io/v1/VirtualService', 'edge/streams', {
    hosts: ['closed.example'],
    gateways: ['gw'],
    tls: [{ match: [{ sniHosts: ['closed.example'] }], ...to('web.shop.svc.cluster.local:81') }],
  }),
  object('networking.istio.io/v1/VirtualService', 'edge/bytes', {
    hosts: ['*'],
    gateways: ['gw'],
    tcp: [{ match: [{ port: 9000 }], ...to('raw.shop.svc.cluster.local:7000') }],
  }),
];

const names = ['shop.example', 'plain.example', 'mutual.example', 'mesh.example', 'maybe.example'];

/** All HTTP names lead to shop/web. */
export const open = routes('edge/all', names, [to('web.shop.svc.cluster.local:80')]);

export interface Knock {
  readonly gateway?: string;
  readonly port?: number;
  readonly sni?: string;
  readonly alpn?: readonly string[];
  readonly certificate?: NamedCertificate;
  readonly host?: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly raw?: boolean;
  readonly ip?: string;
  readonly proxyProtocol?: string;
  readonly tokens?: readonly Token[];
}

export function probeOf(knock: Knock): GatewayProbe {
  const { sni, path = '/', method = 'GET', headers = {} } = knock;
  const host = knock.host ?? sni ?? 'shop.example';
  return {
    gateway: knock.gateway ?? 'edge/Deployment/door',
    port: knock.port ?? (sni === undefined ? 8080 : 8443),
    ip: knock.ip ?? '192.0.2.10',
    proxyProtocol: knock.proxyProtocol,
    tls: sni === undefined ? undefined : { sni, alpn: knock.alpn ?? [], certificate: knock.certificate },
    http: knock.raw === true ? undefined : { method, host, path, headers },
    tokens: knock.tokens ?? [],
  };
}

/** Says yes to requests that show it the header, and to connections of the friend. */
export const authorizer = ({ headers, identity }: AuthorizerQuestion): boolean =>
  headers === undefined ? identity?.endsWith('/sa/friend') === true : headers.get('x-check')?.[0] === 'yes';

export function decide(
  parts: readonly JsonObject[],
  knock: Knock = {},
  options: GatewayOptions = { authorizer },
): GatewayDecision {
  return decideGateway(edge(...town, ...door(), ...parts), probeOf(knock), options);
}

/** `denied authorization edge/no[0]`, `routed web.shop:80`, `not-found 404` … */
export function said({ outcome, stage, by, destination, status }: GatewayDecision): string {
  if (outcome === 'denied')
    return [outcome, stage, by && `${by.policy}[${String(by.rule)}]`].filter(Boolean).join(' ');
  if (destination !== undefined)
    return `${outcome} ${destination.host.replace('.svc.cluster.local', '')}:${String(destination.port)}`;
  return status === undefined ? outcome : `${outcome} ${String(status)}`;
}

/** Asks the town's gateway with all servers and the open routes. */
export const ask = (parts: readonly JsonObject[], knock: Knock = {}): string =>
  said(decide([...servers, open, ...parts], knock));
