import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { istioObject, validate, webhookErrorsOf } from '../istio-object.js';

type Row = readonly [what: string, kind: string, spec: JsonObject, errors: readonly string[]];

const versions: Readonly<Record<string, string>> = {
  DestinationRule: 'networking.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  RequestAuthentication: 'security.istio.io/v1',
  Sidecar: 'networking.istio.io/v1',
  Telemetry: 'telemetry.istio.io/v1',
  VirtualService: 'networking.istio.io/v1',
};

const http = (route: JsonObject): JsonObject => ({ hosts: ['a.b'], http: [route] });
const body = (content: JsonObject): JsonObject => http({ directResponse: { status: 200, body: content } });
const destination = { route: [{ destination: { host: 'a' } }] };
const mirrored = (value: string): JsonObject => http({ ...destination, mirror: { host: 'a' }, mirrorPercentage: { value } });
const jwks = (text: string): JsonObject => ({ jwtRules: [{ issuer: 'a', jwks: text }] });
const keyOf = (fields: string): JsonObject => jwks(`{"keys":[{"n":"AQAB","e":"AQAB",${fields}}]}`);
const port = (name: string): JsonObject => ({ selector: { matchLabels: { a: 'b' } }, portLevelMtls: { [name]: { mode: 'STRICT' } } });
const tag = (fields: JsonObject): JsonObject => ({ tracing: [{ customTags: { a: fields } }] });
const override = (fields: JsonObject): JsonObject => ({ metrics: [{ overrides: [{ tagOverrides: { a: fields } }] }] });
const proxyProtocol = (version: number): JsonObject => ({ host: 'a', trafficPolicy: { proxyProtocol: { version } } });
const keepalive = (time: string): JsonObject => ({ host: 'a', trafficPolicy: { connectionPool: { tcp: { tcpKeepalive: { time } } } } });
const retries = (maxRetries: string): JsonObject => ({ host: 'a', trafficPolicy: { connectionPool: { http: { maxRetries } } } });
const keysAt = ['spec.jwtRules.0.jwks'];

/**
 * Values that protobuf's JSON reads otherwise than they look. Source: github.com/golang/protobuf jsonpb/decode.go; the
 * keys: github.com/lestrrat-go/jwx jwk; the rules: istio/istio pkg/config/validation/validation.go.
 */
const rows: readonly Row[] = [
  ['the least number of an enum', 'PeerAuthentication', { mtls: { mode: -(2 ** 31) } }, []],
  ['a number below every enum', 'PeerAuthentication', { mtls: { mode: -(2 ** 31) - 1 } }, ['spec.mtls.mode']],
  ['a port in quotes', 'PeerAuthentication', port('"80"'), []],
  ['a port in half of its quotes', 'PeerAuthentication', port('"80'), ['spec.portLevelMtls."80']],
  ['a port after a no-break space', 'PeerAuthentication', port('\u00a080'), ['spec.portLevelMtls.\u00a080']],
  ['base64', 'VirtualService', body({ bytes: 'AQ\nID' }), []],
  ['no base64', 'VirtualService', body({ bytes: 'not base64' }), ['spec.http.0.directResponse.body.bytes']],
  ['a list of bytes', 'VirtualService', body({ bytes: [1, 2] }), []],
  ['bytes of 1 MiB', 'VirtualService', body({ bytes: Buffer.alloc(2 ** 20).toString('base64') }), []],
  ['bytes above 1 MiB', 'VirtualService', body({ bytes: Buffer.alloc(2 ** 20 + 1).toString('base64') }), ['spec.http.0.directResponse.body']],
  ['a percentage that is no number', 'VirtualService', mirrored('NaN'), []],
  ['an infinite percentage', 'VirtualService', mirrored('Infinity'), ['spec.http.0.mirrorPercentage.value']],
  ['a hexadecimal percentage', 'VirtualService', mirrored('0x10'), ['spec.http.0.mirrorPercentage.value']],
  ['an integer in quotes', 'DestinationRule', retries(' 5 '), []],
  ['an integer before a line end', 'DestinationRule', retries('5\n'), ['spec.trafficPolicy.connectionPool.http.maxRetries']],
  ['a duration of many parts', 'DestinationRule', keepalive('7200s'.repeat(400)), []],
  ['a version of the PROXY protocol', 'DestinationRule', proxyProtocol(1), []],
  ['no version of the PROXY protocol', 'DestinationRule', proxyProtocol(7), ['spec.trafficPolicy.proxyProtocol.version']],
  ['a mode without a name', 'Sidecar', { outboundTrafficPolicy: { mode: 2 } }, []],
  ['the mode of the mesh config', 'Sidecar', { outboundTrafficPolicy: { mode: 3 } }, ['spec.outboundTrafficPolicy.mode']],
  ['a header without name', 'Telemetry', tag({ header: {} }), ['spec.tracing.0.customTags.a.header.name']],
  ['a formatter, which is read last', 'Telemetry', tag({ header: {}, formatter: { value: 'a' } }), []],
  ['a tag to set without value', 'Telemetry', override({ operation: 0 }), ['spec.metrics.0.overrides.0.tagOverrides.a.value']],
  ['a tag of an unknown operation', 'Telemetry', override({ operation: 5 }), []],
  ['text after the keys', 'RequestAuthentication', jwks('{"keys":[]} x'), []],
  ['text before the keys', 'RequestAuthentication', jwks('x {"keys":[]}'), keysAt],
  ['a key type in capitals', 'RequestAuthentication', keyOf('"KTY":"RSA"'), []],
  ['two key types', 'RequestAuthentication', keyOf('"kty":"EC","KTY":"RSA"'), keysAt],
  ['a private key by its capital D', 'RequestAuthentication', keyOf('"kty":"RSA","D":"AQAB"'), keysAt],
  ['a certificate that is none', 'RequestAuthentication', keyOf('"kty":"RSA","x5c":["a"]'), keysAt],
];

