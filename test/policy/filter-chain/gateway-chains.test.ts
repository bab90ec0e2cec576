import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { ProxyFilterChain } from '#policy/filter-chain/filter-chain.js';
import { deployment, object } from '../manifests.js';
import { added, check, decide, envoyFilter, insert, manager, patch, proxy, router, typed } from './bakery.js';

const gate = 'edge/Deployment/door';

const edge: readonly JsonObject[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'edge' } },
  deployment('edge/door', {
    labels: { door: 'front', 'sidecar.istio.io/inject': 'true' },
    annotations: { 'inject.istio.io/templates': 'gateway' },
  }),
  object('v1/Service', 'edge/door', {
    selector: { app: 'door' },
    ports: [
      { name: 'http', port: 80, targetPort: 8080 },
      { name: 'https', port: 443, targetPort: 8443 },
      { name: 'tls', port: 8443, targetPort: 8444 },
    ],
  }),
  object('networking.istio.io/v1/Gateway', 'edge/public', {
    selector: { door: 'front' },
    servers: [
      { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['bread.example', 'cake.example'] },
      {
        port: { number: 443, name: 'https', protocol: 'HTTPS' },
        hosts: ['bread.example'],
        tls: { mode: 'SIMPLE', credentialName: 'cert' },
      },
      {
        port: { number: 8443, name: 'tls', protocol: 'TLS' },
        hosts: ['raw.example'],
        tls: { mode: 'PASSTHROUGH' },
      },
    ],
  }),
  object('networking.istio.io/v1/VirtualService', 'edge/bread', {
    hosts: ['bread.example'],
    gateways: ['public'],
    http: [{ name: 'main', route: [{ destination: { host: 'oven.bakery.svc.cluster.local' } }] }],
  }),
  object('networking.istio.io/v1/VirtualService', 'edge/raw', {
    hosts: ['raw.example'],
    gateways: ['public'],
    tls: [
      {
        match: [{ port: 8443, sniHosts: ['raw.example'] }],
        route: [{ destination: { host: 'oven.bakery.svc.cluster.local', port: { number: 80 } } }],
      },
    ],
  }),
];

function match(listener: JsonObject = {}, chain: JsonObject = {}): JsonObject {
  const filter = { name: manager, subFilter: { name: router } };
  return { context: 'GATEWAY', listener: { ...listener, filterChain: { ...chain, filter } } };
}

function chains(...objects: readonly JsonObject[]): readonly ProxyFilterChain[] {
  return proxy(decide(...edge, ...objects), gate).chains;
}

const guardedPorts = (...objects: readonly JsonObject[]): readonly (number | undefined)[] =>
  chains(...objects)
    .filter((chain) => added(chain).length > 0)
    .map(({ port }) => port)
    .sort();

describe('filters of gateways (pilot/pkg/networking/core/gateway.go)', () => {
  const waf = (where: JsonObject): JsonObject => envoyFilter('edge/f', [insert(check('guard'), where)]);
  const cases: readonly (readonly [string, JsonObject, readonly number[]])[] = [
    ['every chain that reads HTTP', match(), [443, 80]],
    ['the port that the pod listens on', match({ portNumber: 8080 }), [80]],
    ['the port of the server', match({ portNumber: 80 }), []],
    ['the name of a listener', match({ name: '0.0.0.0_8443' }), [443]],
    ['a server name', match({}, { sni: 'bread.example' }), [443]],
    ['a destination port, which no chain has', match({}, { destinationPort: 8443 }), []],
    ['a transport protocol, which no chain has', match({}, { transportProtocol: 'tls' }), []],
    ['the context of sidecars', { ...match(), context: 'SIDECAR_INBOUND' }, []],
  ];

  it.each(cases)('%s', (_, where, ports) => {
    expect(guardedPorts(waf(where))).toEqual(ports);
  });

  it('lie in the namespace of the gateway pod, or in the root namespace', () => {
    expect(guardedPorts(envoyFilter('bakery/f', [insert(check('guard'), match())]))).toEqual([]);
    expect(guardedPorts(envoyFilter('istio-system/f', [insert(check('guard'), match())]))).toEqual([443, 80]);
  });

  it('tell the servers and names of each chain', () => {
    expect(
      chains().map(({ listenerName, port, protocol, tls, routeConfig }) => [
        listenerName,
        port,
        protocol,
        tls,
        routeConfig,
      ]),
    ).toEqual([
      ['0.0.0.0_8080', 80, 'http', 'none', 'http.8080'],
      ['0.0.0.0_8443', 443, 'http', 'simple', 'https.443.https.public.edge'],
      ['0.0.0.0_8444', 8443, 'tcp', 'none', undefined],
    ]);
  });
});

