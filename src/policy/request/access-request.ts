import { isArray, isObject, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { stringMap } from '#mesh/string-map.js';
import type { StringMap } from '#mesh/string-map.js';

/** Who connects: a workload of a mesh with its certificate, or someone without one. */
export type Client =
  | {
      readonly kind: 'mesh';
      readonly namespace: string;
      readonly serviceAccount: string;
      /** The mesh's own when undefined. */
      readonly trustDomain: string | undefined;
    }
  | { readonly kind: 'plaintext' }
  /** TLS as a client outside the mesh would open it. */
  | {
      readonly kind: 'foreign-tls';
      /** URI and DNS names of its certificate, which a CA of the server's choice has signed; undefined: it has none. */
      readonly certificate?: readonly string[];
    };

/** What keeps a token from being a good one. */
export type TokenProblem = 'expired' | 'not-yet-valid' | 'wrong-key' | 'wrong-audience' | 'malformed';

/** Where a token is sent; `Authorization: Bearer` when nothing is said. */
export type TokenPlace =
  | { readonly header: string; readonly prefix: string }
  | { readonly param: string }
  | { readonly cookie: string };

/** A JWT, signed by its issuer's key and valid now unless `problem` says otherwise. */
export interface Token {
  readonly issuer: string;
  /** `iss` is the issuer unless it is among them; a claim that is null is left out. */
  readonly claims: JsonObject;
  readonly problem: TokenProblem | undefined;
  /** The `kid` of its header: the key of the issuer that signed it; undefined: some key of the issuer. */
  readonly keyId: string | undefined;
  readonly place: TokenPlace;
}

/** An HTTP/1.1 request as the client writes it; nothing is normalized. */
export interface HttpRequest {
  readonly method: string;
  /** The request target: mostly a path with an optional query. */
  readonly path: string;
  readonly host: string;
  /** Names that differ only in case are one header sent twice. */
  readonly headers: StringMap;
}

/** One connection to a pod's port, with the one request that is sent over it. */
export interface AccessRequest {
  readonly id: string | undefined;
  readonly from: Client;
  /** Source address as the receiving proxy sees it; undefined: not known. */
  readonly ip: string | undefined;
  /** Source address in the PROXY protocol header that the peer sends first; undefined: it sends none. */
  readonly proxyProtocol?: string | undefined;
  /** `workload` is `Kind/name`; `port` the pod's port, not the Service's. */
  readonly to: { readonly namespace: string; readonly workload: string; readonly port: number };
  readonly sni: string | undefined;
  /** Undefined: bytes that are not HTTP. */
  readonly http: HttpRequest | undefined;
  readonly tokens: readonly Token[];
}

const problems: readonly TokenProblem[] = [
  'expired',
  'not-yet-valid',
  'wrong-key',
  'wrong-audience',
  'malformed',
];

const bearer: TokenPlace = { header: 'authorization', prefix: 'Bearer ' };

function placeOf(value: JsonObject | undefined): TokenPlace {
  const [header, param, cookie] = ['header', 'param', 'cookie'].map((key) => stringAt(value, key));
  if (header !== undefined) return { header, prefix: stringAt(value, 'prefix') ?? '' };
  if (param !== undefined) return { param };
  return cookie === undefined ? bearer : { cookie };
}

function tokenOf(value: JsonValue): Token {
  const problem = stringAt(value, 'problem');
  return {
    issuer: stringAt(value, 'issuer') ?? '',
    claims: objectAt(value, 'claims') ?? {},
    problem: problems.find((one) => one === problem),
    keyId: stringAt(value, 'keyId'),
    place: placeOf(objectAt(value, 'in')),
  };
}

function clientOf(from: JsonObject): Client | undefined {
  if (from['plaintext'] === true) return { kind: 'plaintext' };
  if (from['tls'] === 'foreign') {
    const certificate = stringsAt(from, 'certificate');
    return { kind: 'foreign-tls', ...(certificate.length === 0 ? {} : { certificate }) };
  }
  const namespace = stringAt(from, 'namespace');
  const serviceAccount = stringAt(from, 'serviceAccount');
  if (namespace === undefined || serviceAccount === undefined) return undefined;
  return { kind: 'mesh', namespace, serviceAccount, trustDomain: stringAt(from, 'trustDomain') };
}

function httpOf(value: JsonObject | undefined): HttpRequest | undefined {
  if (value === undefined) return undefined;
  return {
    method: stringAt(value, 'method') ?? 'GET',
    path: stringAt(value, 'path') ?? '/',
    host: stringAt(value, 'host') ?? '',
    headers: stringMap(objectAt(value, 'headers')),
  };
}

function tokensOf(value: JsonObject): readonly JsonValue[] {
  const several = value['tokens'];
  if (isArray(several)) return several;
  return value['token'] === undefined ? [] : [value['token']];
}

/**
 * Reads a request written as JSON: `from` (`namespace` and `serviceAccount`, `trustDomain`; or `plaintext: true`; or
 * `tls: foreign` with the names of a `certificate`), `ip`, `proxyProtocol`, `to` (`namespace`, `workload`, `port`), `sni`, `http`, `token` or `tokens`. Returns what is
 * wrong with it, as a sentence, when it can not be read.
 */
export function readAccessRequest(value: JsonValue): AccessRequest | string {
  if (!isObject(value)) return 'a request is a JSON object';
  const from = clientOf(objectAt(value, 'from') ?? {});
  if (from === undefined)
    return 'from needs namespace and serviceAccount, or plaintext: true, or tls: foreign';
  const [namespace, workload] = [stringAt(value, 'to', 'namespace'), stringAt(value, 'to', 'workload')];
  const port = valueAt(value, ['to', 'port']);
  if (namespace === undefined || workload === undefined) return 'to needs namespace and workload (Kind/name)';
  if (typeof port !== 'number' || !Number.isInteger(port)) return 'to.port is a number, the port of the pod';
  const proxyProtocol = stringAt(value, 'proxyProtocol');
  return {
    id: stringAt(value, 'id'),
    from,
    ip: stringAt(value, 'ip'),
    ...(proxyProtocol === undefined ? {} : { proxyProtocol }),
    to: { namespace, workload, port },
    sni: stringAt(value, 'sni'),
    http: httpOf(objectAt(value, 'http')),
    tokens: tokensOf(value).map(tokenOf),
  };
}
