import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { Scope } from '#mesh/mesh.js';
import { ask } from '#posture/can/ask.js';
import { decideAccess } from '#posture/can/decide-access.js';
import type { Outcome, Question } from '#posture/can/question.js';
import { deployment, namespace, object, policiesOf } from '../../policy/manifests.js';

const injected = { 'istio-injection': 'enabled' };
const ambient = { 'istio.io/dataplane-mode': 'ambient' };
const http = { method: 'GET', path: '/', headers: {} };

const base: readonly JsonObject[] = [
  namespace('payments', injected),
  namespace('ledger', injected),
  namespace('legacy'),
  namespace('mist', ambient),
  deployment('payments/checkout', { spec: { serviceAccountName: 'till' } }),
  deployment('legacy/cron'),
  deployment('ledger/api', { ports: [{ containerPort: 8080 }] }),
  deployment('mist/db', { ports: [{ containerPort: 5432 }] }),
  object('v1/Service', 'ledger/api', {
    selector: { app: 'api' },
    ports: [{ name: 'http', port: 80, targetPort: 8080 }],
  }),
  object('v1/Service', 'mist/db', { selector: { app: 'db' }, ports: [{ name: 'tcp', port: 5432 }] }),
];

const peers = (mode: string, place = 'ledger/default') =>
  object('security.istio.io/v1/PeerAuthentication', place, { mtls: { mode } });
const allow = (place: string, principal: string) =>
  object('security.istio.io/v1/AuthorizationPolicy', place, {
    rules: [{ from: [{ source: { principals: [principal] } }] }],
  });
const till = 'cluster.local/ns/payments/sa/till';

function outcomes(
  more: readonly JsonObject[],
  question: Omit<Question, 'http'> & Pick<Partial<Question>, 'http'>,
  scope: Scope = 'complete',
): readonly Outcome[] {
  const found = ask(policiesOf([...base, ...more], { scope }), { http, ...question });
  if ('problem' in found) throw new Error(found.problem);
  return found;
}

const verdicts = (...args: Parameters<typeof outcomes>): readonly string[] =>
  outcomes(...args).map(({ decision }) => `${decision.verdict} ${decision.stage ?? ''}`.trim());

