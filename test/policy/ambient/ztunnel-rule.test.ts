import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { authorization, connect, townWith } from './connect.js';

type Row = readonly [title: string, rule: JsonObject, from: string, matches: boolean];

const source = (fields: JsonObject): JsonObject => ({ from: [{ source: fields }] });
const operation = (fields: JsonObject): JsonObject => ({ to: [{ operation: fields }] });
const when = (key: string, fields: JsonObject): JsonObject => ({ when: [{ key, ...fields }] });

function isMatched(action: 'ALLOW' | 'DENY', rule: JsonObject, call: Parameters<typeof connect>[1]): boolean {
  const policies = townWith([authorization('bank/p', { action, rules: [rule] })]);
  return connect(policies, call).policy === 'bank/p';
}

// stringToMatch and stringToServiceAccountMatch in pilot/pkg/serviceregistry/ambient/authorization.go, read by
// StringMatch and ServiceAccountMatch in ztunnel's src/rbac.rs.
describe('identities', () => {
  const kiosk = 'mall/kiosk';
  it.each<Row>([
    ['the full name', source({ principals: ['cluster.local/ns/mall/sa/kiosk'] }), kiosk, true],
    ['another name', source({ principals: ['cluster.local/ns/mall/sa/other'] }), kiosk, false],
    ['with its scheme', source({ principals: ['spiffe://cluster.local/ns/mall/sa/kiosk'] }), kiosk, false],
    ['a prefix', source({ principals: ['cluster.local/ns/mall/*'] }), kiosk, true],
    ['a suffix', source({ principals: ['*/sa/kiosk'] }), kiosk, true],
    ['a star within is a letter', source({ principals: ['cluster.local/*/sa/kiosk'] }), kiosk, false],
    ['any principal', source({ principals: ['*'] }), kiosk, true],
    ['any principal, plaintext', source({ principals: ['*'] }), 'plaintext', false],
    ['no principal, plaintext', source({ notPrincipals: ['*'] }), 'plaintext', true],
    ['no principal', source({ notPrincipals: ['*'] }), kiosk, false],
    [
      'trust domains do not stand for each other',
      source({ principals: ['cluster.local/ns/mall/sa/kiosk'] }),
      'other.example/mall/kiosk',
      false,
    ],
    ['a namespace', source({ namespaces: ['mall'] }), kiosk, true],
    ['a namespace of any trust domain', source({ namespaces: ['mall'] }), 'other.example/mall/kiosk', true],
    ['part of a namespace', source({ namespaces: ['mal'] }), kiosk, false],
    ['a prefix of namespaces', source({ namespaces: ['ma*'] }), kiosk, true],
    ['a suffix of namespaces', source({ namespaces: ['*ll'] }), kiosk, true],
    ['a suffix that ends elsewhere', source({ namespaces: ['*al'] }), kiosk, false],
    ['a star within a namespace is a letter', source({ namespaces: ['m*l'] }), kiosk, false],
    ['any namespace', source({ namespaces: ['*'] }), kiosk, true],
    ['any namespace, plaintext', source({ namespaces: ['*'] }), 'plaintext', false],
    ['a namespace, plaintext', source({ namespaces: ['mall'] }), 'plaintext', false],
    ['other namespaces, plaintext', source({ notNamespaces: ['mall'] }), 'plaintext', true],
    ['the empty namespace is plaintext', source({ namespaces: ['', 'bank'] }), 'plaintext', true],
    ['the empty namespace and a client', source({ namespaces: ['', 'bank'] }), kiosk, false],
    ['an account of the policy’s namespace', source({ serviceAccounts: ['till'] }), 'bank/till', true],
    ['an account of that name elsewhere', source({ serviceAccounts: ['kiosk'] }), kiosk, false],
    ['an account with namespace', source({ serviceAccounts: ['mall/kiosk'] }), kiosk, true],
    ['accounts have no wildcards', source({ serviceAccounts: ['mall/*'] }), kiosk, false],
    ['all but an account, plaintext', source({ notServiceAccounts: ['mall/kiosk'] }), 'plaintext', true],
    ['all but an account', source({ notServiceAccounts: ['mall/kiosk'] }), kiosk, false],
  ])('%s', (_title, rule, from, matches) => {
    expect(isMatched('ALLOW', rule, { from })).toBe(matches);
    expect(isMatched('DENY', rule, { from })).toBe(matches);
  });
});

// stringToPort and stringToIP, same file: what can not be read is left out.
describe('ports and addresses', () => {
  it.each<readonly [string, JsonObject, boolean]>([
    ['the port', operation({ ports: ['8080'] }), true],
    ['another port', operation({ ports: ['80'] }), false],
    ['all but another port', operation({ notPorts: ['80'] }), true],
    ['all but the port', operation({ notPorts: ['8080', '80'] }), false],
    ['one port of two can be read', operation({ ports: ['x', '8080'] }), true],
    ['no port can be read: nothing is left', operation({ ports: ['x', '70000'] }), false],
    ['a source beside an unreadable one', source({ ipBlocks: ['10.0.0.0/33'], namespaces: ['mall'] }), true],
    ['the source’s range', source({ ipBlocks: ['10.0.0.0/24'] }), true],
    ['the source itself', source({ ipBlocks: ['10.0.0.7'] }), true],
    ['another range', source({ ipBlocks: ['10.0.1.0/24', '::/0'] }), false],
    ['all but another range', source({ notIpBlocks: ['10.0.1.0/24'] }), true],
    ['when source.ip', when('source.ip', { values: ['10.0.0.0/8'] }), true],
    ['when not source.ip', when('source.ip', { notValues: ['10.0.0.0/8'] }), false],
    ['when destination.ip', when('destination.ip', { values: ['10.0.1.1'] }), true],
    ['when another destination.ip', when('destination.ip', { values: ['10.0.0.7'] }), false],
    ['when destination.port', when('destination.port', { values: ['8080'] }), true],
    ['when not destination.port', when('destination.port', { notValues: ['8080'] }), false],
    ['when source.namespace', when('source.namespace', { values: ['mall'] }), true],
    [
      'when source.principal but not that one',
      when('source.principal', { values: ['*'], notValues: ['*/sa/kiosk'] }),
      false,
    ],
  ])('%s', (_title, rule, matches) => {
    expect(isMatched('ALLOW', rule, {})).toBe(matches);
    expect(isMatched('DENY', rule, {})).toBe(matches);
  });
});

