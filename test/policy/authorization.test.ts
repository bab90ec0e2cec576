import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { authorizationOf } from '#policy/authorization.js';
import { known, unknown } from '#policy/decision.js';
import type { Decision } from '#policy/decision.js';
import type { Authorization, DataPlane, Enrolment } from '#policy/policies.js';
import { meshOf } from '../mesh/mesh-of.js';
import type { MeshOfOptions } from '../mesh/mesh-of.js';
import { asText, deployment, namespace, object, workload } from './manifests.js';

type Plane = DataPlane | 'unknown';

const on = (dataPlane: Plane, revision?: string): Decision<Enrolment> =>
  dataPlane === 'unknown'
    ? unknown([{ key: 'namespace-labels', text: 'labels of namespace shop' }])
    : known({ dataPlane, revision, reason: 'given' }, 'default');

interface Setting extends MeshOfOptions {
  readonly plane?: Plane;
  readonly revision?: string;
}

function decide(
  policies: readonly JsonObject[],
  { plane = 'sidecar', revision, ...options }: Setting = {},
): Decision<Authorization> {
  const mesh = meshOf(asText([namespace('shop'), deployment('shop/cart'), ...policies]), options);
  return authorizationOf(mesh, workload(mesh, 'shop/Deployment/cart'), on(plane, revision));
}

function summary(decision: Decision<Authorization>): unknown {
  if (!decision.known) return decision.missing.map(({ key }) => key);
  const { custom, audit, deny, allow, dryRun, defaultAction, allowsEverything } = decision.value;
  const names = Object.entries({ custom, audit, deny, allow, dryRun })
    .filter(([, list]) => list.length > 0)
    .map(([kind, list]) => `${kind}:${list.map(({ resource }) => resource.name).join(',')}`);
  return [
    ...names,
    defaultAction,
    ...(allowsEverything === undefined ? [] : [allowsEverything.path.join('.')]),
  ].join(' ');
}

const policy = (name: string, spec: JsonObject, metadata: JsonObject = {}): JsonObject =>
  object('security.istio.io/v1/AuthorizationPolicy', `shop/${name}`, spec, metadata);
const dryRun = { annotations: { 'istio.io/dry-run': 'true' } };
const pathRule = { to: [{ operation: { paths: ['/a'] } }] };

describe('authorization at a workload', () => {
  it.each<[string, readonly JsonObject[], Setting, unknown]>([
    ['nothing', [], {}, 'allow'],
    ['nothing, of a part of a cluster', [], { scope: 'partial' }, ['authorization-policies']],
    ['default deny', [policy('p', {})], { scope: 'partial' }, 'allow:p deny'],
    ['DENY only', [policy('p', { action: 'DENY', rules: [pathRule] })], {}, 'deny:p allow'],
    [
      'all actions',
      ['ALLOW', 'DENY', 'AUDIT', 'CUSTOM'].map((action) =>
        policy(action.toLowerCase(), { action, rules: [pathRule] }),
      ),
      {},
      'custom:custom audit:audit deny:deny allow:allow deny',
    ],
    ['an unknown action', [policy('p', { action: 'LOG' })], {}, 'allow'],
    ['an open rule', [policy('p', { rules: [pathRule, {}] })], {}, 'allow:p deny spec.rules.1'],
    [
      'any path',
      [policy('p', { rules: [{ to: [{ operation: { paths: ['/*'] } }] }] })],
      {},
      'allow:p deny spec.rules.0',
    ],
    ['an open rule in DENY', [policy('p', { action: 'DENY', rules: [{}] })], {}, 'deny:p allow'],
    ['dry run', [policy('p', { rules: [{}] }, dryRun)], {}, 'dryRun:p allow'],
    [
      'CUSTOM in dry run denies',
      [policy('p', { action: 'CUSTOM', rules: [{}] }, dryRun)],
      {},
      'custom:p allow',
    ],
    ['no proxy', [policy('p', {})], { plane: 'none' }, 'allow'],
    // pilot/pkg/serviceregistry/ambient/authorization.go
    [
      'ztunnel takes ALLOW and DENY',
      ['ALLOW', 'DENY', 'AUDIT', 'CUSTOM'].map((action) =>
        policy(action.toLowerCase(), { action, rules: [pathRule] }),
      ),
      { plane: 'ambient' },
      'deny:deny allow:allow deny',
    ],
    ['ztunnel and an empty selector', [policy('p', { selector: {} })], { plane: 'ambient' }, 'allow'],
    ['ztunnel and dry run', [policy('p', {}, dryRun)], { plane: 'ambient' }, 'allow'],
    ['a waypoint and a policy without references', [policy('p', {})], { plane: 'waypoint' }, 'allow:p deny'],
    ['unknown enrolment that makes no difference', [policy('p', {})], { plane: 'unknown' }, 'allow:p deny'],
    [
      'unknown enrolment that does',
      [policy('p', { selector: {} })],
      { plane: 'unknown' },
      ['namespace-labels'],
    ],
    // pkg/config/model.go, LabelsInRevision
    [
      'another revision',
      [policy('p', {}, { labels: { 'istio.io/rev': 'canary' } })],
      { revision: 'default' },
      'allow',
    ],
    [
      'the own revision',
      [policy('p', {}, { labels: { 'istio.io/rev': 'canary' } })],
      { revision: 'canary' },
      'allow:p deny',
    ],
    [
      'a revision that is not known',
      [policy('p', {}, { labels: { 'istio.io/rev': 'canary' } })],
      {},
      ['revision'],
    ],
  ])('%s', (_, policies, setting, expected) => {
    expect(summary(decide(policies, setting))).toEqual(expected);
  });

  it('points at the policy that denies by default', () => {
    const decision = decide([policy('d', { action: 'DENY', rules: [{}] }), policy('p', {})]);
    expect(decision).toMatchObject({ decidedBy: { resource: { name: 'p' }, path: ['spec'] } });
    expect(decision.considered.map(({ at, note }) => [at.resource.name, note])).toEqual([
      ['d', 'DENY, namespace-wide'],
      ['p', 'ALLOW, namespace-wide'],
    ]);
  });
});
