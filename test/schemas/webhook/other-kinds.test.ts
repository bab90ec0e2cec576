import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { istioObject, validate, webhookErrorsOf } from '../istio-object.js';

type Row = readonly [what: string, spec: JsonObject, errors: readonly string[]];

const port = { number: 80, name: 'http', protocol: 'HTTP' };
const https = { number: 443, name: 'https', protocol: 'HTTPS' };
const servers = (server: JsonObject): JsonObject => ({ servers: [{ port, hosts: ['*'], ...server }] });

/** Rows by istio/istio pkg/config/validation/validation.go, ValidateGateway. */
const gateways: readonly Row[] = [
  ['a server', servers({}), []],
  ['no servers', {}, ['spec.servers']],
  ['no hosts', servers({ hosts: [] }), ['spec.servers.0.hosts']],
  ['a host of a namespace', servers({ hosts: ['foo/*.example.com', './a.example', '*/*'] }), []],
  ['a short name', servers({ hosts: ['a'] }), ['spec.servers.0.hosts.0']],
  ['a partial wildcard', servers({ hosts: ['*a.example'] }), ['spec.servers.0.hosts.0']],
  ['an address as host', servers({ hosts: ['10.0.0.1'] }), []],
  ['an unknown protocol', servers({ port: { ...port, protocol: 'SMTP' } }), ['spec.servers.0.port.protocol']],
  ['a protocol in lower case', servers({ port: { ...port, protocol: 'http' } }), []],
  ['port 0', servers({ port: { ...port, number: 0 } }), ['spec.servers.0.port.number']],
  ['HTTPS without TLS', servers({ port: https }), ['spec.servers.0.tls']],
  ['HTTPS with empty TLS', servers({ port: https, tls: {} }), []],
  ['a redirect on HTTP', servers({ tls: { httpsRedirect: true } }), []],
  ['certificates on HTTP', servers({ tls: { mode: 'SIMPLE', credentialName: 'a' } }), ['spec.servers.0.tls']],
  [
    'SIMPLE without certificate',
    servers({ port: https, tls: { mode: 'SIMPLE' } }),
    ['spec.servers.0.tls.serverCertificate', 'spec.servers.0.tls.privateKey'],
  ],
  ['SIMPLE with a credential', servers({ port: https, tls: { mode: 'SIMPLE', credentialName: 'a' } }), []],
  [
    'MUTUAL without CA',
    servers({ port: https, tls: { mode: 'MUTUAL', serverCertificate: 'a', privateKey: 'b' } }),
    ['spec.servers.0.tls.caCertificates'],
  ],
  [
    'ISTIO_MUTUAL with a credential',
    servers({ port: https, tls: { mode: 'ISTIO_MUTUAL', credentialName: 'a' } }),
    ['spec.servers.0.tls.credentialName'],
  ],
  ['two ports of one name', { servers: [{ port, hosts: ['*'] }, { port, hosts: ['*'] }] }, ['spec.servers.1.port.name']],
  ['a bind address', servers({ bind: '0.0.0.0' }), []],
  ['a bind name', servers({ bind: 'a' }), ['spec.servers.0.bind']],
];

const entry = (fields: JsonObject): JsonObject => ({ hosts: ['a.example'], ports: [port], ...fields });

/** Rows by ValidateServiceEntry. */
const serviceEntries: readonly Row[] = [
  ['a service', entry({ resolution: 'DNS' }), []],
  ['no hosts', entry({ hosts: [] }), ['spec.hosts']],
  ['every host', entry({ hosts: ['*'] }), ['spec.hosts.0']],
  ['a host that is a number', entry({ hosts: ['a.1'] }), ['spec.hosts.0']],
  ['a CIDR with DNS', entry({ resolution: 'DNS', addresses: ['10.0.0.0/8'] }), ['spec.addresses']],
  ['a CIDR with NONE', entry({ addresses: ['10.0.0.0/8'] }), []],
  ['a name as address', entry({ addresses: ['a'] }), ['spec.addresses.0']],
  ['two ports of one number', entry({ ports: [port, { ...port, name: 'b' }] }), ['spec.ports.1']],
  ['an unknown protocol', entry({ ports: [{ ...port, protocol: 'HBONE' }] }), ['spec.ports.0.protocol']],
  ['endpoints with NONE', entry({ endpoints: [{ address: '10.0.0.1' }] }), ['spec.endpoints']],
  [
    'a name as static endpoint',
    entry({ resolution: 'STATIC', endpoints: [{ address: 'a.example' }] }),
    ['spec.endpoints.0.address'],
  ],
  [
    'an endpoint port that the service does not have',
    entry({ resolution: 'STATIC', endpoints: [{ address: '10.0.0.1', ports: { other: 80 } }] }),
    ['spec.endpoints.0.ports.other'],
  ],
  ['a wildcard with DNS', entry({ hosts: ['*.a.example'], resolution: 'DNS' }), ['spec.hosts.0']],
  [
    'several hosts on a TCP port',
    entry({ hosts: ['a.example', 'b.example'], resolution: 'DNS', ports: [{ ...port, protocol: 'TCP' }] }),
    ['spec.ports.0'],
  ],
  ['a plain host with DYNAMIC_DNS', entry({ resolution: 'DYNAMIC_DNS' }), ['spec.hosts.0']],
  ['nobody', entry({ exportTo: ['~'] }), []],
  ['nobody and somebody', entry({ exportTo: ['~', 'foo'] }), ['spec.exportTo']],
  ['its own namespace twice', entry({ exportTo: ['.', 'foo'] }), ['spec.exportTo.1']],
];

