import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { waypointPolicy } from '#policy/ambient/waypoint-policy.js';
import { deployment, namespace, object } from '../manifests.js';
import { authorization, connect, istiod, outcome, townWith } from './connect.js';

const everything: JsonObject = { rules: [{}] };
const denyAll: JsonObject = { action: 'DENY', ...everything };
const fromNamespaces = (...namespaces: readonly string[]): JsonObject => ({
  rules: [{ from: [{ source: { namespaces } }] }],
});

const callees = ['bank/till', 'bank/vault', 'mall/kiosk'] as const;

/** What becomes of connections to the three workloads. */
function everywhere(objects: readonly JsonObject[]): readonly string[] {
  const policies = townWith(objects);
  return callees.map((to) => outcome(connect(policies, { to })));
}

// assert_rbac in ztunnel's src/state.rs.
describe('the order of policies', () => {
  it('nothing applies: allowed, plaintext too', () => {
    expect(outcome(connect(townWith([])))).toBe('allowed');
    expect(outcome(connect(townWith([]), { from: 'plaintext' }))).toBe('allowed');
  });

  it('DENY before ALLOW, in whichever namespace', () => {
    const wide = authorization('istio-system/z', denyAll);
    expect(everywhere([authorization('bank/a', everything), wide])).toEqual(
      callees.map(() => 'denied istio-system/z'),
    );
  });

  it('ALLOW policies are pooled; what matches none is denied by none', () => {
    const pool = [
      authorization('bank/b', fromNamespaces('mall')),
      authorization('bank/a', fromNamespaces('bank')),
    ];
    const policies = townWith(pool);
    expect(outcome(connect(policies))).toBe('allowed bank/b');
    expect(outcome(connect(policies, { from: 'bank/till' }))).toBe('allowed bank/a');
    expect(outcome(connect(policies, { from: 'shop/web' }))).toBe('denied');
  });

  it('of several that match the first by name is told', () => {
    const policies = townWith([authorization('bank/b', denyAll), authorization('bank/a-2', denyAll)]);
    expect(outcome(connect(policies))).toBe('denied bank/a-2');
  });

  it('an ALLOW without rules matches nothing and counts; a DENY without rules does nothing', () => {
    for (const spec of [{}, { rules: [] }, { action: 'ALLOW' }])
      expect(outcome(connect(townWith([authorization('bank/a', spec)])))).toBe('denied');
    expect(outcome(connect(townWith([authorization('bank/a', { action: 'DENY' })])))).toBe('allowed');
  });
});

// convertAuthorizationPolicy in pilot/pkg/serviceregistry/ambient/authorization.go; buildWorkloadPolicies in workloads.go.
describe('where a policy applies', () => {
  const untouched = ['allowed', 'allowed', 'allowed'];
  const core = { matchLabels: { tier: 'core' } };
  it.each<readonly [string, string, JsonObject, readonly string[]]>([
    ['its namespace', 'bank/p', {}, ['denied bank/p', 'denied bank/p', 'allowed']],
    ['the mesh', 'istio-system/p', {}, callees.map(() => 'denied istio-system/p')],
    ['the workloads it selects', 'bank/p', { selector: core }, ['allowed', 'denied bank/p', 'allowed']],
    [
      'a selector of the root namespace, all namespaces',
      'istio-system/p',
      { selector: { matchLabels: { app: 'kiosk' } } },
      ['allowed', 'allowed', 'denied istio-system/p'],
    ],
    ['an empty selector: nowhere', 'bank/p', { selector: {} }, untouched],
    ['empty matchLabels: nowhere', 'istio-system/p', { selector: { matchLabels: {} } }, untouched],
    [
      'targetRefs: not at ztunnel',
      'bank/p',
      { targetRefs: [{ kind: 'Service', group: '', name: 'till' }] },
      untouched,
    ],
    [
      'targetRef: not at ztunnel',
      'bank/p',
      { targetRef: { kind: 'Gateway', group: 'gateway.networking.k8s.io', name: 'waypoint' } },
      untouched,
    ],
  ])('%s', (_title, place, spec, expected) => {
    expect(everywhere([authorization(place, { ...denyAll, ...spec })])).toEqual(expected);
  });

  it('a pod of a gateway is a pod like any other', () => {
    const labels = { 'gateway.networking.k8s.io/gateway-name': 'gate' };
    const gate = deployment('bank/gate', { labels });
    const flag = istiod({ ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY: 'false' });
    const policy = authorization('bank/p', { ...denyAll, selector: { matchLabels: { app: 'gate' } } });
    const policies = townWith([gate, flag, policy]);
    expect(outcome(connect(policies, { to: 'bank/gate' }))).toBe('denied bank/p');
  });

  it('AUDIT and CUSTOM are not sent', () => {
    const provider = { name: 'opa' };
    for (const spec of [{ action: 'AUDIT' }, { action: 'CUSTOM', provider }])
      expect(outcome(connect(townWith([authorization('bank/p', { ...everything, ...spec })])))).toBe(
        'allowed',
      );
  });

  it('a policy of another revision is not read', () => {
    const metadata = { name: 'p', namespace: 'bank', labels: { 'istio.io/rev': 'canary' } };
    const policy = { ...authorization('bank/p', denyAll), metadata };
    expect(outcome(connect(townWith([istiod({}), policy])))).toBe('allowed');
  });
});