describe('whether a request is let in', () => {
  const to = 'ledger/api:80';
  it.each<[string, readonly JsonObject[], string, string]>([
    ['a workload by its account', [allow('ledger/till', till)], 'payments/checkout', 'allowed'],
    ['an account by its name', [allow('ledger/till', till)], 'payments/sa/till', 'allowed'],
    ['another account', [allow('ledger/till', till)], 'payments/sa/other', 'denied authorization'],
    // A pod without sidecar has no certificate, whatever its account.
    ['a workload outside the mesh', [allow('ledger/cron', '*')], 'legacy/cron', 'denied authorization'],
    ['nobody to STRICT', [peers('STRICT')], '-', 'denied transport'],
    ['a workload outside the mesh to STRICT', [peers('STRICT')], 'legacy/cron', 'denied transport'],
    ['nobody to PERMISSIVE', [], 'outside', 'allowed'],
    // Auto mTLS sends plaintext to a port that does not take mutual TLS.
    ['a sidecar to DISABLE', [peers('DISABLE')], 'payments/checkout', 'allowed'],
    [
      'an identity to DISABLE',
      [peers('DISABLE'), allow('ledger/till', till)],
      'payments/checkout',
      'denied authorization',
    ],
  ])('%s', (_, more, from, expected) => {
    expect(verdicts(more, { from, to })).toEqual([expected]);
  });

  it('as the DestinationRule that the caller uses says', () => {
    const rule = (tls: JsonObject) =>
      object('networking.istio.io/v1/DestinationRule', 'ledger/api', {
        host: 'api.ledger.svc.cluster.local',
        trafficPolicy: { tls },
      });
    const question = { from: 'payments/checkout', to };
    expect(verdicts([peers('STRICT'), rule({ mode: 'DISABLE' })], question)).toEqual(['denied transport']);
    expect(verdicts([peers('STRICT'), rule({ mode: 'SIMPLE' })], question)).toEqual(['denied transport']);
    expect(verdicts([peers('STRICT'), rule({ mode: 'ISTIO_MUTUAL' })], question)).toEqual(['allowed']);
    // Whose certificate it is decides, and nothing in the input tells.
    const mutual = rule({
      mode: 'MUTUAL',
      clientCertificate: '/c.pem',
      privateKey: '/k.pem',
      caCertificates: '/ca.pem',
    });
    expect(verdicts([peers('STRICT'), mutual], question)).toEqual(['unknown']);
  });

  it("not past the caller's own proxy, where that knows no such destination and lets nothing else out", () => {
    const sidecar = object('networking.istio.io/v1/Sidecar', 'payments/default', {
      egress: [{ hosts: ['./*'] }],
      outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
    });
    const [outcome] = outcomes([sidecar], { from: 'payments/checkout', to });
    expect(outcome?.decision).toMatchObject({ verdict: 'denied', stage: 'transport' });
    expect(outcome?.connection).toMatch(/REGISTRY_ONLY/);
  });

  it('without TLS when told so', () => {
    expect(verdicts([peers('STRICT')], { from: 'payments/checkout', to, plaintext: true })).toEqual([
      'denied transport',
    ]);
  });

  it('in ambient mode, as ztunnel decides', () => {
    const policy = object('security.istio.io/v1/AuthorizationPolicy', 'mist/till', {
      rules: [{ from: [{ source: { principals: [till] } }] }],
    });
    expect(verdicts([policy], { from: 'payments/sa/till', to: 'mist/db:5432' })).toEqual(['allowed']);
    expect(verdicts([policy], { from: '-', to: 'mist/db:5432' })).toEqual(['denied authorization']);
  });

  it('with the Host and the server name that clients send', () => {
    const [outcome] = outcomes([], { from: 'payments/checkout', to });
    expect(outcome?.request).toMatchObject({
      http: { host: 'api.ledger' },
      sni: 'outbound_.80_._.api.ledger.svc.cluster.local',
    });
    const [other] = outcomes([], { from: 'payments/sa/till', to: 'mist/db:5432' });
    expect(other?.request.http?.host).toBe('db.mist:5432');
  });

  it('is unknown where the caller may or may not have an identity, and that decides', () => {
    const objects = [deployment('dim/caller')];
    const question = { from: 'dim/caller', to };
    const [closed] = outcomes([...objects, peers('STRICT')], question, 'partial');
    expect(closed?.decision).toMatchObject({ verdict: 'unknown', by: undefined });
    expect(closed?.decision.missing.map(({ key }) => key)).toContain('namespace-labels');
    const nobody = object('security.istio.io/v1/AuthorizationPolicy', 'ledger/nobody', {
      action: 'DENY',
      rules: [{}],
    });
    expect(verdicts([...objects, nobody], question, 'partial')).toEqual(['denied authorization']);
  });

  it('is refused for names that mean nothing', () => {
    const policies = policiesOf(base);
    expect(ask(policies, { from: 'payments/chekout', to, http })).toMatchObject({
      problem: 'the input holds no workload payments/chekout',
      candidates: expect.arrayContaining(['payments/checkout']) as unknown,
    });
    expect(ask(policies, { from: 'checkout', to, http })).toMatchObject({
      problem: '"checkout" names no caller',
    });
  });
});