/** Rows by ValidateWorkloadEntry. */
const workloadEntries: readonly Row[] = [
  ['an address', { address: '10.0.0.1', ports: { http: 80 } }, []],
  ['a domain name', { address: 'vm.example' }, []],
  ['neither address nor network', {}, ['spec.address']],
  ['only a network', { network: 'n' }, []],
  ['a socket', { address: 'unix:///a' }, []],
  ['a socket with ports', { address: 'unix:///a', ports: { http: 80 } }, ['spec.ports']],
  ['a relative socket', { address: 'unix://a' }, ['spec.address']],
  ['a port name with a blank', { address: '10.0.0.1', ports: { 'a b': 80 } }, ['spec.ports.a b']],
  ['a label with a blank', { address: '10.0.0.1', labels: { app: 'a b' } }, ['spec.labels']],
];

const group = (probe: JsonObject): JsonObject => ({ template: {}, probe });

/** Rows by ValidateWorkloadGroup. */
const workloadGroups: readonly Row[] = [
  ['a template', { template: {} }, []],
  ['no template', {}, ['spec.template']],
  ['an HTTP probe', group({ httpGet: { port: 80, scheme: 'HTTPS' } }), []],
  ['an HTTP probe without port', group({ httpGet: {} }), ['spec.probe.httpGet.port']],
  ['a scheme in lower case', group({ httpGet: { port: 80, scheme: 'http' } }), ['spec.probe.httpGet.scheme']],
  ['a probe without method', group({ periodSeconds: 1 }), ['spec.probe']],
  ['an empty command', group({ exec: { command: [] } }), ['spec.probe.exec.command']],
  ['a negative period', group({ periodSeconds: -1, tcpSocket: { port: 80 } }), ['spec.probe.periodSeconds']],
];

/** Rows by ValidateTelemetry. */
const telemetries: readonly Row[] = [
  ['nothing', {}, []],
  ['a provider without name', { tracing: [{ providers: [{}] }] }, ['spec.tracing.0.providers.0.name']],
  ['a percentage above 100', { tracing: [{ randomSamplingPercentage: 101 }] }, ['spec.tracing.0.randomSamplingPercentage']],
  [
    'an empty literal tag',
    { tracing: [{ customTags: { a: { literal: {} } } }] },
    ['spec.tracing.0.customTags.a.literal.value'],
  ],
  [
    'a tag that is set to nothing',
    { metrics: [{ overrides: [{ tagOverrides: { a: {} } }] }] },
    ['spec.metrics.0.overrides.0.tagOverrides.a.value'],
  ],
  ['a filter', { accessLogging: [{ filter: { expression: 'response.code >= 400' } }] }, []],
  [
    'a filter that is no CEL',
    { accessLogging: [{ filter: { expression: 'response.code >=' } }] },
    ['spec.accessLogging.0.filter.expression'],
  ],
];

/** Rows by ValidateWasmPlugin. */
const wasmPlugins: readonly Row[] = [
  ['an image', { url: 'oci://a/b' }, []],
  ['an image without scheme', { url: 'docker.io/a/b:1' }, []],
  ['no url', {}, ['spec.url']],
  ['another scheme', { url: 'mailto:a' }, ['spec.url']],
  ['a digest in upper case', { url: 'a', sha256: 'A'.repeat(64) }, ['spec.sha256']],
  [
    'a variable twice',
    { url: 'a', vmConfig: { env: [{ name: 'A' }, { name: 'A' }] } },
    ['spec.vmConfig.env.1.name'],
  ],
  ['port 0', { url: 'a', match: [{ ports: [{ number: 0 }] }] }, ['spec.match.0.ports.0.number']],
];

/** Rows by ValidateTrafficExtension. */
const trafficExtensions: readonly Row[] = [
  ['a Wasm module', { wasm: { url: 'oci://a/b' } }, []],
  ['a script', { lua: { inlineCode: 'x' } }, []],
  ['neither', {}, ['spec']],
  ['an empty script', { lua: {} }, ['spec.lua.inlineCode']],
  ['both: protobuf keeps the script', { wasm: {}, lua: { inlineCode: 'x' } }, []],
];

/** Rows by ValidateProxyConfig. */
const proxyConfigs: readonly Row[] = [
  ['a concurrency', { concurrency: 2 }, []],
  ['a negative concurrency', { concurrency: -1 }, ['spec.concurrency']],
  ['a wildcard', { selector: { matchLabels: { app: '*' } } }, ['spec.selector.matchLabels.app']],
];

describe.each([
  ['networking.istio.io/v1', 'Gateway', gateways],
  ['networking.istio.io/v1', 'ServiceEntry', serviceEntries],
  ['networking.istio.io/v1', 'WorkloadEntry', workloadEntries],
  ['networking.istio.io/v1', 'WorkloadGroup', workloadGroups],
  ['networking.istio.io/v1beta1', 'ProxyConfig', proxyConfigs],
  ['telemetry.istio.io/v1', 'Telemetry', telemetries],
  ['extensions.istio.io/v1alpha1', 'WasmPlugin', wasmPlugins],
  ['extensions.istio.io/v1alpha1', 'TrafficExtension', trafficExtensions],
])('the webhook on %s %s', (apiVersion, kind, rows) => {
  it.each(rows)('%s', async (_, spec, errors) => {
    expect(webhookErrorsOf(await validate(istioObject(apiVersion, kind, spec)))).toEqual(errors);
  });
});
