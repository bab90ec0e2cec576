import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { deployment, meshConfig, namespace, object, service } from '../manifests.js';
import { agent, decisions, fullCheck, plugin, rules, told, waf } from './kiln.js';
import { at, envoyFilter, insert, router } from '../filter-chain/bakery.js';

type Objects = readonly JsonObject[];

const ambient: Objects = [
  namespace('istio-system'),
  namespace('bakery', { 'istio.io/dataplane-mode': 'ambient', 'istio.io/use-waypoint': 'way' }),
  deployment('bakery/oven', { ports: [{ containerPort: 8080 }] }),
  service('bakery/oven', [{ name: 'http', port: 80, targetPort: 8080 }]),
];

const waypoint = object('gateway.networking.k8s.io/v1/Gateway', 'bakery/way', {
  gatewayClassName: 'istio-waypoint',
  listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
});

const crs = ['Include @recommended-conf', 'SecRuleEngine On', 'Include @owasp_crs/*.conf'];

const gatewayRef = { kind: 'Gateway', group: 'gateway.networking.k8s.io', name: 'way' };

const attached = (spec: JsonObject = {}): JsonObject =>
  object('extensions.istio.io/v1alpha1/WasmPlugin', 'bakery/coraza', {
    targetRefs: [gatewayRef],
    url: 'oci://ghcr.io/corazawaf/coraza-proxy-wasm:1',
    ...rules(...crs),
    ...spec,
  });

describe('ambient mode: a plugin runs at waypoints only (pilot/pkg/model/policyattachment.go)', () => {
  it('one for sidecars changes nothing', () => {
    expect(told([...ambient, plugin(rules(...crs))])).toMatch(/^not-inspected/);
  });

  it('one that selects by labels reaches no waypoint either', () => {
    const pods = deployment('bakery/way', {
      labels: { 'gateway.networking.k8s.io/gateway-name': 'way' },
      spec: {
        containers: [{ name: 'istio-proxy', image: 'istio/proxyv2:1.30.4', args: ['proxy', 'waypoint'] }],
      },
    });
    const wide = envoyFilter('bakery/waf', [insert(fullCheck(), at(router))]);
    const idle = decisions([...ambient, waypoint, pods, wide]).waf.idle();
    expect(idle.map(({ gap }) => gap.kind)).toEqual(['wrong-context']);
  });

  it('one for a Service without a waypoint runs nowhere', () => {
    const target = { targetRefs: [{ kind: 'Service', group: '', name: 'oven' }] };
    const aimed = object('extensions.istio.io/v1alpha1/WasmPlugin', 'bakery/coraza', {
      ...target,
      url: 'oci://ghcr.io/corazawaf/coraza-proxy-wasm:1',
    });
    const idle = decisions([...ambient, aimed]).waf.idle();
    expect(idle.map(({ gap }) => gap.kind)).toEqual(['wrong-context']);
    expect(decisions([...ambient, waypoint, aimed]).waf.idle()).toEqual([]);
  });

  it('one for the pods that istiod makes for a Gateway is not idle', () => {
    const edge = object('gateway.networking.k8s.io/v1/Gateway', 'bakery/edge', {
      gatewayClassName: 'istio',
      listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }],
    });
    const aimed = plugin({ selector: { matchLabels: { 'gateway.networking.k8s.io/gateway-name': 'edge' } } });
    expect(decisions([...ambient, edge, aimed]).waf.idle()).toEqual([]);
    expect(decisions([...ambient, aimed]).waf.idle()).toHaveLength(1);
  });

  it.each<[string, JsonObject, string]>([
    ['attached to the Gateway', {}, 'inspected: mutable-module'],
    [
      'attached to the Service',
      { targetRefs: [{ kind: 'Service', group: '', name: 'oven' }] },
      'inspected: mutable-module',
    ],
    ['for another waypoint', { targetRefs: [{ ...gatewayRef, name: 'other' }] }, 'not-inspected'],
    ['that fails open', { failStrategy: 'FAIL_OPEN' }, 'fails-open: fails-open mutable-module'],
    ['of mode CLIENT', { match: [{ mode: 'CLIENT' }] }, 'not-inspected: never-runs-here'],
    ['with ports', { match: [{ ports: [{ number: 80 }] }] }, 'not-inspected: never-runs-here'],
    [
      'with an entry that fits',
      { match: [{ mode: 'CLIENT' }, { mode: 'SERVER' }] },
      'inspected: mutable-module',
    ],
  ])('a plugin %s', (_case, spec, expected) => {
    const objects = [...ambient, waypoint, attached(spec)];
    expect(told(objects)).toBe(expected);
  });

  it('without a plugin nothing is inspected, nor without the waypoint', () => {
    expect(told([...ambient, waypoint])).toBe('not-inspected');
    expect(told([...ambient, attached()])).toMatch(/^not-inspected/);
  });

  it('one Service of two goes past it', () => {
    const direct = service('bakery/oven-admin', [{ name: 'http', port: 81, targetPort: 8080 }], {
      labels: { 'istio.io/use-waypoint': 'none' },
    });
    const aside = { ...direct, spec: { ports: [{ name: 'http', port: 81 }], selector: { app: 'oven' } } };
    expect(told([...ambient, waypoint, attached(), aside])).toMatch(/^partly/);
  });
});

