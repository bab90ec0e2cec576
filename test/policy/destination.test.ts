import { describe, expect, it } from 'vitest';
import { destination } from '#policy/destination.js';
import type { Destination } from '#policy/destination.js';
import { meshOf } from '../mesh/mesh-of.js';

const services = `
apiVersion: v1
kind: Service
metadata: { name: reviews, namespace: prod }
spec: { selector: { app: reviews }, ports: [{ name: http, port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: ratings, namespace: prod }
spec: { selector: { app: ratings }, ports: [{ name: http, port: 80 }] }
`;

function read(spec: string): Destination {
  const rule = `
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: rule, namespace: prod }
spec: ${spec}
`;
  const mesh = meshOf(services + rule);
  const resource = mesh.find('networking.istio.io', 'DestinationRule', 'prod', 'rule');
  if (resource === undefined) throw new Error('no rule');
  return destination(mesh, resource);
}

describe('host of a DestinationRule (ResolveShortnameToFQDN, pilot/pkg/model/config.go)', () => {
  it.each([
    ['reviews', 'reviews.prod.svc.cluster.local', true, 1],
    ['reviews.prod.svc.cluster.local', 'reviews.prod.svc.cluster.local', true, 1],
    ['reviews.prod', 'reviews.prod', false, 0],
    ['api.example.com', 'api.example.com', false, 0],
    ['"*.prod.svc.cluster.local"', '*.prod.svc.cluster.local', true, 2],
    ['"*.local"', '*.local', true, 2],
    ['"*.example.com"', '*.example.com', false, 0],
    ['"*"', '*', true, 2],
  ])('%s stands for %s', (host, full, clusterLocal, count) => {
    const found = read(`{ host: ${host} }`);
    expect([found.host, found.clusterLocal, found.services.length]).toEqual([full, clusterLocal, count]);
  });
});

describe('tls blocks (api networking/v1alpha3/destination_rule.proto)', () => {
  it('lists every block with its reach; no mode is DISABLE, the zero of the enum', () => {
    const { tls } = read(
      `
      host: reviews
      trafficPolicy:
        tls: { mode: ISTIO_MUTUAL }
        portLevelSettings: [{ port: { number: 80 }, tls: {} }, { port: { number: 81 } }]
      subsets:
        - { name: v1, trafficPolicy: { tls: { mode: SIMPLE } } }
        - { name: v2, trafficPolicy: { portLevelSettings: [{ port: { number: 443 }, tls: { mode: DISABLE } }] } }
    `.replace(/\n {6}/g, '\n  '),
    );
    expect(tls.map(({ mode, reach, at }) => [mode, reach, at.path.join('.')])).toEqual([
      ['ISTIO_MUTUAL', 'all ports', 'spec.trafficPolicy.tls'],
      ['DISABLE', 'port 80', 'spec.trafficPolicy.portLevelSettings.0.tls'],
      ['SIMPLE', 'subset v1', 'spec.subsets.0.trafficPolicy.tls'],
      ['DISABLE', 'subset v2, port 443', 'spec.subsets.1.trafficPolicy.portLevelSettings.0.tls'],
    ]);
  });
});

describe('who uses a DestinationRule (pilot/pkg/model/destination_rule.go)', () => {
  it.each([
    ['{ host: reviews }', false, false],
    ['{ host: reviews, workloadSelector: {} }', true, false],
    ['{ host: reviews, exportTo: ["."] }', false, true],
    ['{ host: reviews, exportTo: [prod] }', false, true],
    ['{ host: reviews, exportTo: [".", "*"] }', false, false],
    ['{ host: reviews, exportTo: [] }', false, false],
  ])('%s', (spec, selectsWorkloads, isPrivate) => {
    const found = read(spec);
    expect([found.selectsWorkloads, found.isPrivate]).toEqual([selectsWorkloads, isPrivate]);
  });
});
