import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { deployment, namespace, policiesOf, service } from '../manifests.js';
import {
  ambient,
  ask,
  authorization,
  cartService,
  gateway,
  outcome,
  shop,
  toClass,
  toGateway,
  toService,
  use,
} from './ambient-mesh.js';

const accounts = ['web', 'other', 'wp'];
const paths = ['/', '/a', '/admin'];
const ports = ['80', '8080', '9000'];

const rule = fc
  .record({
    principals: fc.option(fc.constantFrom(...accounts), { nil: undefined }),
    path: fc.option(fc.constantFrom(...paths), { nil: undefined }),
    port: fc.option(fc.constantFrom(...ports), { nil: undefined }),
  })
  .map(({ principals, path, port }): JsonObject => {
    const source = { principals: [`cluster.local/ns/shop/sa/${principals ?? ''}`] };
    const operation = { ...(path && { paths: [path] }), ...(port && { ports: [port] }) };
    return {
      ...(principals && { from: [{ source }] }),
      ...(Object.keys(operation).length > 0 && { to: [{ operation }] }),
    };
  });

const policy = fc.record({
  action: fc.constantFrom('ALLOW', 'DENY'),
  target: fc.constantFrom('gateway', 'service', 'class', 'none'),
  rules: fc.array(rule, { maxLength: 2 }),
});

type Policy = typeof policy extends fc.Arbitrary<infer T> ? T : never;

const refs = { gateway: toGateway('wp'), service: toService('cart'), class: toClass(), none: {} };

function written({ action, target, rules }: Policy, index: number): JsonObject {
  const place = `${target === 'class' ? 'istio-system' : 'shop'}/p${String(index)}`;
  return authorization(place, { ...refs[target], action, rules });
}

const request = fc
  .record({
    serviceAccount: fc.constantFrom(...accounts),
    path: fc.constantFrom(...paths),
    port: fc.constantFrom(80, 7000, 9000),
    isHttp: fc.boolean(),
    isPod: fc.boolean(),
  })
  .map(({ serviceAccount, path, port, isHttp, isPod }): JsonObject => {
    const to = isPod ? { workload: 'shop/Deployment/cart', port } : { service: 'shop/cart', port };
    return { from: { namespace: 'shop', serviceAccount }, to, http: isHttp ? { path } : null };
  });

const traffic = fc.constantFrom('service', 'workload', 'all');

function documents(type: string, policies: readonly Policy[]): readonly JsonObject[] {
  return [
    ...shop,
    namespace('shop', { ...ambient, ...use('wp') }),
    gateway('shop/wp', { labels: { 'istio.io/waypoint-for': type } }),
    cartService(),
    ...policies.map(written),
  ];
}

/** What is decided of a request, with the steps in words. */
function decided(objects: readonly JsonObject[], change: JsonObject): readonly unknown[] {
  const decision = ask(policiesOf(objects), change);
  return [
    outcome(decision),
    decision.waypoint,
    decision.chain.map(({ note }) => note),
    decision.behind?.by?.policy,
  ];
}

const runs = { numRuns: 60 };

it('the order of documents changes nothing', () => {
  const shuffled = fc
    .tuple(traffic, fc.array(policy, { maxLength: 3 }))
    .map(([type, policies]) => documents(type, policies))
    .chain((objects) =>
      fc.record({
        objects: fc.constant(objects),
        other: fc.shuffledSubarray([...objects], { minLength: objects.length }),
      }),
    );
  fc.assert(
    fc.property(shuffled, request, ({ objects, other }, change) => {
      expect(decided(other, change)).toEqual(decided(objects, change));
    }),
    runs,
  );
});

