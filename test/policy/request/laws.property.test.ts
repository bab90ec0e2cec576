import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { ask, authorization, outcome, policy, shopWith } from './ask.js';

const paths = (...texts: string[]): JsonObject => ({ to: [{ operation: { paths: texts } }] });
const source = (fields: JsonObject): JsonObject => ({ from: [{ source: fields }] });

const values: Readonly<Record<string, readonly string[]>> = {
  principals: ['cluster.local/ns/shop/sa/web', 'cluster.local/*', '*'],
  namespaces: ['shop', 's*', 'other'],
  ipBlocks: ['10.0.0.0/8', '192.0.2.1', '10.0.0.10/32'],
};
const field = fc.constantFrom(...Object.keys(values));
const list = field.chain((name) =>
  fc.tuple(fc.constant(name), fc.subarray([...(values[name] ?? [])], { minLength: 1 })),
);
const operations = fc.subarray(['/a', '/a/*', '*.js', '/{*}'], { minLength: 1 });
const requests = fc.record({
  http: fc.record({ path: fc.constantFrom('/a', '/a/b', '/x.js', '/', '/a/../b') }),
  from: fc.constantFrom<JsonObject>(
    { plaintext: true },
    { namespace: 'shop', serviceAccount: 'web' },
    { namespace: 'other', serviceAccount: 'x' },
  ),
  ip: fc.constantFrom('10.0.0.10', '192.0.2.1', '203.0.113.1'),
});

describe('laws', () => {
  const verdict = (rules: readonly JsonObject[], action: string, request: JsonObject): string =>
    ask(shopWith([authorization('p', { action, rules: [...rules] })]), request).verdict;
  const actions = fc.constantFrom('ALLOW', 'DENY');

  it('a list of values is as many rules with one value each', () => {
    fc.assert(
      fc.property(list, operations, actions, requests, ([name, items], all, action, request) => {
        const whole = { ...source({ [name]: items }), ...paths(...all) };
        const parts = items.flatMap((item) =>
          all.map((path) => ({ ...source({ [name]: [item] }), ...paths(path) })),
        );
        expect(verdict(parts, action, request)).toBe(verdict([whole], action, request));
      }),
      { numRuns: 150 },
    );
  });

  it('the order of values, alternatives and rules changes nothing', () => {
    fc.assert(
      fc.property(
        list,
        list,
        operations,
        actions,
        requests,
        ([a, first], [b, second], all, action, request) => {
          const sources = [{ source: { [a]: first } }, { source: { [b]: second } }];
          const rules = [{ from: sources, ...paths(...all) }, paths('/a')];
          const turned = [paths('/a'), { from: [...sources].reverse(), ...paths(...[...all].reverse()) }];
          expect(verdict(turned, action, request)).toBe(verdict(rules, action, request));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('a field and its negation together match nothing, side by side everything', () => {
    fc.assert(
      fc.property(list, requests, ([name, items], request) => {
        const negated = `not${name.charAt(0).toUpperCase()}${name.slice(1)}`;
        const both = source({ [name]: items, [negated]: items });
        const either = { from: [{ source: { [name]: items } }, { source: { [negated]: items } }] };
        expect(verdict([both], 'DENY', request)).toBe('allowed');
        expect(verdict([either], 'DENY', request)).toBe('denied');
      }),
      { numRuns: 150 },
    );
  });

  it('what negates everything is as if nothing were written', () => {
    fc.assert(
      fc.property(operations, actions, requests, (all, action, request) => {
        const nothing = { to: [{ operation: { paths: all, notMethods: ['*'] } }] };
        const verdictOfNone = action === 'ALLOW' ? 'denied' : 'allowed';
        expect(verdict([nothing], action, request)).toBe(verdictOfNone);
      }),
      { numRuns: 60 },
    );
  });

  it('an unrelated namespace changes nothing', () => {
    fc.assert(
      fc.property(list, operations, requests, ([name, items], all, request) => {
        const own = authorization('p', { rules: [{ ...source({ [name]: items }), ...paths(...all) }] });
        const other = authorization('a', { action: 'DENY', rules: [{}] }, 'elsewhere');
        expect(outcome(ask(shopWith([own, other]), request))).toBe(outcome(ask(shopWith([own]), request)));
      }),
      { numRuns: 60 },
    );
  });

  it('the order of documents changes nothing', () => {
    const documents = [
      authorization('a', { action: 'DENY', rules: [paths('/a/*')] }),
      authorization(
        'b',
        { action: 'DENY', rules: [paths('/a/b'), source({ namespaces: ['other'] })] },
        'istio-system',
      ),
      authorization('c', { rules: [paths('/a', '/a/b', '*.js')] }),
      policy('PeerAuthentication', 'x', { mtls: { mode: 'STRICT' } }),
      policy('PeerAuthentication', 'y', { mtls: { mode: 'DISABLE' } }),
    ];
    const shuffled = fc.shuffledSubarray(documents, { minLength: documents.length });
    fc.assert(
      fc.property(shuffled, requests, (order, request) => {
        expect(outcome(ask(shopWith(order), request))).toBe(outcome(ask(shopWith(documents), request)));
      }),
      { numRuns: 60 },
    );
  });
});