describe('waypoints', () => {
  const waypoint = { 'istio.io/use-waypoint': 'way' };
  const question = { from: 'payments/sa/till', to: 'veiled/db:80' };
  const veiled = (space: Record<string, string>, service: Record<string, string> = {}) => [
    namespace('veiled', { ...ambient, ...space }),
    namespace('istio-system'),
    deployment('veiled/db', { ports: [{ containerPort: 8080 }] }),
    deployment('veiled/guest'),
    object('gateway.networking.k8s.io/v1/Gateway', 'veiled/way', {
      gatewayClassName: 'istio-waypoint',
      listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
    }),
    object('security.istio.io/v1/AuthorizationPolicy', 'veiled/read', {
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'way' }],
      rules: [{ to: [{ operation: { methods: ['GET'] } }] }],
    }),
    object(
      'v1/Service',
      'veiled/db',
      { selector: { app: 'db' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
      { labels: service },
    ),
  ];
  const post = { http: { ...http, method: 'POST' } };

  it('decide for clients whose ztunnel sends to them', () => {
    const mesh = veiled(waypoint);
    const guest = { ...question, from: 'veiled/guest' };
    expect(verdicts(mesh, guest)).toEqual(['allowed']);
    const [denied] = outcomes(mesh, { ...guest, ...post });
    expect(denied?.decision).toMatchObject({ verdict: 'denied', stage: 'authorization' });
    expect(denied?.decision.chain.map(({ proxy, stage }) => `${proxy}: ${stage}`)).toEqual([
      'waypoint veiled/way: waypoint',
      'waypoint veiled/way: transport',
      'waypoint veiled/way: default',
    ]);
    expect(outcomes(mesh, guest)[0]?.decision.chain.at(-1)?.proxy).toBe('workload veiled/Deployment/db');
  });

  it('are passed by sidecars, so that accounts without a known proxy stay open', () => {
    const mesh = veiled(waypoint);
    expect(verdicts(mesh, { ...question, from: 'payments/checkout', ...post })).toEqual(['allowed']);
    expect(verdicts(mesh, question)).toEqual(['allowed']);
    const [open] = outcomes(mesh, { ...question, ...post });
    expect(open?.decision).toMatchObject({ verdict: 'unknown', missing: [{ key: 'client-proxy' }] });
  });

  it('are the Service’s when it says so, and none where it opts out', () => {
    const guest = { ...question, from: 'veiled/guest', ...post };
    expect(verdicts(veiled({}, waypoint), guest)).toEqual(['denied authorization']);
    expect(verdicts(veiled(waypoint, { 'istio.io/use-waypoint': 'none' }), guest)).toEqual(['allowed']);
  });

  it('do not stand before clients outside', () => {
    expect(verdicts(veiled(waypoint), { ...question, from: '-', ...post })).toEqual(['allowed']);
  });

  it('are let in by policies that istiod makes where it is told to', () => {
    const only = object('security.istio.io/v1/AuthorizationPolicy', 'veiled/only-till', {
      selector: { matchLabels: { app: 'db' } },
      rules: [{ from: [{ source: { principals: [till] } }] }],
    });
    const istiod = deployment('istio-system/istiod', {
      labels: { istio: 'pilot' },
      spec: {
        containers: [
          {
            name: 'discovery',
            image: 'istio/pilot:1.30.0',
            env: [{ name: 'PILOT_AUTO_ALLOW_WAYPOINT_POLICY', value: 'true' }],
          },
        ],
      },
    });
    const guest = { ...question, from: 'veiled/guest' };
    expect(verdicts([...veiled(waypoint), only], guest)).toEqual(['denied authorization']);
    expect(verdicts([...veiled(waypoint), only, istiod], guest)).toEqual(['allowed']);
  });
});

describe('ztunnel', () => {
  // TrustDomainVerifier in ztunnel's src/tls/workload.rs
  it('takes no client of another trust domain, aliases included', () => {
    const policies = policiesOf(base, { scope: 'complete' });
    const to = { namespace: 'mist', workload: 'Deployment/db', port: 5432 };
    const client = (trustDomain: string | undefined) =>
      ({ kind: 'mesh', namespace: 'payments', serviceAccount: 'till', trustDomain }) as const;
    const verdictOf = (trustDomain: string | undefined) => {
      const request = { id: undefined, from: client(trustDomain), ip: undefined, to, sni: undefined };
      const { verdict, stage } = decideAccess(policies, { ...request, http: undefined, tokens: [] });
      return `${verdict} ${stage ?? ''}`.trim();
    };
    expect(verdictOf(undefined)).toBe('allowed');
    expect(verdictOf('cluster.local')).toBe('allowed');
    expect(verdictOf('other.example')).toBe('denied transport');
  });
});