it('an unrelated namespace changes nothing', () => {
  const unrelated = [
    namespace('far', { ...ambient, ...use('wp') }),
    gateway('far/wp', { from: { from: 'All' } }),
    deployment('far/cart'),
    service('far/cart', [{ name: 'http', port: 80 }]),
    authorization('far/p', { ...toGateway('wp'), rules: [] }),
    authorization('far/q', { ...toService('cart'), action: 'DENY', rules: [{}] }),
    authorization('far/r', { ...toClass(), rules: [] }),
    authorization('far/s', { rules: [] }),
  ];
  fc.assert(
    fc.property(traffic, fc.array(policy, { maxLength: 3 }), request, (type, policies, change) => {
      const objects = documents(type, policies);
      expect(decided([...objects, ...unrelated], change)).toEqual(decided(objects, change));
    }),
    runs,
  );
});

it('on traffic to the only Service of a waypoint, refs to it, to the Gateway and to the class are one', () => {
  const toShop = request.filter((change) => 'service' in (change['to'] as JsonObject));
  const policies = fc.array(policy, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(policies, toShop, (list, change) => {
      const all = (['gateway', 'service', 'class'] as const).map((target) => {
        const objects = documents(
          'all',
          list.map((each) => ({ ...each, target })),
        );
        const { verdict, stage, by, behind } = ask(policiesOf(objects), change);
        const [, name] = by?.policy.split('/') ?? [];
        return { verdict, stage, name, rule: by?.rule, behind: behind?.verdict };
      });
      expect(all[1]).toEqual(all[0]);
      expect(all[2]).toEqual(all[0]);
    }),
    runs,
  );
});

it('a waypoint that is refused is as good as none', () => {
  fc.assert(
    fc.property(fc.array(policy, { maxLength: 3 }), request, (policies, change) => {
      const objects = documents('all', policies);
      const isGateway = ({ kind }: JsonObject): boolean => kind === 'Gateway';
      const refused = objects.map((each) =>
        isGateway(each) ? { ...each, status: { addresses: [] } } : each,
      );
      const without = objects.filter((each) => !isGateway(each));
      expect(outcome(ask(policiesOf(refused), change))).toBe(outcome(ask(policiesOf(without), change)));
      expect(ask(policiesOf(refused), change).path).toBe('direct');
    }),
    runs,
  );
});

/** What becomes of a request under one policy on the Gateway of the only waypoint. */
function under(action: string, rules: readonly JsonObject[], change: JsonObject): string {
  const policies = documents('service', []);
  const only = authorization('shop/only', { ...toGateway('wp'), action, rules: [...rules] });
  return ask(policiesOf([...policies, only]), change).verdict;
}

const fields = fc.constantFrom<readonly [string, 'source' | 'operation', readonly string[]]>(
  ['principals', 'source', accounts.map((name) => `cluster.local/ns/shop/sa/${name}`)],
  ['namespaces', 'source', ['shop', 'far', '*op']],
  ['paths', 'operation', paths],
  ['ports', 'operation', ports],
);

function inRule(side: 'source' | 'operation', members: JsonObject): JsonObject {
  return side === 'source' ? { from: [{ source: members }] } : { to: [{ operation: members }] };
}

it('a list of values is as many rules with one value each', () => {
  fc.assert(
    fc.property(fields, fc.constantFrom('ALLOW', 'DENY'), request, ([name, side, values], action, change) => {
      const whole = [inRule(side, { [name]: [...values] })];
      const parts = values.map((value) => inRule(side, { [name]: [value] }));
      // HTTP fields that bytes can not be compared with drop the one rule or each of the others alike.
      expect(under(action, parts, change)).toBe(under(action, whole, change));
    }),
    runs,
  );
});

it('what excludes everything is as if nothing were written', () => {
  const nothing = fc.constantFrom<JsonObject>(
    inRule('source', { namespaces: ['shop'], notNamespaces: ['*'] }),
    inRule('source', { notPrincipals: ['*'] }),
    inRule('operation', { notPorts: ['80', '7000', '9000'] }),
  );
  fc.assert(
    fc.property(nothing, request, (rule, change) => {
      expect(under('DENY', [rule], change)).toBe(under('DENY', [], change));
      expect(under('ALLOW', [rule], change)).toBe(under('ALLOW', [], change));
    }),
    runs,
  );
});
