import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { NamedCertificate } from '#policy/gateway-authorization/gateway-probe.js';
import { deployment, namespace } from '../manifests.js';
import { plainService } from '../gateway/edge.js';
import { authorization, decide, jwt, open, said, servers, source, token } from './gate.js';
import type { Knock } from './gate.js';

const names = ['partner', 'p*', '*'];
const principals = ['cluster.local/ns/partner/sa/app', '*/sa/app', '*'];
const blocks = ['192.0.2.0/24', '198.51.100.7', '0.0.0.0/0'];
const some = (values: readonly string[]): fc.Arbitrary<string[]> =>
  fc.subarray([...values], { minLength: 1 });

const sources = fc.record(
  {
    namespaces: some(names),
    notNamespaces: some(names),
    principals: some(principals),
    ipBlocks: some(blocks),
    requestPrincipals: some(['*', 'https://tokens.example/ann']),
  },
  { requiredKeys: [] },
);
const operations = fc.record(
  {
    paths: some(['/', '/a', '/a*']),
    notPaths: some(['/a']),
    ports: some(['8080', '8443']),
    hosts: some(['shop.example', '*.example']),
  },
  { requiredKeys: [] },
);
const rules = fc
  .record(
    { from: fc.array(sources, { maxLength: 2 }), to: fc.array(operations, { maxLength: 2 }) },
    { requiredKeys: [] },
  )
  .map(({ from = [], to = [] }): JsonObject => ({
    from: from.map((fields) => ({ source: fields })),
    to: to.map((fields) => ({ operation: fields })),
  }));
const policies = fc
  .array(
    fc.record({
      place: fc.constantFrom('edge', 'istio-system', 'shop'),
      action: fc.constantFrom('ALLOW', 'DENY'),
      rules: fc.array(rules, { maxLength: 2 }),
    }),
    { maxLength: 3 },
  )
  .map((all) => all.map(({ place, ...spec }, index) => authorization(`${place}/p${String(index)}`, spec)));

const partner: NamedCertificate = { trusted: true, names: ['spiffe://cluster.local/ns/partner/sa/app'] };
const knocks = fc.constantFrom<Knock>(
  { path: '/a' },
  { path: '/', ip: '198.51.100.7' },
  { sni: 'plain.example', path: '/a/b' },
  { sni: 'mutual.example', certificate: partner },
  { path: '/a', tokens: [token({ sub: 'ann' })] },
  { sni: 'closed.example', raw: true },
  { port: 9000, raw: true },
);
const actions = fc.constantFrom('ALLOW', 'DENY');
const base: readonly JsonObject[] = [...servers, open, jwt()];
const answer = (parts: readonly JsonObject[], knock: Knock): string =>
  said(decide([...base, ...parts], knock));
const one = (action: string, list: readonly JsonObject[]): JsonObject =>
  authorization('edge/p', { action, rules: [...list] });
const runs = { numRuns: 40 };

describe('policies at a gateway', () => {
  it('do not depend on the order of documents', () => {
    const shuffled = policies.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, knocks, ([all, other], knock) => {
        expect(answer([...other].reverse(), knock)).toBe(answer(all, knock));
        expect(answer(other, knock)).toBe(answer(all, knock));
      }),
      runs,
    );
  });

  it('do not depend on a namespace that has nothing to do with them', () => {
    const unrelated = [
      namespace('far', { 'istio-injection': 'enabled' }),
      deployment('far/door', { labels: { door: 'back' } }),
      plainService('far/web', { app: 'door' }, [[80, 8080]]),
      authorization('far/p', { action: 'DENY', rules: [{}] }),
      authorization('far/q', { rules: [] }),
      jwt('far/jwt'),
    ];
    fc.assert(
      fc.property(policies, knocks, (all, knock) => {
        expect(answer([...all, ...unrelated], knock)).toBe(answer(all, knock));
      }),
      runs,
    );
  });

  it('take a list of values for as many rules', () => {
    const field = fc.constantFrom(...Object.entries({ namespaces: names, principals, ipBlocks: blocks }));
    fc.assert(
      fc.property(field, actions, knocks, ([name, values], action, knock) => {
        const whole = one(action, [source({ [name]: [...values] })]);
        const parts = one(
          action,
          values.map((value) => source({ [name]: [value] })),
        );
        const verdict = (policy: JsonObject): string => answer([policy], knock).replace(/\[\d+\]/, '');
        expect(verdict(parts)).toBe(verdict(whole));
      }),
      runs,
    );
  });

  it('take what excludes everything for nothing', () => {
    const nothing = fc.constantFrom<JsonObject>(
      source({ notIpBlocks: ['0.0.0.0/0', '::/0'] }),
      { to: [{ operation: { ports: ['8080'], notPorts: ['8080'] } }] },
      source({ principals: ['*'], notPrincipals: ['*'] }),
      source({ namespaces: ['*'], notNamespaces: ['*'] }),
    );
    fc.assert(
      fc.property(nothing, knocks, (rule, knock) => {
        expect(answer([one('DENY', [rule])], knock)).toBe(answer([], knock));
        expect(answer([one('ALLOW', [rule])], knock)).toBe(answer([one('ALLOW', [])], knock));
      }),
      runs,
    );
  });
});
