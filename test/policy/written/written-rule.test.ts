import { describe, expect, it } from 'vitest';
import type { Action, RuleField } from '#check';
import { fieldsOf, isDryRun, lostAtZtunnel, lostOnTcp, rulesOf, slippedPast } from '#check';
import type { JsonObject } from '#documents/json.js';
import { sampleResource } from '../../check/sample.js';

const policy = (rule: JsonObject) => sampleResource('AuthorizationPolicy', 'p', { spec: { rules: [rule] } });

function ruleOf(rule: JsonObject) {
  const [parsed] = rulesOf(policy(rule));
  if (parsed === undefined) throw new Error('no rule');
  return parsed;
}

const from = (...sources: readonly JsonObject[]): JsonObject => ({
  from: sources.map((source) => ({ source })),
});
const to = (...operations: readonly JsonObject[]): JsonObject => ({
  to: operations.map((operation) => ({ operation })),
});

const written = ({ at }: RuleField): string => at.path.slice(3).join('.');

describe('rulesOf', () => {
  it('gives each constraint its place; empty lists constrain nothing', () => {
    const rule = ruleOf({
      ...from({ principals: ['a'], notNamespaces: ['b'], ipBlocks: [] }),
      ...to({ paths: ['/x'] }),
      when: [{ key: 'source.principal', values: ['c'], notValues: ['d'] }],
    });
    expect(fieldsOf(rule).map((field) => [written(field), field.name, field.negative])).toEqual([
      ['from.0.source.principals', 'principals', false],
      ['from.0.source.notNamespaces', 'namespaces', true],
      ['to.0.operation.paths', 'paths', false],
      ['when.0.values', 'source.principal', false],
      ['when.0.notValues', 'source.principal', true],
    ]);
  });

  it.each([[null], ['text'], [[{}]], [{ from: 'x', to: [null, 'y'], when: [7] }]])(
    'survives rules that are none: %j',
    (rule) => {
      const resource = sampleResource('AuthorizationPolicy', 'p', { spec: { rules: [rule] } });
      expect(rulesOf(resource).flatMap(fieldsOf)).toEqual([]);
    },
  );
});

// strconv.ParseBool, as pilot/pkg/security/authz/builder/builder.go reads the annotation.
it.each([
  ['true', true],
  ['T', true],
  ['1', true],
  ['false', false],
  ['yes', false],
  ['tRuE', false],
])('istio.io/dry-run %j is dry run: %j', (value, expected) => {
  const object = { metadata: { annotations: { 'istio.io/dry-run': value } } };
  expect(isDryRun(sampleResource('AuthorizationPolicy', 'p', object))).toBe(expected);
});

// A peer without certificate has no identity: positive fields never match, negative ones always do
// (pilot/pkg/security/authz/model/generator.go, ztunnel src/rbac.rs).
describe('slippedPast', () => {
  it.each<[string, Action, JsonObject, readonly string[]]>([
    ['DENY by identity', 'DENY', from({ namespaces: ['a'] }), ['from.0.source.namespaces']],
    ['DENY of everybody else', 'DENY', from({ notPrincipals: ['a'] }), []],
    ['ALLOW by identity', 'ALLOW', from({ principals: ['a'] }), []],
    ['ALLOW of everybody else', 'ALLOW', from({ notNamespaces: ['a'] }), ['from.0.source.notNamespaces']],
    ['ALLOW of others of a namespace', 'ALLOW', from({ namespaces: ['a'], notPrincipals: ['b'] }), []],
    [
      'ALLOW with one source that asks for no identity',
      'ALLOW',
      from({ principals: ['a'] }, { notNamespaces: ['b'] }),
      ['from.1.source.notNamespaces'],
    ],
    [
      'ALLOW with a condition that asks for one',
      'ALLOW',
      { ...from({ notNamespaces: ['b'] }), when: [{ key: 'source.principal', values: ['a'] }] },
      [],
    ],
    [
      'ALLOW with an excluding condition',
      'ALLOW',
      { when: [{ key: 'source.namespace', notValues: ['a'] }] },
      ['when.0.notValues'],
    ],
    ['AUDIT', 'AUDIT', from({ notNamespaces: ['a'] }), []],
  ])('%s', (_, action, rule, expected) => {
    expect(slippedPast(ruleOf(rule), action).map(written)).toEqual(expected);
  });
});