describe('plugins at gateways (workloadModeForListenerClass in pilot/pkg/model/extensions.go)', () => {
  const plugin = (place: string, spec: JsonObject): JsonObject =>
    object('extensions.istio.io/v1alpha1/WasmPlugin', place, {
      url: 'oci://registry.example/waf:1',
      ...spec,
    });

  it.each([
    [{}, [443, 80]],
    [{ match: [{ mode: 'CLIENT' }] }, [443, 80]],
    [{ match: [{ mode: 'SERVER' }] }, []],
    [{ match: [{ ports: [{ number: 8443 }] }] }, [443]],
    [{ match: [{ ports: [{ number: 443 }] }] }, []],
  ])('%j', (spec, ports) => {
    expect(guardedPorts(plugin('edge/waf', spec))).toEqual(ports);
  });
});

describe('settings of routes at gateways (routeConfigurationMatch in rc_patch.go)', () => {
  const off = {
    typed_per_filter_config: { guard: typed('http.ext_authz.v3.ExtAuthzPerRoute', { disabled: true }) },
  };

  function switchedOff(applyTo: string, routeConfiguration: JsonObject): readonly (number | undefined)[] {
    const where = { context: 'GATEWAY', routeConfiguration };
    const patches = [insert(check('guard'), match()), patch(applyTo, 'MERGE', off, where)];
    return chains(envoyFilter('edge/f', patches))
      .filter(({ overrides }) => overrides.some(({ filterPresent, typeFits }) => filterPresent && typeFits))
      .map(({ port }) => port)
      .sort();
  }

  it.each<readonly [string, JsonObject, readonly number[]]>([
    ['VIRTUAL_HOST', { vhost: { name: 'bread.example:80' } }, [80]],
    ['VIRTUAL_HOST', { vhost: { name: 'bread.example:8080' } }, []],
    ['VIRTUAL_HOST', { vhost: { domainName: 'bread.example' } }, [443, 80]],
    ['VIRTUAL_HOST', { portNumber: 80 }, [80]],
    ['VIRTUAL_HOST', { portNumber: 8080 }, []],
    ['VIRTUAL_HOST', { portNumber: 443 }, [443]],
    ['VIRTUAL_HOST', { portName: 'https' }, [443]],
    ['VIRTUAL_HOST', { gateway: 'edge/public' }, [443]],
    ['VIRTUAL_HOST', { name: 'http.8080' }, [80]],
    ['HTTP_ROUTE', { vhost: { route: { name: 'main' } } }, [443, 80]],
    ['HTTP_ROUTE', { vhost: { route: { name: 'other' } } }, []],
    ['ROUTE_CONFIGURATION', {}, [443, 80]],
  ])('%s %j', (applyTo, routeConfiguration, ports) => {
    expect(switchedOff(applyTo, routeConfiguration)).toEqual(ports);
  });
});

describe('gateways of the Gateway API (WorkloadPolicyMatcher in pilot/pkg/model/policyattachment.go)', () => {
  const label = 'gateway.networking.k8s.io/gateway-name';
  const api: readonly JsonObject[] = [
    object('gateway.networking.k8s.io/v1/GatewayClass', '/istio', {
      controllerName: 'istio.io/gateway-controller',
    }),
    object('gateway.networking.k8s.io/v1/Gateway', 'edge/mall', {
      gatewayClassName: 'istio',
      listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
    }),
    deployment('edge/mall-istio', {
      labels: {
        [label]: 'mall',
        'gateway.istio.io/managed': 'istio.io-gateway-controller',
        'sidecar.istio.io/inject': 'true',
      },
      annotations: { 'inject.istio.io/templates': 'gateway' },
    }),
    object('v1/Service', 'edge/mall-istio', {
      selector: { [label]: 'mall' },
      ports: [{ name: 'http', port: 80 }],
    }),
  ];
  const ref = (name: string): JsonObject => ({
    spec: { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name }] },
  });
  const guard = [insert(check('guard'), match())];

  it.each([
    ['its name', envoyFilter('edge/f', guard, ref('mall')), true],
    ['another name', envoyFilter('edge/f', guard, ref('fair')), false],
    ['its name from the root namespace', envoyFilter('istio-system/f', guard, ref('mall')), false],
    ['its labels', envoyFilter('edge/f', guard, { labels: { [label]: 'mall' } }), true],
  ])('%s', (_, filter, reached) => {
    const found = proxy(decide(...edge, ...api, filter), 'edge/Deployment/mall-istio');
    expect(found.chains.flatMap(added)).toEqual(reached ? ['guard'] : []);
  });
});