// handleRule, same file; clauses and their matches in Authorization::matches of ztunnel's src/rbac.rs.
describe('how a rule is put together', () => {
  it.each<readonly [string, JsonObject, boolean]>([
    ['nothing asked matches everything', {}, true],
    ['empty lists ask for nothing', { from: [], to: [], when: [] }, true],
    ['fields of a source all count', source({ namespaces: ['mall'], principals: ['*/sa/x'] }), false],
    [
      'one source is enough',
      { from: [{ source: { namespaces: ['x'] } }, { source: { namespaces: ['mall'] } }] },
      true,
    ],
    [
      'source and operation both count',
      { ...source({ namespaces: ['mall'] }), ...operation({ ports: ['1'] }) },
      false,
    ],
    [
      'every condition counts',
      { ...source({ namespaces: ['mall'] }), ...when('destination.port', { values: ['1'] }) },
      false,
    ],
    ['an empty source matches nothing', source({}), false],
    ['an empty operation matches nothing', operation({}), false],
    [
      'an empty source beside another',
      { from: [{ source: {} }, { source: { namespaces: ['mall'] } }] },
      true,
    ],
    ['a condition without values matches nothing', when('source.ip', {}), false],
  ])('%s', (_title, rule, matches) => {
    expect(isMatched('ALLOW', rule, {})).toBe(matches);
    expect(isMatched('DENY', rule, {})).toBe(matches);
  });
});

describe('what is not of layer 4', () => {
  const fields: readonly (readonly [string, JsonObject])[] = [
    ['hosts', operation({ hosts: ['a'] })],
    ['methods', operation({ notMethods: ['GET'] })],
    ['paths', operation({ paths: ['/a'] })],
    ['remoteIpBlocks', source({ remoteIpBlocks: ['0.0.0.0/0'] })],
    ['requestPrincipals', source({ notRequestPrincipals: ['*'] })],
    ['remote.ip', when('remote.ip', { values: ['10.0.0.7'] })],
    ['connection.sni', when('connection.sni', { notValues: ['x'] })],
    ['source.serviceAccount', when('source.serviceAccount', { values: ['mall/kiosk'] })],
    ['source.trustDomain', when('source.trustDomain', { values: ['cluster.local'] })],
    ['request.headers', when('request.headers[x]', { notValues: ['a'] })],
    ['a key that nobody knows', when('no.such.key', { notValues: ['a'] })],
  ];

  it.each(fields)('%s alone: ALLOW is closed, DENY without effect', (_name, rule) => {
    expect(connect(townWith([authorization('bank/p', { rules: [rule] })])).verdict).toBe('denied');
    expect(isMatched('DENY', rule, {})).toBe(false);
  });

  it.each(fields)('%s beside another rule: that one stays', (_name, rule) => {
    const rules = [rule, source({ namespaces: ['mall'] })];
    expect(connect(townWith([authorization('bank/p', { rules })])).verdict).toBe('allowed');
  });

  it('a DENY with layer 4 elsewhere in the rule is without effect all the same', () => {
    const rule = { ...source({ namespaces: ['mall'] }), ...operation({ paths: ['/admin'] }) };
    expect(isMatched('DENY', rule, {})).toBe(false);
    expect(isMatched('DENY', { ...source({}), ...when('request.headers[x]', { values: ['a'] }) }, {})).toBe(
      false,
    );
  });

  it('a DENY with both in one clause loses the higher ones and denies more', () => {
    expect(isMatched('DENY', operation({ ports: ['8080'], methods: ['DELETE'] }), {})).toBe(true);
    expect(isMatched('DENY', source({ namespaces: ['mall'], requestPrincipals: ['a/b'] }), {})).toBe(true);
  });

  it('of two operations only the one with a port fires', () => {
    const rule = { to: [{ operation: { paths: ['/a'] } }, { operation: { ports: ['9090'] } }] };
    expect([8080, 9090].map((port) => isMatched('DENY', rule, { port }))).toEqual([false, true]);
  });

  it('trustDomains are lost without a word', () => {
    const alone = source({ trustDomains: ['cluster.local'] });
    expect(connect(townWith([authorization('bank/p', { rules: [alone] })])).verdict).toBe('denied');
    expect(isMatched('DENY', alone, {})).toBe(false);
    const wider = source({ trustDomains: ['cluster.local'], namespaces: ['mall'] });
    expect(isMatched('ALLOW', wider, { from: 'evil.example/mall/kiosk' })).toBe(true);
  });
});
