import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { effectivePolicies } from '#policy/effective-policies.js';
import { meshOf } from '../../mesh/mesh-of.js';
import { asText, created, deployment, namespace, object } from '../manifests.js';
import { connect, door, gateway, routes, said, secret, server, simple, to, town } from './edge.js';
import type { Probe } from './edge.js';

const hosts = ['a.example', 'b.example', '*.example', '*', 'shop/a.example'] as const;
const day = fc.integer({ min: 1, max: 3 });
const target = fc.constantFrom('web.shop.svc.cluster.local:80', 'api.club.svc.cluster.local:80', 'none:1');

const servers = fc
  .record({
    kind: fc.constantFrom('HTTP', 'redirect', 'HTTPS', 'MUTUAL', 'PASSTHROUGH', 'TCP'),
    port: fc.constantFrom(80, 443, 8080),
    host: fc.constantFrom(...hosts),
  })
  .map(({ kind, port, host }): JsonObject => {
    if (kind === 'HTTP' || kind === 'TCP') return server(kind, port, [host]);
    if (kind === 'redirect') return server('HTTP', port, [host], { httpsRedirect: true });
    return server('HTTPS', port, [host], kind === 'HTTPS' ? simple : { ...simple, mode: kind });
  });

const gateways = fc
  .array(
    fc.record({
      list: fc.array(servers, { minLength: 1, maxLength: 2 }),
      day,
      place: fc.constantFrom('edge', 'shop'),
    }),
    {
      maxLength: 3,
    },
  )
  .map((all) =>
    all.map((one, index) => gateway(`${one.place}/gw${String(index)}`, one.list, created(one.day))),
  );

const bound = ['edge/gw0', 'shop/gw0', 'edge/gw1', 'shop/gw1', 'edge/gw2', 'shop/gw2'];
const services = fc
  .array(
    fc.record({
      host: fc.constantFrom('a.example', 'b.example', '*.example', '*'),
      path: fc.constantFrom('/', '/x', '/y'),
      target,
      day,
      place: fc.constantFrom('shop', 'club'),
    }),
    { maxLength: 4 },
  )
  .map((all) =>
    all.map((one, index) =>
      routes(
        `${one.place}/v${String(index)}`,
        [one.host],
        [{ match: [{ uri: { prefix: one.path } }], ...to(one.target) }],
        {
          spec: {
            gateways: bound,
            tcp: [to(one.target)],
            tls: [{ match: [{ sniHosts: [one.host] }], ...to(one.target) }],
          },
          metadata: created(one.day),
        },
      ),
    ),
  );

const probes: readonly Probe[] = [8080, 8443].flatMap((port) =>
  ['a.example', 'x.example'].flatMap((host): readonly Probe[] => [
    { port, host, path: '/x' },
    { port, host, sni: host },
    { port, host, sni: host, certificate: 'trusted' },
    { port, raw: true },
  ]),
);

function answers(parts: readonly JsonObject[]): readonly string[] {
  const policies = effectivePolicies(meshOf(asText(parts), { stored: true }));
  return probes.map((probe) => said(connect(policies, probe)));
}

const base: readonly JsonObject[] = [...town, ...door(), secret('edge/cert')];
const meshes = fc.tuple(gateways, services).map(([some, others]) => [...base, ...some, ...others]);
const runs = { numRuns: 40 };

describe('what gateways do', () => {
  it('does not depend on the order of documents', () => {
    fc.assert(
      fc.property(
        meshes.chain((parts) =>
          fc.tuple(fc.constant(parts), fc.shuffledSubarray([...parts], { minLength: parts.length })),
        ),
        ([parts, shuffled]) => {
          expect(answers(shuffled)).toEqual(answers(parts));
        },
      ),
      runs,
    );
  });

  it('is not changed by a namespace of its own that nothing refers to', () => {
    const unrelated = [
      namespace('far'),
      deployment('far/app'),
      object('networking.istio.io/v1/Gateway', 'far/gw', {
        selector: { door: 'elsewhere' },
        servers: [server('HTTP', 80)],
      }),
      object('networking.istio.io/v1/VirtualService', 'far/v', {
        hosts: ['*'],
        gateways: ['gw'],
        http: [to('app:80')],
      }),
    ];
    fc.assert(
      fc.property(meshes, (parts) => {
        expect(answers([...parts, ...unrelated])).toEqual(answers(parts));
      }),
      runs,
    );
  });

  it('splitting a rule’s matches into rules of their own changes nothing', () => {
    const match = fc.record({ uri: fc.record({ prefix: fc.constantFrom('/', '/x', '/y') }) });
    fc.assert(
      fc.property(fc.array(match, { minLength: 1, maxLength: 3 }), target, (matches, place) => {
        const open = gateway('edge/gw', [server('HTTP', 80)]);
        const one = routes('shop/v', ['*'], [{ match: matches, ...to(place) }]);
        const many = routes(
          'shop/v',
          ['*'],
          matches.map((each) => ({ match: [each], ...to(place) })),
        );
        expect(answers([...base, open, many])).toEqual(answers([...base, open, one]));
      }),
      runs,
    );
  });
});