// EnableWdsDryRunAuthzPol in pilot/pkg/features/ambient.go.
describe('dry run', () => {
  const dry = authorization('bank/p', denyAll, { 'istio.io/dry-run': 'true' });
  it('is not sent', () => {
    expect(connect(townWith([dry]))).toMatchObject({ verdict: 'allowed', dryRun: [] });
  });
  it('is logged where istiod is told to send it', () => {
    const env = { AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY: 'true' };
    const logged = (version: string): readonly string[] =>
      connect(townWith([istiod(env, version), dry])).dryRun;
    expect([logged('1.29.0'), logged('1.28.4')]).toEqual([['bank/p'], []]);
    expect(outcome(connect(townWith([istiod(env), dry])))).toBe('allowed');
  });
  it('is enforced when the annotation is no truth of Go', () => {
    for (const value of ['false', 'yes', ''])
      expect(
        outcome(connect(townWith([authorization('bank/p', denyAll, { 'istio.io/dry-run': value })]))),
      ).toBe('denied bank/p');
  });
});

describe('the chain', () => {
  it('points at the rule that denied', () => {
    const rules = [{ to: [{ operation: { ports: ['1'] } }] }, {}];
    const { by, chain, stage } = connect(townWith([authorization('bank/p', { action: 'DENY', rules })]));
    expect(by).toMatchObject({ policy: 'bank/p', rule: 1, at: { path: ['spec', 'rules', 1] } });
    expect(chain.at(-1)).toMatchObject({ stage: 'deny', outcome: 'denied' });
    expect(stage).toBe('authorization');
  });

  it('points at the rule that allowed, and at the policies that did not', () => {
    const policies = townWith([authorization('bank/p', fromNamespaces('mall'))]);
    expect(connect(policies).chain.at(-1)).toMatchObject({
      stage: 'allow',
      at: { path: ['spec', 'rules', 0] },
    });
    const refused = connect(policies, { from: 'plaintext' });
    expect(refused.chain.at(-1)).toMatchObject({ stage: 'default', at: { resource: { name: 'p' } } });
  });
});

describe('who is asked', () => {
  it('a pod that opts out has no ztunnel before it', () => {
    const out = deployment('bank/out', { labels: { 'istio.io/dataplane-mode': 'none' } });
    const decision = connect(townWith([out, authorization('bank/p', denyAll)]), { to: 'bank/out' });
    expect(decision.verdict).toBe('allowed');
    expect(decision.chain.at(-1)?.note).toContain('no ztunnel');
  });

  it('a pod with a sidecar is not ztunnel’s', () => {
    const car = [namespace('shop', { 'istio-injection': 'enabled' }), deployment('shop/car')];
    expect(connect(townWith(car), { to: 'shop/car' })).toMatchObject({ missing: [{ key: 'data-plane' }] });
  });

  it('a workload that does not exist', () => {
    expect(connect(townWith([]), { to: 'bank/none' })).toMatchObject({ missing: [{ key: 'workload' }] });
  });

  it('a waypoint is a client like any other, and may be let in by a policy of its own', () => {
    const strict = authorization('bank/p', fromNamespaces('bank'));
    const waypoint = { namespace: 'mall', name: 'gate', serviceAccounts: ['gate'] };
    const closed = townWith([strict]);
    expect(waypointPolicy(closed.mesh, waypoint)).toBeUndefined();
    expect(outcome(connect(closed, { from: 'mall/gate' }))).toBe('denied');
    const open = townWith([strict, istiod({ PILOT_AUTO_ALLOW_WAYPOINT_POLICY: 'true' })]);
    const policy = waypointPolicy(open.mesh, waypoint);
    const options = { additional: policy === undefined ? [] : [policy] };
    expect(outcome(connect(open, { from: 'mall/gate' }, options))).toBe(
      'allowed mall/istio_allow_waypoint_mall_gate',
    );
    expect(outcome(connect(open, { from: 'mall/kiosk' }, options))).toBe('denied');
    expect(waypointPolicy(open.mesh, { ...waypoint, serviceAccounts: [] })).toBeUndefined();
  });
});

describe('what the input does not hold', () => {
  const partial = { scope: 'partial' } as const;
  const keys = ({ missing }: ReturnType<typeof connect>): readonly string[] => missing.map(({ key }) => key);

  it('an address that a rule asks for', () => {
    const spec = { rules: [{ from: [{ source: { ipBlocks: ['10.0.0.0/8'] } }] }] };
    const policies = townWith([authorization('bank/p', spec)]);
    expect(connect(policies, { ip: undefined })).toMatchObject({ verdict: 'unknown', policy: undefined });
    expect(keys(connect(policies, { ip: undefined }))).toEqual(['request']);
  });

  it('policies elsewhere may deny, and only a DENY is certain', () => {
    const allowed = connect(townWith([authorization('bank/p', everything)], partial));
    expect([allowed.verdict, ...keys(allowed)]).toContain('authorization-policies');
    const denied = connect(townWith([authorization('bank/p', denyAll)], partial));
    expect(outcome(denied)).toBe('denied bank/p');
  });

  it('a mesh-wide PeerAuthentication elsewhere may ask for an identity', () => {
    expect(keys(connect(townWith([], partial), { from: 'plaintext' }))).toContain(
      'mesh-wide-peer-authentication',
    );
    expect(keys(connect(townWith([], partial)))).not.toContain('mesh-wide-peer-authentication');
  });

  it('of two policies of one name either may be the one', () => {
    const other = object('security.istio.io/v1/AuthorizationPolicy', 'bank/p', fromNamespaces('bank'));
    const decision = connect(townWith([authorization('bank/p', denyAll), other], partial));
    expect([decision.verdict, ...keys(decision)]).toContain('contested');
  });
});
