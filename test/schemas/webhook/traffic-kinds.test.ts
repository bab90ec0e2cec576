import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { istioObject, validate, webhookErrorsOf } from '../istio-object.js';

type Row = readonly [what: string, spec: JsonObject, errors: readonly string[]];

const rule = (trafficPolicy: JsonObject): JsonObject => ({ host: 'a.foo', trafficPolicy });
const balance = (loadBalancer: JsonObject): JsonObject => rule({ loadBalancer });
const locality = (localityLbSetting: JsonObject): JsonObject => balance({ localityLbSetting });
const at = 'spec.trafficPolicy';

/** Rows by istio/istio pkg/config/validation/validation.go ValidateDestinationRule and pkg/config/validation/agent. */
const destinationRules: readonly Row[] = [
  ['a host', { host: 'a' }, []],
  ['a wildcard host', { host: '*.a.example' }, []],
  ['no host', {}, ['spec.host']],
  ['an empty policy', rule({}), [at]],
  ['empty TLS settings', rule({ tls: {} }), []],
  ['ISTIO_MUTUAL with certificates, which are ignored', rule({ tls: { mode: 'ISTIO_MUTUAL', clientCertificate: 'a' } }), []],
  ['MUTUAL without certificate', rule({ tls: { mode: 'MUTUAL' } }), [`${at}.tls.clientCertificate`, `${at}.tls.privateKey`]],
  ['MUTUAL with a credential', rule({ tls: { mode: 'MUTUAL', credentialName: 'a' } }), []],
  ['a credential and a CA', rule({ tls: { mode: 'SIMPLE', credentialName: 'a', caCertificates: 'b' } }), [`${at}.tls.credentialName`]],
  ['a ConfigMap of its namespace', rule({ tls: { mode: 'SIMPLE', credentialName: 'configmap://foo/a' } }), []],
  ['a ConfigMap of another namespace', rule({ tls: { mode: 'SIMPLE', credentialName: 'configmap://bar/a' } }), [`${at}.tls.credentialName`]],
  [
    'nothing verified, though there is a CA',
    rule({ tls: { mode: 'SIMPLE', insecureSkipVerify: true, caCertificates: 'a' } }),
    [`${at}.tls.insecureSkipVerify`],
  ],
  ['an empty connection pool', rule({ connectionPool: {} }), [`${at}.connectionPool`]],
  ['an idle timeout of 0', rule({ connectionPool: { tcp: { idleTimeout: '0s' } } }), []],
  ['an idle timeout that is none', rule({ connectionPool: { tcp: { idleTimeout: 'x' } } }), [`${at}.connectionPool.tcp.idleTimeout`]],
  ['a negative count', rule({ connectionPool: { http: { maxRetries: -1 } } }), [`${at}.connectionPool.http.maxRetries`]],
  [
    'local failures without splitting',
    rule({ outlierDetection: { consecutiveLocalOriginFailures: 1 } }),
    [`${at}.outlierDetection.consecutiveLocalOriginFailures`],
  ],
  ['a table size that is no prime', balance({ consistentHash: { maglev: { tableSize: 4 } } }), [`${at}.loadBalancer.consistentHash.maglev.tableSize`]],
  ['a prime table size', balance({ consistentHash: { maglev: { tableSize: 65537 } } }), []],
  [
    'weights that are not 100',
    locality({ distribute: [{ from: 'a', to: { b: 50 } }] }),
    [`${at}.loadBalancer.localityLbSetting.distribute.0.to`],
  ],
  [
    'localities that overlap',
    locality({ distribute: [{ from: 'a/*', to: { b: 100 } }, { from: 'a/z', to: { c: 100 } }] }),
    [`${at}.loadBalancer.localityLbSetting.distribute`],
  ],
  ['failover to the same region', locality({ failover: [{ from: 'a', to: 'a' }] }), [`${at}.loadBalancer.localityLbSetting.failover.0`]],
  ['a tunnel to a number', rule({ tunnel: { targetHost: '1', targetPort: 80 } }), [`${at}.tunnel.targetHost`]],
  ['a port without settings', rule({ portLevelSettings: [{ port: { number: 80 } }] }), [`${at}.portLevelSettings.0`]],
  ['two subsets of one name', { host: 'a', subsets: [{ name: 'v' }, { name: 'v' }] }, ['spec.subsets.1.name']],
  ['a selector and another namespace', { host: 'a', workloadSelector: { matchLabels: { a: 'b' } }, exportTo: ['bar'] }, ['spec.exportTo']],
];

const port = { number: 80, protocol: 'HTTP', name: 'http' };
const ingress = (listener: JsonObject): JsonObject => ({ ingress: [{ port, ...listener }] });
const egress = (...hosts: readonly string[]): JsonObject => ({ egress: [{ hosts }] });

/** Rows by ValidateSidecar. */
const sidecars: readonly Row[] = [
  ['nothing', {}, ['spec']],
  ['hosts', egress('./*', 'foo/a.example', '*/*.example.com', '~foo/a.example'), []],
  ['no hosts', egress(), ['spec.egress.0.hosts']],
  ['a host without namespace', egress('a.example'), ['spec.egress.0.hosts.0']],
  ['a short name', egress('foo/a'), ['spec.egress.0.hosts.0']],
  ['a catch-all that is not last', { egress: [{ hosts: ['*/*'] }, { port, hosts: ['*/*'] }] }, ['spec.egress.0']],
  ['a port twice', { egress: [{ port, hosts: ['*/*'] }, { port, hosts: ['*/*'] }] }, ['spec.egress.1.port.number']],
  ['port 0 without socket', { egress: [{ port: { ...port, number: 0 }, hosts: ['*/*'] }] }, ['spec.egress.0.bind']],
  ['an endpoint', ingress({ defaultEndpoint: '127.0.0.1:80' }), []],
  ['an IPv6 endpoint', ingress({ defaultEndpoint: '[::1]:80' }), []],
  ['an endpoint elsewhere', ingress({ defaultEndpoint: '10.0.0.1:80' }), ['spec.ingress.0.defaultEndpoint']],
  ['an endpoint without port', ingress({ defaultEndpoint: '127.0.0.1' }), ['spec.ingress.0.defaultEndpoint']],
  ['no port', { ingress: [{}] }, ['spec.ingress.0.port']],
  ['TLS on HTTP', ingress({ tls: { mode: 'SIMPLE', privateKey: 'a', serverCertificate: 'b' } }), ['spec.ingress.0.tls']],
  [
    'a credential',
    ingress({ port: { ...port, protocol: 'HTTPS' }, tls: { mode: 'SIMPLE', credentialName: 'a' } }),
    ['spec.ingress.0.tls.credentialName'],
  ],
  [
    'an egress proxy without ALLOW_ANY',
    { outboundTrafficPolicy: { mode: 'REGISTRY_ONLY', egressProxy: { host: 'a.example', port: { number: 80 } } } },
    ['spec.outboundTrafficPolicy.egressProxy'],
  ],
  [
    'an egress proxy without port',
    { outboundTrafficPolicy: { mode: 'ALLOW_ANY', egressProxy: { host: 'a.example' } } },
    ['spec.outboundTrafficPolicy.egressProxy.port'],
  ],
];

describe.each([
  ['DestinationRule', destinationRules],
  ['Sidecar', sidecars],
])('the webhook on %s', (kind, rows) => {
  it.each(rows)('%s', async (_, spec, errors) => {
    expect(webhookErrorsOf(await validate(istioObject('networking.istio.io/v1', kind, spec)))).toEqual(errors);
  });
});
