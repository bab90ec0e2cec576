import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { Decision } from '#policy/decision.js';
import type { MtlsMode } from '#policy/policies.js';
import type { MeshOfOptions } from '../mesh/mesh-of.js';
import { created, deployment, namespace, peerAuthentication, policiesOf, workload } from './manifests.js';

const shop = namespace('shop', { 'istio.io/dataplane-mode': 'ambient' });
const mode = (value: string): JsonObject => ({ mtls: { mode: value } });
const empty = { selector: {} };

function decide(
  policies: readonly JsonObject[],
  port: number | '*',
  options: MeshOfOptions = {},
): Decision<MtlsMode> {
  const decisions = policiesOf([shop, deployment('shop/web'), ...policies], options);
  return decisions.peerMtls(workload(decisions.mesh, 'shop/Deployment/web'), port);
}

/** Modes of port 8080, port 9090 and any other port. */
function modes(policies: readonly JsonObject[], options: MeshOfOptions = {}): string {
  return ([8080, 9090, '*'] as const)
    .map((port) => decide(policies, port, options))
    .map((decision) => (decision.known ? decision.value[0] : '?'))
    .join(' ');
}

const root = (spec: JsonObject, metadata: JsonObject = {}): JsonObject =>
  peerAuthentication('istio-system/default', spec, metadata);
const wide = (spec: JsonObject, metadata: JsonObject = {}): JsonObject =>
  peerAuthentication('shop/wide', spec, metadata);
const own = (spec: JsonObject, ports: Readonly<Record<number, string>> = {}): JsonObject =>
  peerAuthentication('shop/own', {
    selector: { matchLabels: { app: 'web' } },
    ...spec,
    portLevelMtls: Object.fromEntries(Object.entries(ports).map(([port, value]) => [port, { mode: value }])),
  });

describe('what ztunnel enforces (pilot/pkg/serviceregistry/ambient/authorization.go)', () => {
  const table: readonly [string, readonly JsonObject[], string][] = [
    ['nothing', [], 'P P P'],
    ['mesh-wide', [root(mode('STRICT'))], 'S S S'],
    ['the namespace overrides', [root(mode('STRICT')), wide(mode('PERMISSIVE'))], 'P P P'],
    ['an unset namespace inherits', [root(mode('STRICT')), wide({ mtls: {} })], 'S S S'],
    ['DISABLE is read as PERMISSIVE', [root(mode('STRICT')), wide(mode('DISABLE'))], 'P P P'],
    ['the workload overrides', [wide(mode('PERMISSIVE')), own(mode('STRICT'))], 'S S S'],
    ['STRICT port on PERMISSIVE', [own(mode('PERMISSIVE'), { 8080: 'STRICT' })], 'S P P'],
    ['PERMISSIVE port on STRICT', [own(mode('STRICT'), { 8080: 'PERMISSIVE' })], 'P S S'],
    ['DISABLE port on STRICT', [own(mode('STRICT'), { 8080: 'DISABLE' })], 'P S S'],
    ['two exceptions', [own(mode('STRICT'), { 8080: 'PERMISSIVE', 9090: 'DISABLE' })], 'P P S'],
    [
      'mode unset, mesh STRICT, PERMISSIVE port',
      [root(mode('STRICT')), own({}, { 8080: 'PERMISSIVE' })],
      'P S S',
    ],
    ['mode unset, nothing wider, STRICT port', [own({}, { 8080: 'STRICT' })], 'S P P'],
  ];
  it.each(table)('%s', (_title, policies, expected) => {
    expect(modes(policies)).toBe(expected);
  });
});

describe('where istiod’s conversion differs from what a sidecar does', () => {
  const table: readonly [string, readonly JsonObject[], string][] = [
    [
      'a DISABLE port under an inherited STRICT is ignored',
      [root(mode('STRICT')), own({}, { 8080: 'DISABLE' })],
      'S S S',
    ],
    [
      'unless there is a PERMISSIVE port as well',
      [root(mode('STRICT')), own({}, { 8080: 'DISABLE', 9090: 'PERMISSIVE' })],
      'P P S',
    ],
    [
      'an unset namespace policy between loses STRICT on all ports',
      [root(mode('STRICT')), wide({}), own({}, { 8080: 'PERMISSIVE' })],
      'P P P',
    ],
    ['`selector: {}` in the root namespace is not read', [root({ ...mode('STRICT'), ...empty })], 'P P P'],
    ['elsewhere it counts', [wide({ ...mode('STRICT'), ...empty })], 'S S S'],
    [
      'but not for port exceptions: STRICT lost on all ports',
      [wide({ ...mode('STRICT'), ...empty }), own({}, { 8080: 'PERMISSIVE' })],
      'P P P',
    ],
    [
      'and a PERMISSIVE namespace turns STRICT beside exceptions',
      [
        root(mode('STRICT')),
        wide({ ...mode('PERMISSIVE'), ...empty }),
        own({}, { 8080: 'PERMISSIVE', 9090: 'STRICT' }),
      ],
      'P S S',
    ],
    [
      'a STRICT port of a PERMISSIVE workload is lost under a STRICT mesh',
      [root(mode('STRICT')), own(mode('PERMISSIVE'), { 8080: 'STRICT' })],
      'P P P',
    ],
    [
      'an older `selector: {}` does not stand before a younger policy without selector',
      [
        root({ ...mode('PERMISSIVE'), ...empty }, created(1)),
        peerAuthentication('istio-system/b', mode('STRICT'), created(2)),
      ],
      'S S S',
    ],
  ];
  it.each(table)('%s', (_title, policies, expected) => {
    expect(modes(policies)).toBe(expected);
  });

  it('says so where enforcement is lost', () => {
    const decision = decide([root(mode('STRICT')), wide({}), own({}, { 8080: 'PERMISSIVE' })], '*');
    expect(decision.considered.map(({ note }) => note)).toContainEqual(
      expect.stringContaining('does not build'),
    );
  });
});

describe('partial input', () => {
  const partial: MeshOfOptions = { scope: 'partial' };
  it('nothing found', () => {
    expect(decide([], '*', partial)).toMatchObject({ missing: [{ key: 'mesh-wide-peer-authentication' }] });
  });
  it('decided whatever the mesh-wide policy says', () => {
    expect(modes([wide(mode('STRICT'))], partial)).toBe('S S S');
    expect(modes([own({}, { 8080: 'PERMISSIVE' })], partial)).toBe('P ? ?');
    expect(modes([own({}, { 8080: 'DISABLE' })], partial)).toBe('? ? ?');
  });
});
