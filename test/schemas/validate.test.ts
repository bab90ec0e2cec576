import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { istioObject, schemaErrorsOf, validate } from './istio-object.js';

const security = 'security.istio.io/v1';
const networking = 'networking.istio.io/v1';
const gateway = 'gateway.networking.k8s.io/v1';

const port = { number: 80, name: 'http', protocol: 'HTTP' };
const server = { port, hosts: ['*'] };

const prefixRedirect: JsonObject = {
  type: 'RequestRedirect',
  requestRedirect: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/c' } },
};

const rule = (prefixes: readonly string[], ...filters: readonly JsonObject[]): JsonObject => ({
  matches: prefixes.map((value) => ({ path: { type: 'PathPrefix', value } })),
  ...(filters.length === 0 ? {} : { filters: [...filters] }),
});

/** Each row: what is tried, the object, the errors of the API server. The rule is in the CRD's schema of the kind. */
const schemaTable: readonly (readonly [string, JsonObject, readonly string[]])[] = [
  ['an empty spec', istioObject(security, 'PeerAuthentication', {}), []],
  [
    'an enum',
    istioObject(security, 'PeerAuthentication', { mtls: { mode: 'STRCT' } }),
    ['enum spec.mtls.mode'],
  ],
  [
    'a port name (CEL, named format: the rule holds of no text)',
    istioObject('gateway.networking.x-k8s.io/v1alpha1', 'XBackend', { type: 'ExternalHostname', externalHostname: { hostname: 'a.example' }, port: { port: 80, protocol: 'HTTP', name: 'http' } }),
    ['cel spec.port.name'],
  ],
  [
    'an enum in lower case',
    istioObject(security, 'PeerAuthentication', { mtls: { mode: 'strict' } }),
    ['enum spec.mtls.mode'],
  ],
  [
    'a port level without selector (CEL on spec)',
    istioObject(security, 'PeerAuthentication', { portLevelMtls: { '80': { mode: 'STRICT' } } }),
    ['cel spec'],
  ],
  [
    'a port level that is no port (CEL on the keys)',
    istioObject(security, 'PeerAuthentication', {
      selector: { matchLabels: { app: 'a' } },
      portLevelMtls: { '70000': {} },
    }),
    ['cel spec.portLevelMtls'],
  ],
  [
    'a port level that is no number (CEL conversion error)',
    istioObject(security, 'PeerAuthentication', {
      selector: { matchLabels: { app: 'a' } },
      portLevelMtls: { http: {} },
    }),
    ['cel spec.portLevelMtls'],
  ],
  [
    'a wildcard in a selector (CEL)',
    istioObject(security, 'PeerAuthentication', { selector: { matchLabels: { app: 'a*' } } }),
    ['cel spec.selector.matchLabels.app'],
  ],
  [
    'selector and targetRefs together (CEL)',
    istioObject(security, 'AuthorizationPolicy', {
      selector: {},
      targetRefs: [{ kind: 'Service', name: 'a' }],
    }),
    ['cel spec'],
  ],
  [
    'a target without a name',
    istioObject(security, 'AuthorizationPolicy', { targetRefs: [{ kind: 'Service' }] }),
    ['required spec.targetRefs.0.name'],
  ],
  [
    'a string where a list belongs',
    istioObject(security, 'AuthorizationPolicy', { rules: [{ to: [{ operation: { ports: '80' } }] }] }),
    ['type spec.rules.0.to.0.operation.ports'],
  ],
  [
    'a JWKS address that is neither http nor https (CEL, url())',
    istioObject(security, 'RequestAuthentication', { jwtRules: [{ issuer: 'a', jwksUri: 'ftp://a/b' }] }),
    ['cel spec.jwtRules.0.jwksUri'],
  ],
  [
    'a JWKS address that is no URL (CEL, conversion error)',
    istioObject(security, 'RequestAuthentication', { jwtRules: [{ issuer: 'a', jwksUri: 'a b' }] }),
    ['cel spec.jwtRules.0.jwksUri'],
  ],
  [
    'a duration below 1 ms (CEL, duration())',
    istioObject(security, 'RequestAuthentication', { jwtRules: [{ issuer: 'a', timeout: '1us' }] }),
    ['cel spec.jwtRules.0.timeout'],
  ],
  ['a gateway', istioObject(networking, 'Gateway', { servers: [server] }), []],
  [
    'a port above 32 bits (format)',
    istioObject(networking, 'Gateway', { servers: [{ ...server, port: { ...port, number: 2 ** 63 } }] }),
    ['limit spec.servers.0.port.number', 'limit spec.servers.0.port.number'],
  ],
  [
    'a fraction where an integer belongs',
    istioObject(networking, 'Gateway', { servers: [{ ...server, port: { ...port, number: 80.5 } }] }),
    ['type spec.servers.0.port.number'],
  ],
  [
    'two alternatives of a oneOf',
    istioObject(networking, 'DestinationRule', {
      host: 'a',
      trafficPolicy: { loadBalancer: { simple: 'RANDOM', consistentHash: { useSourceIp: true } } },
    }),
    ['one-of spec.trafficPolicy.loadBalancer'],
  ],
  [
    'a null that is not nullable is dropped',
    istioObject(networking, 'DestinationRule', { host: 'a', trafficPolicy: null }),
    [],
  ],
  [
    'a null in a list is not dropped',
    istioObject(networking, 'VirtualService', { hosts: ['a', null], http: [] }),
    ['type spec.hosts.1'],
  ],
  [
    'ports of one number (CEL, exists_one)',
    istioObject(networking, 'ServiceEntry', {
      hosts: ['a.example'],
      ports: [port, { ...port, name: 'other' }],
    }),
    ['cel spec.ports'],
  ],
  [
    'ports of one name (list type map)',
    istioObject(networking, 'ServiceEntry', { hosts: ['a.example'], ports: [port, { ...port, number: 81 }] }),
    ['duplicate spec.ports.1'],
  ],
  [
    'an address "unix://" too short for substring (CEL error)',
    istioObject(networking, 'WorkloadEntry', { address: 'unix://' }),
    ['cel spec.address', 'cel spec.address'],
  ],
  [
    'a default of the Gateway API satisfies a rule',
    istioObject(gateway, 'Gateway', {
      gatewayClassName: 'istio',
      listeners: [{ name: 'a', port: 80, protocol: 'HTTP' }],
    }),
    [],
  ],
  [
    'TLS on an HTTP listener (CEL)',
    istioObject(gateway, 'Gateway', {
      gatewayClassName: 'istio',
      listeners: [{ name: 'a', port: 80, protocol: 'HTTP', tls: { certificateRefs: [{ name: 'c' }] } }],
    }),
    ['cel spec.listeners'],
  ],
  ['a route without filters (CEL, has() of an element)', istioObject(gateway, 'HTTPRoute', { rules: [rule([])] }), []],
  [
    'a redirect that replaces the one prefix matched (CEL)',
    istioObject(gateway, 'HTTPRoute', { rules: [rule(['/a'], prefixRedirect)] }),
    [],
  ],
  [
    'a redirect that replaces one of two prefixes matched (CEL)',
    istioObject(gateway, 'HTTPRoute', { rules: [rule(['/a', '/b'], prefixRedirect)] }),
    ['cel spec.rules.0'],
  ],
  ['a GRPCRoute (CEL, has() of an element of self)', istioObject(gateway, 'GRPCRoute', { rules: [{}] }), []],
];