describe('ambient mode: what CUSTOM policies ask at a waypoint (pilot/pkg/networking/core/listener_waypoint.go)', () => {
  const provider = (fields: JsonObject = {}): JsonObject =>
    meshConfig({
      extensionProviders: [
        {
          name: 'waf',
          envoyExtAuthzGrpc: {
            service: 'sigsci.bakery.svc.cluster.local',
            port: 8000,
            includeRequestBodyInCheck: { maxRequestBytes: 8192 },
            ...fields,
          },
        },
      ],
    });
  const engine = [
    deployment('bakery/sigsci', {
      spec: { containers: [agent({ SIGSCI_ENVOY_GRPC_ADDRESS: '0.0.0.0:8000' })] },
    }),
    service('bakery/sigsci', [{ name: 'grpc', port: 8000, targetPort: 8000 }], {
      labels: { 'istio.io/use-waypoint': 'none' },
    }),
  ];
  const serviceRef = { kind: 'Service', group: '', name: 'oven' };
  const policy = (spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject =>
    object(
      'security.istio.io/v1/AuthorizationPolicy',
      'bakery/check',
      { targetRefs: [gatewayRef], action: 'CUSTOM', provider: { name: 'waf' }, rules: [{}], ...spec },
      metadata,
    );
  const base = [...ambient, ...engine, waypoint];
  const to = (operation: JsonObject): JsonObject => ({ rules: [{ to: [{ operation }] }] });

  it.each<[string, JsonObject, string]>([
    ['every request', {}, 'inspected'],
    ['by the Service', { targetRefs: [serviceRef] }, 'inspected'],
    [
      'by the class, which binds from the root namespace only',
      { targetRefs: [{ ...gatewayRef, kind: 'GatewayClass', name: 'istio-waypoint' }] },
      'not-inspected',
    ],
    ['at another waypoint', { targetRefs: [{ ...gatewayRef, name: 'other' }] }, 'not-inspected'],
    ['without targetRefs, which asks nowhere', { targetRefs: [] }, 'not-inspected'],
    ['some paths', to({ paths: ['/admin/*'] }), 'partly: requests-left-out'],
    ["the Service's port", to({ ports: ['80'] }), 'inspected'],
    ["the pod's port, which the waypoint does not see", to({ ports: ['8080'] }), 'partly: requests-left-out'],
    ['no rule', { rules: [] }, 'not-inspected: requests-left-out'],
  ])('%s: %s', (_case, spec, expected) => {
    expect(told([...base, provider(), policy(spec)])).toBe(expected);
  });

  it.each<[string, JsonObject, string]>([
    ['that fails open', { failOpen: true }, 'fails-open: fails-open'],
    ['that gets no body', { includeRequestBodyInCheck: null }, 'partly: no-body'],
    ['on a port that its Service has not', { port: 8001 }, 'not-inspected: cluster-missing'],
  ])('a provider %s', (_case, fields, expected) => {
    expect(told([...base, provider(fields), policy()])).toBe(expected);
  });

  it('dry run denies what it matches, and asks nobody (pilot/pkg/security/authz/builder/builder.go)', () => {
    const dry = policy({}, { annotations: { 'istio.io/dry-run': 'true' } });
    expect(told([...base, provider(), dry])).toBe('not-inspected: dry-run');
  });

  it('nothing without the waypoint, nothing on ports that are read as bytes', () => {
    const objects = [...ambient, ...engine, provider(), policy()];
    expect(told(objects)).toMatch(/^not-inspected/);
    const both = service('bakery/oven', [
      { name: 'http', port: 80, targetPort: 8080 },
      { name: 'tcp-more', port: 81, targetPort: 8080 },
    ]);
    expect(told([...base, provider(), policy(), both].filter((one) => one !== ambient[3]))).toBe(
      'partly: ports-left-out',
    );
  });

  it('an agent in the waypoint’s own pods is unseen where istiod makes those', () => {
    const entry = object('networking.istio.io/v1/ServiceEntry', 'bakery/local', {
      hosts: ['waf.local'],
      ports: [{ name: 'grpc', number: 9999, protocol: 'GRPC' }],
      resolution: 'STATIC',
      endpoints: [{ address: '127.0.0.1' }],
    });
    const local = provider({ service: 'waf.local', port: 9999 });
    const shown = deployment('bakery/aside', { spec: { containers: [agent()] } });
    expect(told([...ambient, shown, waypoint, entry, local, policy()], { scope: 'partial' })).toMatch(
      /^unknown/,
    );
  });
});

describe('EnvoyFilters at a waypoint (patchListeners in pilot/pkg/networking/core/listener_builder.go)', () => {
  const aimed = (context: string): JsonObject =>
    object('networking.istio.io/v1alpha3/EnvoyFilter', 'bakery/waf', {
      targetRefs: [gatewayRef],
      configPatches: [insert(fullCheck(), { ...at(router), context })],
    });
  it.each([
    ['SIDECAR_INBOUND', 'unknown(waypoint)'],
    ['GATEWAY', 'not-inspected: wrong-context'],
  ])('context %s: %s', (context, expected) => {
    const parts = [...ambient, waypoint, aimed(context)];
    expect(told(parts)).toBe(expected);
  });
});

describe('a gateway', () => {
  const gateway: Objects = [
    namespace('istio-system'),
    deployment('istio-system/ingress', {
      labels: { istio: 'ingressgateway' },
      spec: {
        containers: [
          {
            name: 'istio-proxy',
            image: 'istio/proxyv2:1.30.4',
            args: ['proxy', 'router'],
            ports: [{ containerPort: 8080 }],
          },
          agent(),
        ],
      },
    }),
    service('istio-system/ingress', [{ name: 'http', port: 80, targetPort: 8080 }]),
    object('networking.istio.io/v1/Gateway', 'istio-system/town', {
      selector: { istio: 'ingressgateway' },
      servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
    }),
  ];
  const id = 'istio-system/Deployment/ingress';
  const filter = (match: JsonObject): JsonObject =>
    envoyFilter('istio-system/waf', [
      insert(
        fullCheck({ grpc_service: { google_grpc: { target_uri: '127.0.0.1:9999', stat_prefix: 'sigsci' } } }),
        match,
      ),
    ]);

  it('inspects what its listeners take', () => {
    expect(told([...gateway, filter({ ...at(router), context: 'GATEWAY' })], {}, id)).toBe('inspected');
  });

  it('has the pods’ ports, not the Gateway’s', () => {
    const limited = filter({ ...at(router, {}, { portNumber: 80 }), context: 'GATEWAY' });
    expect(told([...gateway, limited], {}, id)).toBe('not-inspected: wrong-context');
    const fitting = filter({ ...at(router, {}, { portNumber: 8080 }), context: 'GATEWAY' });
    expect(told([...gateway, fitting], {}, id)).toBe('inspected');
  });

  it('takes nothing from a filter for sidecars', () => {
    expect(told([...gateway, waf()], {}, id)).toBe('not-inspected: agent-without-filter');
  });
});
