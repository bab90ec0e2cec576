import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { created, peerAuthentication } from '../manifests.js';
import { authorization, connect, outcome, townWith } from './connect.js';

const mode = (value: string): JsonObject => ({ mtls: { mode: value } });
const strict = mode('STRICT');
const till = (spec: JsonObject, ports: Readonly<Record<number, string>> = {}): JsonObject =>
  peerAuthentication('bank/own', {
    selector: { matchLabels: { app: 'till' } },
    ...spec,
    portLevelMtls: Object.fromEntries(Object.entries(ports).map(([port, value]) => [port, { mode: value }])),
  });
const meshWide = (spec: JsonObject): JsonObject => peerAuthentication('istio-system/default', spec);
const bankWide = (spec: JsonObject): JsonObject => peerAuthentication('bank/default', spec);

const statics = 'denied istio-system/istio_converted_static_strict';
const own = 'denied bank/converted_peer_authentication_own';

/** Plaintext to the till on 8080 and on 9090. */
function plaintext(objects: readonly JsonObject[]): readonly string[] {
  const policies = townWith(objects);
  return [8080, 9090].map((port) => outcome(connect(policies, { from: 'plaintext', port })));
}

// convertedSelectorPeerAuthentications and convertPeerAuthentication in
// pilot/pkg/serviceregistry/ambient/authorization.go.
describe('which policy refuses plaintext', () => {
  it.each<readonly [string, readonly JsonObject[], readonly string[]]>([
    ['STRICT of the mesh', [meshWide(strict)], [statics, statics]],
    ['STRICT of the workload', [till(strict)], [statics, statics]],
    ['a port of another mode', [till(strict, { 8080: 'PERMISSIVE' })], ['allowed', own]],
    ['a STRICT port only', [till(mode('PERMISSIVE'), { 8080: 'STRICT' })], [own, 'allowed']],
    ['STRICT on top of STRICT', [till(strict, { 8080: 'STRICT' })], [statics, statics]],
    ['an unset port of a STRICT workload', [till(strict, { 8080: 'UNSET' })], [statics, statics]],
    [
      'a PERMISSIVE port under a STRICT namespace',
      [bankWide(strict), till({}, { 8080: 'PERMISSIVE' })],
      ['allowed', own],
    ],
    [
      'a selector in the root namespace is ignored',
      [peerAuthentication('istio-system/p', { selector: { matchLabels: { app: 'till' } }, ...strict })],
      ['allowed', 'allowed'],
    ],
  ])('%s', (_title, objects, expected) => {
    expect(plaintext(objects)).toEqual(expected);
  });

  it('whoever has an identity is let in', () => {
    expect(outcome(connect(townWith([meshWide(strict)]), { from: 'evil.example/x/y' }))).toBe('allowed');
  });

  it('a policy that is asked for and never built is passed over, and told', () => {
    const policies = townWith([meshWide(strict), bankWide({}), till({}, { 8080: 'PERMISSIVE' })]);
    const decision = connect(policies, { from: 'plaintext', port: 9090 });
    expect(decision).toMatchObject({
      verdict: 'allowed',
      skippedPolicies: ['bank/converted_peer_authentication_own'],
    });
    expect(decision.chain[0]).toMatchObject({ stage: 'transport', at: { resource: { name: 'own' } } });
  });

  it('tells the field that asks for the identity', () => {
    const { chain, by, stage } = connect(townWith([meshWide(strict)]), { from: 'plaintext' });
    expect(chain).toMatchObject([
      { stage: 'transport', outcome: 'denied', at: { path: ['spec', 'mtls', 'mode'] } },
    ]);
    expect([by?.policy, stage]).toEqual(['istio-system/istio_converted_static_strict', 'transport']);
  });

  it('beside a DENY the first by name is told', () => {
    const deny = { action: 'DENY', rules: [{}] };
    expect(plaintext([meshWide(strict), authorization('bank/a', deny)])[0]).toBe('denied bank/a');
    expect(plaintext([meshWide(strict), authorization('istio-system/z', deny)])[0]).toBe(statics);
  });
});

// getOldestPeerAuthn, same file: a strict comparison of times.
describe('several of one level', () => {
  const two = (first: JsonObject, second: JsonObject): readonly JsonObject[] => [
    peerAuthentication('bank/b', strict, first),
    peerAuthentication('bank/a', mode('PERMISSIVE'), second),
  ];
  it('the oldest', () => {
    expect(plaintext(two(created(1), created(2)))[0]).toBe(statics);
    expect(plaintext(two(created(2), created(1)))[0]).toBe('allowed');
  });
  it('of one age any may be taken', () => {
    const decision = connect(townWith(two(created(1), created(1))), { from: 'plaintext' });
    expect(decision).toMatchObject({ verdict: 'unknown', missing: [{ key: 'creation-time' }] });
    expect(decision.missing[0]?.text).toContain('a, b');
  });
  it('of one age and one content it does not matter', () => {
    const same = [peerAuthentication('bank/b', strict), peerAuthentication('bank/a', strict)];
    expect(plaintext(same)[0]).toBe(statics);
  });
  it('does not matter to those who have an identity', () => {
    expect(outcome(connect(townWith(two(created(1), created(1)))))).toBe('allowed');
  });
});