describe('the schema of the API server', () => {
  it.each(schemaTable)('%s', async (_, object, errors) => {
    expect(schemaErrorsOf(await validate(object))).toEqual(errors);
  });

  it('names the values of an enum and the one that was meant', async () => {
    const { schema } = await validate(istioObject(security, 'PeerAuthentication', { mtls: { mode: 'STRCT' } }));
    expect(schema[0]?.suggestion).toBe('STRICT');
    expect(schema[0]?.message).toContain('PERMISSIVE');
  });

  it('names the fields that exclude each other', async () => {
    const loadBalancer = { simple: 'RANDOM', consistentHash: { useSourceIp: true } };
    const spec = { host: 'a', trafficPolicy: { loadBalancer } };
    const { schema } = await validate(istioObject(networking, 'DestinationRule', spec));
    expect(schema[0]?.message).toContain('simple and consistentHash together');
  });
});

describe('unknown fields', () => {
  it('are found with their path and the name that was meant', async () => {
    const spec = { selector: { matchLabel: { app: 'a' } }, mtls: { mod: 'STRICT' } };
    const { schema, unknownFields } = await validate(istioObject(security, 'PeerAuthentication', spec));
    expect(schema).toEqual([]);
    expect(unknownFields.map(({ path, suggestion }) => [path.join('.'), suggestion])).toEqual([
      ['spec.selector.matchLabel', 'matchLabels'],
      ['spec.mtls.mod', 'mode'],
    ]);
  });

  it('are found in metadata and at the root', async () => {
    const object = { ...istioObject(security, 'PeerAuthentication', {}), data: {}, metadata: { name: 'a', lables: {} } };
    const { unknownFields } = await validate(object);
    expect(unknownFields.map(({ path }) => path.join('.')).sort()).toEqual(['data', 'metadata.lables']);
  });

  it('are left alone where the schema preserves them', async () => {
    const patch = { operation: 'MERGE', value: { anything: { goes: [1] } } };
    const spec = { configPatches: [{ applyTo: 'CLUSTER', patch }] };
    const { unknownFields } = await validate(istioObject('networking.istio.io/v1alpha3', 'EnvoyFilter', spec));
    expect(unknownFields).toEqual([]);
  });
});

describe('kinds and versions', () => {
  it('names the served versions of a kind', async () => {
    const answer = await validate(istioObject('security.istio.io/v1alpha1', 'PeerAuthentication', {}));
    expect(answer.servedKind).toBe(false);
    expect(schemaErrorsOf(answer)).toEqual(['not-served apiVersion']);
    expect(answer.schema[0]?.suggestion).toBe('security.istio.io/v1');
  });

  it('finds the kind that was meant', async () => {
    const answer = await validate(istioObject(security, 'PeerAuthentications', {}));
    expect(answer.schema[0]?.suggestion).toBe('PeerAuthentication');
  });

  it('says what became of a removed API', async () => {
    const answer = await validate(istioObject('rbac.istio.io/v1alpha1', 'ServiceRole', {}));
    expect(schemaErrorsOf(answer)).toEqual(['removed-api apiVersion']);
    expect(answer.schema[0]?.message).toContain('AuthorizationPolicy');
  });

  it('does not know the kinds of operators', async () => {
    const answer = await validate(istioObject('install.istio.io/v1alpha1', 'IstioOperator', {}));
    expect(answer).toMatchObject({ servedKind: false, schema: [], unknownFields: [] });
  });

  it('has no word on kinds of Kubernetes', async () => {
    const answer = await validate({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: {} });
    expect(answer).toMatchObject({ servedKind: true, schema: [], unknownFields: [] });
  });

  it('refuses an apiVersion that is only a group', async () => {
    const answer = await validate(istioObject('security.istio.io', 'PeerAuthentication', {}));
    expect(schemaErrorsOf(answer)).toEqual(['not-served apiVersion']);
  });
});
