import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { at, cluster, envoyFilter, insert, lua, patch } from '../filter-chain/bakery.js';
import { deployment } from '../manifests.js';
import { agent, bakery, decisions, inspection, told, waf } from './kiln.js';

type Objects = readonly JsonObject[];
type Row = readonly [string, string, Objects];

describe('engines in the pod itself', () => {
  const reverse = agent({
    SIGSCI_REVPROXY_LISTENER: 'app:{listener=http://0.0.0.0:8001,upstreams=http://127.0.0.1:8080}',
  });
  const to = (targetPort: number): Objects =>
    bakery({ containers: [reverse], ports: [{ name: 'http', port: 80, targetPort }] });
  const shared = { volumeMounts: [{ name: 'sock', mountPath: '/sigsci/tmp' }] };
  const modulePod = (app: JsonObject): Objects =>
    bakery({
      containers: [
        agent({ SIGSCI_RPC_ADDRESS: 'unix:/sigsci/tmp/sigsci.sock' }, shared),
        { name: 'nginx', image: 'nginx', ...app },
      ],
    });
  const table: readonly Row[] = [
    ['a reverse proxy in front', 'inspected', to(8001)],
    ['a Service that leads past it', 'not-inspected: reverse-proxy-bypassed', to(8080)],
    [
      'one port that leads past it',
      'partly: reverse-proxy-bypassed',
      bakery({
        containers: [reverse],
        ports: [
          { name: 'http', port: 80, targetPort: 8001 },
          { name: 'http-raw', port: 81, targetPort: 8080 },
        ],
      }),
    ],
    ['a module with a shared socket', 'inspected', modulePod(shared)],
    ['a socket that nobody shares', 'not-inspected: agent-without-filter', modulePod({})],
    [
      'an agent that waits for a proxy which is not there',
      'not-inspected: agent-without-filter',
      bakery({ annotations: { 'sidecar.istio.io/inject': 'false' } }),
    ],
    [
      'a reverse proxy without a sidecar',
      'inspected',
      bakery({
        containers: [reverse],
        annotations: { 'sidecar.istio.io/inject': 'false' },
        ports: [{ name: 'http', port: 80, targetPort: 8001 }],
      }),
    ],
  ];
  it.each(table)('%s: %s', (_, expected, objects) => {
    expect(told(objects)).toBe(expected);
  });

  it('a pod of agents only is nothing to protect', () => {
    const objects = [
      ...bakery({ containers: [] }),
      deployment('bakery/sigsci', { spec: { containers: [agent()] } }),
    ];
    const sigsci = 'bakery/Deployment/sigsci';
    expect(told([...objects, waf()], {}, sigsci)).toBe('not-inspected');
    expect(told(objects, {}, sigsci)).toBe('not-inspected: agent-without-filter');
  });
});

describe('Curiefense, whose engine is in the proxy’s image', () => {
  const script =
    'local session = require "lua.session_envoy"\nfunction envoy_on_request(handle)\n session.inspect(handle)\nend';
  const filter = envoyFilter('bakery/curiefense', [
    insert(lua('envoy.filters.http.lua', script), at(undefined)),
  ]);
  const image = { 'sidecar.istio.io/proxyImage': 'curiefense/curieproxy-istio:1.5' };
  const table: readonly Row[] = [
    ['filter and image', 'inspected', [...bakery({ containers: [], annotations: image }), filter]],
    ['filter without the image', 'not-inspected: engine-missing', [...bakery({ containers: [] }), filter]],
  ];
  it.each(table)('%s: %s', (_, expected, objects) => {
    expect(told(objects)).toBe(expected);
  });
});

describe('what nothing is used for costs and says nothing', () => {
  it('without any product', () => {
    const { waf: asked } = decisions(bakery({ containers: [] }));
    expect([asked.used(), asked.idle()]).toEqual([false, []]);
    expect(told(bakery({ containers: [] }))).toBe('not-inspected');
    expect(inspection(bakery({ containers: [] }), { scope: 'partial' }).known).toBe(false);
  });

  it('a cluster alone is no inspection', () => {
    const objects = [
      ...bakery({ containers: [] }),
      envoyFilter('bakery/c', [patch('CLUSTER', 'ADD', cluster('sigsci-agent-grpc'))]),
    ];
    expect(told(objects)).toBe('not-inspected');
  });
});