// ALLOW drops the rule, all others drop the field (checkError in pilot/pkg/security/authz/model/model.go).
describe('lostOnTcp', () => {
  it.each<[string, Action, JsonObject, string | undefined]>([
    ['DENY by path', 'DENY', to({ paths: ['/a'] }), 'wider to.0.operation.paths'],
    ['ALLOW by path', 'ALLOW', to({ paths: ['/a'] }), 'dropped to.0.operation.paths'],
    [
      'DENY by token',
      'DENY',
      from({ notRequestPrincipals: ['*'] }),
      'wider from.0.source.notRequestPrincipals',
    ],
    [
      'DENY by header',
      'DENY',
      { when: [{ key: 'request.headers[x]', values: ['a'] }] },
      'wider when.0.values',
    ],
    ['DENY by path on another port', 'DENY', to({ ports: ['8080'], paths: ['/a'] }), undefined],
    [
      'DENY by path on this port',
      'DENY',
      to({ ports: ['3306'], paths: ['/a'] }),
      'wider to.0.operation.paths',
    ],
    ['DENY by path on all ports but this', 'DENY', to({ notPorts: ['3306'], paths: ['/a'] }), undefined],
    ['DENY by identity', 'DENY', from({ principals: ['a'] }), undefined],
  ])('%s', (_, action, rule, expected) => {
    const lost = lostOnTcp(ruleOf(rule), action, 3306);
    expect(lost && `${lost.loss} ${written(lost.field)}`).toBe(expected);
  });
});

// An emptied match matches nothing (handleRule in pilot/pkg/serviceregistry/ambient/authorization.go, ztunnel src/rbac.rs).
describe('lostAtZtunnel', () => {
  it.each<[string, 'ALLOW' | 'DENY', JsonObject, string | undefined]>([
    ['DENY by path', 'DENY', to({ paths: ['/a'] }), 'dead'],
    [
      'DENY by path and identity',
      'DENY',
      { ...from({ principals: ['a'] }), ...to({ paths: ['/a'] }) },
      'dead',
    ],
    ['DENY by path and port in one operation', 'DENY', to({ paths: ['/a'], ports: ['80'] }), 'wider'],
    ['DENY by path or port', 'DENY', to({ paths: ['/a'] }, { ports: ['80'] }), 'wider'],
    ['DENY by header', 'DENY', { when: [{ key: 'request.headers[x]', values: ['a'] }] }, 'dead'],
    ['DENY by trust domain', 'DENY', from({ trustDomains: ['a'] }), 'dead'],
    ['DENY by forwarded address', 'DENY', from({ remoteIpBlocks: ['10.0.0.0/8'] }), 'dead'],
    ['ALLOW by method', 'ALLOW', to({ methods: ['GET'] }), 'dropped'],
    ['ALLOW by trust domain', 'ALLOW', from({ trustDomains: ['a'] }), 'dropped'],
    ['ALLOW by trust domain and more', 'ALLOW', from({ trustDomains: ['a'], namespaces: ['b'] }), 'open'],
    ['DENY by trust domain and more', 'DENY', from({ trustDomains: ['a'], namespaces: ['b'] }), 'wider'],
    [
      'ALLOW by identity and port',
      'ALLOW',
      { ...from({ principals: ['a'] }), ...to({ ports: ['80'] }) },
      undefined,
    ],
  ])('%s', (_, action, rule, expected) => {
    expect(lostAtZtunnel(ruleOf(rule), action)?.loss).toBe(expected);
  });
});
