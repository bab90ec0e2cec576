import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PostureFilter } from '#posture/filter.js';
import { isWanted, matchesGlob, meets, unmatched } from '#posture/filter.js';
import { postureOf } from '#posture/posture.js';
import { postureProperties } from '#posture/properties.js';
import { deployment, namespace, object, policiesOf, workload } from '../policy/manifests.js';

describe('pattern of namespaces', () => {
  it.each([
    ['payments', 'payments', true],
    ['payments', 'payments-2', false],
    ['pay*', 'payments', true],
    ['*ments', 'payments', true],
    ['p*m*s', 'payments', true],
    ['p*x*s', 'payments', false],
    ['*', '', true],
    ['a*a', 'a', false],
    ['ab*ba', 'aba', false],
    ['**', 'x', true],
    ['.*', 'x', false],
  ])('%s and %s: %s', (pattern, name, expected) => {
    expect(matchesGlob(pattern, name)).toBe(expected);
  });

  it('agrees with a regular expression', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    fc.assert(
      fc.property(text, text, (pattern, name) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '[^]*')}$`);
        expect(matchesGlob(pattern, name)).toBe(expression.test(name));
      }),
    );
  });
});

const port = { containerPort: 8080 };
const policies = policiesOf([
  namespace('shop', { 'istio-injection': 'enabled' }),
  namespace('batch'),
  deployment('shop/cart', { ports: [port] }),
  deployment('batch/import'),
  object('security.istio.io/v1/PeerAuthentication', 'shop/cart', {
    selector: { matchLabels: { app: 'cart' } },
    mtls: { mode: 'STRICT' },
    portLevelMtls: { 8080: { mode: 'PERMISSIVE' } },
  }),
]);
const cart = workload(policies.mesh, 'shop/Deployment/cart');
const job = workload(policies.mesh, 'batch/Deployment/import');

const condition = (name: string, words: readonly string[], negated = false) => {
  const property = postureProperties.find((each) => each.name === name);
  if (property === undefined) throw new Error(`no property ${name}`);
  return { property, words, negated };
};

describe('conditions on properties', () => {
  it.each([
    ['mtls', ['PERMISSIVE'], false, true],
    ['mtls', ['STRICT'], false, true],
    ['mtls', ['DISABLE'], false, false],
    // Some port is not STRICT.
    ['mtls', ['STRICT'], true, true],
    ['mtls', ['STRICT', 'PERMISSIVE'], true, false],
    ['enrolment', ['sidecar', 'ambient'], false, true],
    ['enrolment', ['sidecar'], true, false],
    ['authorization', ['allow'], false, true],
    ['jwt', ['absent'], false, true],
    ['exposure', ['none'], false, true],
    ['egress', ['ALLOW_ANY'], false, true],
    ['access-log', ['off'], false, true],
    ['dry-run', ['no'], false, true],
    ['capture', ['all'], false, true],
  ])('%s of %j, negated %s: %s', (name, words, negated, expected) => {
    expect(meets(postureOf(policies, cart), [condition(name, words, negated)])).toBe(expected);
  });

  it('hold together only when each does', () => {
    const both = [condition('enrolment', ['none']), condition('mtls', ['STRICT'])];
    expect(meets(postureOf(policies, cart), both)).toBe(false);
    expect(meets(postureOf(policies, job), [condition('enrolment', ['none'])])).toBe(true);
  });

  it('every property says a word that it owns to of every workload', () => {
    for (const each of [cart, job]) {
      for (const { words, wordsOf } of postureProperties) {
        const said = wordsOf(postureOf(policies, each));
        expect(said.length).toBeGreaterThan(0);
        expect(said.filter((word) => !words.includes(word))).toEqual([]);
      }
    }
  });
});

describe('names', () => {
  it.each<[PostureFilter, boolean]>([
    [{}, true],
    [{ workloads: ['shop/cart'] }, true],
    [{ workloads: ['shop/Deployment/cart'] }, true],
    [{ workloads: ['shop/StatefulSet/cart'] }, false],
    [{ workloads: ['cart'] }, false],
    [{ namespaces: ['s*'] }, true],
    [{ namespaces: ['batch'], workloads: ['shop/cart'] }, false],
  ])('%j wants the cart: %s', (filter, expected) => {
    expect(isWanted(cart, filter)).toBe(expected);
  });

  it('that fit nothing are told, with those that were probably meant', () => {
    const filter = { workloads: ['shop/cart', 'shop/card'], namespaces: ['batch', 'shpo'] };
    expect(unmatched([policies.mesh], filter)).toEqual([
      { part: 'workload', named: 'shop/card', candidates: ['batch/import', 'shop/cart'] },
      { part: 'namespace', named: 'shpo', candidates: ['batch', 'shop'] },
    ]);
  });
});
