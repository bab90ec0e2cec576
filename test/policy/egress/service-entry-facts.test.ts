import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import {
  metadataDestinations,
  plaintextPorts,
  rivalEntries,
  startsTls,
  takenServiceHosts,
  wideDestinations,
} from '#policy/egress/service-entry-facts.js';
import { object, policiesOf } from '../manifests.js';

const entry = (place: string, spec: JsonObject): JsonObject =>
  object('networking.istio.io/v1/ServiceEntry', place, {
    location: 'MESH_EXTERNAL',
    resolution: 'NONE',
    ports: [{ number: 443, name: 'tls', protocol: 'TLS' }],
    ...spec,
  });

function read(objects: readonly JsonObject[]) {
  const { mesh } = policiesOf(objects);
  const entries = mesh.ofKind('networking.istio.io', 'ServiceEntry');
  const last = entries.at(-1);
  if (last === undefined) throw new Error('no entry');
  return { mesh, entry: last };
}

describe('destinations of a ServiceEntry', () => {
  it.each([
    ['*.com', 1],
    ['*.co.uk', 1],
    ['*.example.com', 0],
    ['*.local', 0],
    ['api.example.com', 0],
  ])('%s is wide: %i', (host, count) => {
    expect(wideDestinations(read([entry('shop/e', { hosts: [host] })]).entry)).toHaveLength(count);
  });

  it.each([
    ['0.0.0.0/0', 1],
    ['::/0', 1],
    ['10.0.0.0/8', 0],
    ['203.0.113.7', 0],
  ])('the range %s is wide: %i', (address, count) => {
    const spec = { hosts: ['x.example.com'], addresses: [address] };
    expect(wideDestinations(read([entry('shop/e', spec)]).entry)).toHaveLength(count);
  });

  it.each([
    [{ hosts: ['metadata.google.internal'] }, 1],
    [{ hosts: ['x.example.com'], addresses: ['169.254.169.254'] }, 1],
    [{ hosts: ['x.example.com'], addresses: ['169.254.169.0/24'] }, 1],
    [{ hosts: ['x.example.com'], addresses: ['0.0.0.0/0'] }, 0],
    [{ hosts: ['x.example.com'], addresses: ['169.254.20.10'] }, 0],
  ] as const)('%j opens the metadata service: %i', (spec, count) => {
    expect(metadataDestinations(read([entry('shop/e', spec)]).entry)).toHaveLength(count);
  });

  const endpoints = { resolution: 'STATIC', endpoints: [{ address: '10.1.2.3' }] };
  it.each([
    ['cart.shop.svc.cluster.local', endpoints, 1],
    ['cart.team.svc.cluster.local', endpoints, 0],
    ['cart.shop.svc.cluster.local', { resolution: 'DNS' }, 0],
    ['cart.example.com', endpoints, 0],
  ] as const)('%s with %j takes the name of a Service: %i', (host, spec, count) => {
    const { mesh, entry: one } = read([entry('team/e', { hosts: [host], ...spec })]);
    expect(takenServiceHosts(mesh, one)).toHaveLength(count);
  });

  it.each([
    [{ resolution: 'STATIC', endpoints: [{ address: '198.51.100.7' }] }, 1],
    [{}, 0],
    // What is exported to a namespace comes before what all see (push_context.go, servicesExportedToNamespace).
    [{ resolution: 'STATIC', endpoints: [{ address: '198.51.100.7' }], exportTo: ['.'] }, 0],
    [{ resolution: 'STATIC', endpoints: [{ address: '198.51.100.7' }], exportTo: ['.', 'shop'] }, 1],
  ] as const)('a second namespace that says %j', (spec, count) => {
    const first = entry('shop/a', { hosts: ['x.example.com'] });
    const { mesh, entry: one } = read([first, entry('team/b', { hosts: ['x.example.com'], ...spec })]);
    expect(rivalEntries(mesh, one)).toHaveLength(count);
  });

  it('are no rivals where each is private', () => {
    const hidden = { hosts: ['x.example.com'], exportTo: ['.'] };
    const { mesh, entry: one } = read([
      entry('shop/a', hidden),
      entry('team/b', { ...hidden, resolution: 'DNS' }),
    ]);
    expect(rivalEntries(mesh, one)).toEqual([]);
  });

  const http = [{ number: 80, name: 'http', protocol: 'HTTP' }];
  it.each([
    [{ hosts: ['x.example.com'], ports: http, resolution: 'DNS' }, 1],
    [{ hosts: ['x.example.com'] }, 0],
    [{ hosts: ['x.example.com'], ports: http, location: 'MESH_INTERNAL', resolution: 'DNS' }, 0],
    [
      { hosts: ['vm.example.com'], ports: http, resolution: 'STATIC', endpoints: [{ address: '10.0.0.5' }] },
      0,
    ],
  ] as const)('%j leaves in plaintext: %i', (spec, count) => {
    expect(plaintextPorts(read([entry('shop/e', spec)]).entry)).toHaveLength(count);
  });

  it('get TLS from a DestinationRule for the host or a wildcard over it', () => {
    const rule = object('networking.istio.io/v1/DestinationRule', 'shop/r', {
      host: '*.example.com',
      trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: 'SIMPLE' } }] },
    });
    const { mesh } = read([rule, entry('shop/e', { hosts: ['x.example.com'] })]);
    expect([startsTls(mesh, 'x.example.com'), startsTls(mesh, 'x.example.org')]).toEqual([true, false]);
  });
});
