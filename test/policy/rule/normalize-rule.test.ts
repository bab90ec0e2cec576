import { describe, expect, it } from 'vitest';
import { isEffective, normalizeRule } from '#policy/rule/normalize-rule.js';
import { matchesEverything } from '#policy/rule/rule.js';
import type { Action, Chain, DroppedRule, Rule } from '#policy/rule/rule.js';
import { isTautology } from '#policy/rule/tautology.js';
import type { JsonObject } from '#documents/json.js';

function normalize(rule: JsonObject, action: Action = 'ALLOW', chain: Chain = 'http'): Rule | DroppedRule {
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
  return normalizeRule(0, { policy, policyNamespace: 'foo', action, chain, trustDomains: ['cluster.local'] });
}

/** The dimensions that each alternative asks about, `!` for negated ones. */
function shape(rule: Rule | DroppedRule): unknown {
  if (!isEffective(rule)) return rule.reason;
  const names = (side: Rule['sources']): string[] =>
    side.map((all) => all.map(({ on, negated }) => (negated ? '!' : '') + on).join(' '));
  return [names(rule.sources), names(rule.operations)];
}

const paths = (...values: string[]): JsonObject => ({ to: [{ operation: { paths: values } }] });

// pilot/pkg/security/authz/model/model.go, New
describe('the form of a rule', () => {
  it.each<[string, JsonObject, unknown]>([
    ['empty', {}, [[''], ['']]],
    ['from without source', { from: [{}] }, [[''], ['']]],
    ['empty source', { from: [{ source: {} }] }, [[''], ['']]],
    ['empty operation', { to: [{ operation: {} }] }, [[''], ['']]],
    [
      'two sources',
      { from: [{ source: { namespaces: ['a'] } }, { source: { ipBlocks: ['10.0.0.1'] } }] },
      [['identity', 'direct-ip'], ['']],
    ],
    [
      'both signs',
      { from: [{ source: { principals: ['a'], notPrincipals: ['b'] } }] },
      [['identity !identity'], ['']],
    ],
    [
      'empty lists',
      { from: [{ source: { principals: [] } }], to: [{ operation: { paths: [] } }] },
      [[''], ['']],
    ],
    [
      'a condition on the source',
      { when: [{ key: 'source.ip', values: ['10.0.0.1'] }] },
      [['direct-ip'], ['']],
    ],
    [
      'a condition on the operation',
      { when: [{ key: 'destination.port', notValues: ['80'] }] },
      [[''], ['!port']],
    ],
    [
      'a condition in each alternative',
      {
        ...paths('/a'),
        from: [{ source: {} }, { source: {} }],
        when: [{ key: 'request.headers[A]', values: ['x'] }],
      },
      [['header', 'header'], ['path']],
    ],
    ['an unknown key', { when: [{ key: 'request.nonsense', values: ['x'] }] }, 'unknown-key'],
    ['an unknown key without values', { when: [{ key: 'destination.labels' }] }, 'unknown-key'],
    [
      'metadata',
      { when: [{ key: 'experimental.envoy.filters.a.b[c]', values: ['[x]'] }] },
      [[''], ['metadata']],
    ],
  ])('%s', (_, rule, expected) => {
    expect(shape(normalize(rule))).toEqual(expected);
  });
});

// model.go, checkError; generator.go, "is HTTP only"
describe('values that do not reach the proxy', () => {
  it.each<[string, JsonObject, Action, Chain, unknown]>([
    [
      'ALLOW with a bad port',
      { to: [{ operation: { ports: ['80', 'x'] } }] },
      'ALLOW',
      'http',
      'untranslatable',
    ],
    [
      'DENY with one bad port of two',
      { to: [{ operation: { ports: ['80', 'x'] } }] },
      'DENY',
      'http',
      [[''], ['port']],
    ],
    [
      'DENY with nothing but a bad port',
      { to: [{ operation: { ports: ['70000'] } }] },
      'DENY',
      'http',
      [[''], ['']],
    ],
    [
      'DENY with a bad range',
      { from: [{ source: { ipBlocks: ['bad'], namespaces: ['a'] } }] },
      'DENY',
      'http',
      [['identity'], ['']],
    ],
    ['ALLOW paths on TCP', paths('/a'), 'ALLOW', 'tcp', 'untranslatable'],
    [
      'ALLOW with one HTTP operation of two on TCP',
      { to: [{ operation: { ports: ['80'] } }, { operation: { methods: ['GET'] } }] },
      'ALLOW',
      'tcp',
      'untranslatable',
    ],
    ['DENY paths on TCP', paths('/a'), 'DENY', 'tcp', [[''], ['']]],
    [
      'DENY paths and ports on TCP',
      { to: [{ operation: { paths: ['/a'], ports: ['80'] } }] },
      'DENY',
      'tcp',
      [[''], ['port']],
    ],
    [
      'DENY notRequestPrincipals on TCP',
      { from: [{ source: { notRequestPrincipals: ['*'] } }] },
      'DENY',
      'tcp',
      [[''], ['']],
    ],
    ['CUSTOM hosts on TCP', { to: [{ operation: { hosts: ['a'] } }] }, 'CUSTOM', 'tcp', [[''], ['']]],
    [
      'DENY header condition on TCP',
      {
        when: [
          { key: 'request.headers[a]', values: ['x'] },
          { key: 'source.namespace', values: ['b'] },
        ],
      },
      'DENY',
      'tcp',
      [['identity'], ['']],
    ],
    [
      'SNI and remote address on TCP',
      {
        from: [{ source: { remoteIpBlocks: ['10.0.0.1'] } }],
        when: [{ key: 'connection.sni', values: ['a'] }],
      },
      'ALLOW',
      'tcp',
      [['remote-ip'], ['sni']],
    ],
    [
      'a header key without brackets',
      { when: [{ key: 'request.headersx', values: ['a'] }] },
      'DENY',
      'http',
      [[''], ['']],
    ],
  ])('%s', (_, rule, action, chain, expected) => {
    expect(shape(normalize(rule, action, chain))).toEqual(expected);
  });

  it('are listed with their place', () => {
    const rule = normalize({ from: [{ source: { ipBlocks: ['bad', '10.0.0.0/8'] } }] }, 'DENY');
    expect(rule.dropped).toEqual([
      { path: ['spec', 'rules', 0, 'from', 0, 'source', 'ipBlocks'], values: ['bad'], wholly: false },
    ]);
  });
});

describe('rules that match everything', () => {
  it.each<[string, JsonObject, boolean, boolean]>([
    ['{}', {}, true, true],
    ['one empty alternative of two', { from: [{ source: { namespaces: ['a'] } }, {}] }, true, true],
    ['any path', paths('/*'), false, true],
    ['presence of method and host', { to: [{ operation: { methods: ['*'], hosts: ['*'] } }] }, false, true],
    ['all addresses', { from: [{ source: { ipBlocks: ['0.0.0.0/0', '::/0'] } }] }, false, true],
    ['all IPv4 addresses', { from: [{ source: { ipBlocks: ['0.0.0.0/0'] } }] }, false, false],
    ['any identity, which plaintext lacks', { from: [{ source: { principals: ['*'] } }] }, false, false],
    ['not any path', { to: [{ operation: { notPaths: ['/*'] } }] }, false, false],
    ['some paths', paths('/a*'), false, false],
  ])('%s', (_, rule, everything, tautology) => {
    const normal = normalize(rule);
    if (!isEffective(normal)) throw new Error('dropped');
    expect([matchesEverything(normal), isTautology(normal)]).toEqual([everything, tautology]);
  });
});