/** Rows by github.com/google/cel-go parser/gen/CEL.g4 and parser/macro.go: filters need only parse. */
const filters: readonly (readonly [expression: string, valid: boolean])[] = [
  ['response.code >= 400', true],
  ['.response.code >= 400', true],
  ["'a'.matches('b')", true],
  ['"a" .matches("b")', true],
  ['.5 < 1.', false],
  ['.5 < x', true],
  ['a.`b-c`', true],
  ['has(a.b)', true],
  ['has(a.b[0].c)', true],
  ['has((a).b)', true],
  ['has(a)', false],
  ['has(a[0])', false],
  ['has(a.b())', false],
  ['9223372036854775807', true],
  ['9223372036854775808', false],
  ['-9223372036854775808', true],
  ['"9223372036854775808"', true],
  ['a ? b : c ? d : e', true],
  ['a ? b ? c : d : e', false],
  ['a ? (b ? c : d) : e', true],
  ['{a ? b : c : d}', true],
  ['--!a', false],
  ['!-a', false],
  ['a - !b', true],
];

describe('values as protobuf reads them', () => {
  it.each(rows)('%s (%s)', async (_, kind, spec, errors) => {
    expect(webhookErrorsOf(await validate(istioObject(versions[kind] ?? '', kind, spec)))).toEqual(errors);
  });
});

describe('filters of access logs', () => {
  it.each(filters)('%s', async (expression, valid) => {
    const object = istioObject('telemetry.istio.io/v1', 'Telemetry', { accessLogging: [{ filter: { expression } }] });
    expect(webhookErrorsOf(await validate(object))).toEqual(valid ? [] : ['spec.accessLogging.0.filter.expression']);
  });

  it('are read in bounded time', async () => {
    const parts = ['has('.repeat(5000), '!-'.repeat(50_000), ' '.repeat(100_000), '.'.repeat(100_000), '('.repeat(50_000)];
    const start = performance.now();
    for (const expression of parts) {
      await validate(istioObject('telemetry.istio.io/v1', 'Telemetry', { accessLogging: [{ filter: { expression } }] }));
    }
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

describe('an apiVersion that nothing serves', () => {
  const spec = { mtls: { mode: 'STRICT' } };

  it.each(['security.istio.io//v1', 'security.istio.io/v1/', 'Security.istio.io/v1'])('%s', async (apiVersion) => {
    const answer = await validate(istioObject(apiVersion, 'PeerAuthentication', spec));
    expect(answer.servedKind).toBe(false);
    expect(answer.schema.map(({ code, path }) => [code, path])).toEqual([['not-served', ['apiVersion']]]);
  });

  it('is handed to the webhook with every field (pkg/webhooks/validation/server/server.go, checkFields)', async () => {
    const object = { ...istioObject('security.istio.io/v9', 'PeerAuthentication', spec), extra: 1 };
    expect(webhookErrorsOf(await validate(object))).toEqual(['extra']);
  });
});
