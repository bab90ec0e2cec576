import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { Facts } from '#policy/rule/facts.js';
import { ruleTest } from '#policy/rule/match-rule.js';
import { isEffective, normalizeRule } from '#policy/rule/normalize-rule.js';
import { matchesEverything } from '#policy/rule/rule.js';
import type { Action, Rule } from '#policy/rule/rule.js';
import { isTautology } from '#policy/rule/tautology.js';

function normalize(rule: JsonObject, action: Action = 'DENY'): Rule {
  const policy = {
    apiVersion: 'security.istio.io/v1',
    group: 'security.istio.io',
    version: 'v1',
    kind: 'AuthorizationPolicy',
    name: 'p',
    namespace: 'foo',
    object: { spec: { rules: [rule] } },
    origin: { file: 'a.yaml', document: 0, path: [], line: 1 },
    stored: true,
    reported: true,
  };
  const context = { policy, policyNamespace: 'foo', action, chain: 'http', trustDomains: ['cluster.local'] };
  const normal = normalizeRule(0, { ...context, chain: 'http' });
  if (!isEffective(normal)) throw new Error(normal.reason);
  return normal;
}

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const rule = (alternatives: number, conditions: number): JsonObject => ({
  from: many(alternatives, (index) => ({ source: { namespaces: [`n${String(index)}`] } })),
  to: many(alternatives, (index) => ({ operation: { paths: [`/p${String(index)}`] } })),
  when: many(conditions, (index) =>
    index % 2 === 0
      ? { key: 'source.ip', notValues: [`10.0.${String(index % 250)}.0/24`] }
      : { key: `request.headers[h${String(index)}]`, notValues: ['x'] },
  ),
});

function facts(namespace: string, path: string, ip: bigint, header?: string): Facts {
  return {
    identity: `spiffe://cluster.local/ns/${namespace}/sa/a`,
    sni: '',
    port: 8080,
    directIp: { family: 4, value: ip },
    remoteIp: undefined,
    destinationIp: undefined,
    hasMetadata: false,
    http: {
      method: 'GET',
      host: 'h',
      path,
      headerLines: (name) => (name === header ? ['x'] : undefined),
      claims: undefined,
    },
  };
}

/** 192.0.2.1, and an address that the first condition excludes. */
const [elsewhere, excluded] = [3221225985n, 167772161n];

describe('rules of great lists', () => {
  it.each([[20], [200]])('mean the same with %d conditions beside them, written out or not', (conditions) => {
    const normal = normalize(rule(100, conditions));
    expect(normal.common === undefined).toBe(conditions === 20);
    const matches = ruleTest(normal);
    expect(matches(facts('n7', '/p3', elsewhere))).toBe(true);
    expect(matches(facts('n7', '/p3', excluded))).toBe(false);
    expect(matches(facts('n7', '/p3', elsewhere, 'h1'))).toBe(false);
    expect(matches(facts('n100', '/p3', elsewhere))).toBe(false);
    expect(matches(facts('n7', '/other', elsewhere))).toBe(false);
  });

  it('stay as large as they are written', () => {
    const normal = normalize(rule(2000, 2000));
    const size = [...normal.sources, ...normal.operations, normal.common ?? []].flat().length;
    expect(size).toBe(2000 + 2000 + 2000);
    expect(ruleTest(normal)(facts('n7', '/p3', elsewhere))).toBe(true);
  });

  it('do not match everything for what stands apart', () => {
    const open = { from: many(100, () => ({ source: {} })), when: rule(0, 200)['when'] ?? [] };
    const normal = normalize(open);
    expect(normal.common).toHaveLength(200);
    expect(matchesEverything(normal)).toBe(false);
    expect(isTautology(normal)).toBe(false);
  });
});
