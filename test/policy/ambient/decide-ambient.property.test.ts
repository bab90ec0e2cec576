import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { deployment, namespace, peerAuthentication, policiesOf } from '../manifests.js';
import { authorization, connect, town, townWith } from './connect.js';

const names = ['bank', 'mall', 'ba*', '*ll', '*', 'shop'];
const principals = ['cluster.local/ns/bank/sa/till', 'cluster.local/ns/mall/*', '*/sa/kiosk', '*', 'x'];
const some = (values: readonly string[]): fc.Arbitrary<string[]> =>
  fc.subarray([...values], { minLength: 1, maxLength: Math.min(2, values.length) });

const source = fc.record(
  {
    namespaces: some(names),
    notNamespaces: some(names),
    principals: some(principals),
    notPrincipals: some(principals),
    ipBlocks: some(['10.0.0.0/24', '10.0.0.7', '10.9.0.0/16']),
    requestPrincipals: some(['a/b']),
    trustDomains: some(['cluster.local']),
  },
  { requiredKeys: [] },
);
const operation = fc.record(
  { ports: some(['8080', '9090']), notPorts: some(['8080', '80']), paths: some(['/a']) },
  { requiredKeys: [] },
);
const condition = fc.record(
  {
    key: fc.constantFrom('source.namespace', 'destination.port', 'request.headers[x]', 'source.ip'),
    values: some(['mall', '8080', '10.0.0.0/8']),
  },
  { requiredKeys: ['key'] },
);
const rule = fc
  .record(
    {
      from: fc.array(source, { maxLength: 2 }),
      to: fc.array(operation, { maxLength: 2 }),
      when: fc.array(condition, { maxLength: 1 }),
    },
    { requiredKeys: [] },
  )
  .map(({ from = [], to = [], when = [] }): JsonObject => ({
    from: from.map((fields) => ({ source: fields })),
    to: to.map((fields) => ({ operation: fields })),
    when,
  }));
const policy = fc
  .record({
    place: fc.constantFrom('bank', 'istio-system', 'mall'),
    action: fc.constantFrom('ALLOW', 'DENY'),
    rules: fc.array(rule, { maxLength: 3 }),
  })
  .map(({ place, ...spec }) => ({ place, spec }));

const mode = fc.constantFrom('STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET');
const peers = fc
  .record({ root: mode, own: mode, port: mode })
  .map(({ root, own, port }): readonly JsonObject[] => [
    peerAuthentication('istio-system/root', { mtls: { mode: root } }),
    peerAuthentication('bank/own', {
      selector: { matchLabels: { app: 'till' } },
      mtls: { mode: own },
      portLevelMtls: { '8080': { mode: port } },
    }),
  ]);

const objects = fc
  .tuple(fc.array(policy, { maxLength: 4 }), peers)
  .map(([policies, authentications]) => [
    ...policies.map(({ place, spec }, index) => authorization(`${place}/p${index}`, spec)),
    ...authentications,
  ]);
const call = fc.record({
  from: fc.constantFrom('plaintext', 'mall/kiosk', 'bank/till', 'old.example/mall/kiosk'),
  port: fc.constantFrom(8080, 9090),
});

describe('decideAmbient', () => {
  it('does not depend on the order of documents', () => {
    const shuffled = objects.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, call, ([one, other], asked) => {
        const [first, second] = [one, other].map((all) => connect(townWith(all), asked));
        expect([second?.verdict, second?.policy]).toEqual([first?.verdict, first?.policy]);
      }),
      { numRuns: 150 },
    );
  });

  it('does not depend on a namespace that has nothing to do with it', () => {
    const unrelated = [
      namespace('other', { 'istio.io/dataplane-mode': 'ambient' }),
      deployment('other/app'),
      authorization('other/p', { action: 'DENY', rules: [{}] }),
      peerAuthentication('other/default', { mtls: { mode: 'STRICT' } }),
    ];
    fc.assert(
      fc.property(objects, call, (all, asked) => {
        const { verdict, policy: decisive } = connect(townWith(all), asked);
        expect(connect(policiesOf([...town, ...unrelated, ...all]), asked)).toMatchObject({
          verdict,
          ...(decisive === undefined ? {} : { policy: decisive }),
        });
      }),
      { numRuns: 100 },
    );
  });

  it('takes a list of sources for as many rules', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ALLOW', 'DENY'),
        fc.array(source, { minLength: 1 }),
        call,
        (action, all, asked) => {
          // A higher field drops a whole ALLOW rule, so there the sources are not independent of each other.
          const sources = all.map((fields) => ({ source: { ...fields, requestPrincipals: [] } }));
          const [together, apart] = [[{ from: sources }], sources.map((one) => ({ from: [one] }))].map(
            (rules) => connect(townWith([authorization('bank/p', { action, rules })]), asked),
          );
          expect(apart?.verdict).toBe(together?.verdict);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('takes a policy for as many as it has rules', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ALLOW', 'DENY'),
        fc.array(rule, { minLength: 1 }),
        call,
        (action, rules, asked) => {
          const together = [authorization('bank/p', { action, rules })];
          const apart = rules.map((one, index) => authorization(`bank/p${index}`, { action, rules: [one] }));
          expect(connect(townWith(apart), asked).verdict).toBe(connect(townWith(together), asked).verdict);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('finds nothing that is in no namespace, on no port, at no address', () => {
    const nothing = fc.constantFrom<JsonObject>(
      { from: [{ source: { notNamespaces: ['*', ''] } }] },
      { from: [{ source: { notPrincipals: ['*'], principals: ['*'] } }] },
      { from: [{ source: { notIpBlocks: ['0.0.0.0/0', '::/0'] } }] },
      { to: [{ operation: { notPorts: ['8080', '9090'] } }] },
    );
    fc.assert(
      fc.property(nothing, call, (none, asked) => {
        const policies = townWith([authorization('bank/p', { action: 'DENY', rules: [none] })]);
        expect(connect(policies, asked).verdict).toBe('allowed');
      }),
    );
  });
});
