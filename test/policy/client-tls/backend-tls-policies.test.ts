import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { created, object } from '../manifests.js';
import { ask, entry, kinds, rule, rulesUsed, tls } from './ask.js';

const service = { group: '', kind: 'Service', name: 'ledger' };
const system = { hostname: 'ledger.example', wellKnownCACertificates: 'System' };

function policy(name: string, spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  return object(
    'gateway.networking.k8s.io/v1/BackendTLSPolicy',
    `pay/${name}`,
    { targetRefs: [service], validation: system, ...spec },
    metadata,
  );
}

const everybody = 'mutual-istio-auto → mutual-istio';

// DestinationRuleCollection and BackendTLSPolicyCollection in pilot/pkg/config/kube/gateway/backend_policies.go
describe('BackendTLSPolicy', () => {
  it('makes clients originate one-way TLS with its name', () => {
    expect(ask([policy('p')])).toMatchObject({
      tls: 'simple',
      sni: 'ledger.example',
      ca: 'file-root:system',
      checksName: 'no',
    });
  });

  it('names are checked where it lists some', () => {
    const subjectAltNames = [
      { type: 'Hostname', hostname: 'a.example' },
      { type: 'URI', uri: 'spiffe://x' },
    ];
    const value = ask([policy('p', { validation: { ...system, subjectAltNames } })]);
    expect(value).toMatchObject({ subjectAltNames: ['a.example', 'spiffe://x'], checksName: 'list' });
  });

  it('for one port of the Service by name', () => {
    const objects = [policy('p', { targetRefs: [{ ...service, sectionName: 'tcp' }] })];
    expect(kinds(objects)).toBe(everybody);
    expect(kinds(objects, { port: 90 })).toBe('simple');
  });

  it('for hosts of a ServiceEntry', () => {
    const targetRefs = [{ group: 'networking.istio.io', kind: 'ServiceEntry', name: 'e' }];
    const outside = entry('pay/e', { hosts: ['api.example'], resolution: 'DNS' });
    expect(kinds([outside, policy('p', { targetRefs })], { host: 'api.example' })).toBe('simple');
  });

  it.each<readonly [string, JsonObject, JsonObject]>([
    ['a target that does not exist', { targetRefs: [{ ...service, name: 'nobody' }] }, {}],
    ['a port that does not exist', { targetRefs: [{ ...service, sectionName: 'x' }] }, {}],
    ['an unknown kind', { targetRefs: [{ ...service, kind: 'Pod' }] }, {}],
    ['told to ignore it', {}, { annotations: { 'istio.io/ignore-policy-attachment': 'true' } }],
  ])('without effect: %s', (_, spec, metadata) => {
    expect(kinds([policy('p', spec, metadata)])).toBe(everybody);
  });

  const trusted = (name: string): JsonObject => ({
    validation: { hostname: 'x', caCertificateRefs: [{ group: '', kind: 'ConfigMap', name }] },
  });
  it('takes the CA from a ConfigMap', () => {
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'ca', namespace: 'pay' },
      data: { 'ca.crt': 'x' },
    };
    expect(ask([map, policy('p', trusted('ca'))]).ca).toBe('configmap://pay/ca-cacert');
  });

  it('with a CA that is not there leaves sidecars in plaintext', () => {
    const value = ask([policy('p', trusted('gone'))]);
    expect(value.tls).toBe('none');
    expect(value.downgrade).toContain('credentialName');
  });

  it('of several for one target the oldest counts', () => {
    const young = policy('a', { validation: { ...system, hostname: 'young' } }, created(2));
    expect(ask([young, policy('b', {}, created(1))]).sni).toBe('ledger.example');
  });

  it("fills what a user's rule for the host leaves open, and never more", () => {
    expect(kinds([policy('p'), rule('pay/r', tls({ mode: 'DISABLE' }), created(1))])).toBe('none');
    const open = rule('pay/r', { trafficPolicy: { connectionPool: {} } }, created(1));
    expect(kinds([policy('p'), open])).toBe('simple');
    expect(rulesUsed([policy('p'), open])).toBe('pay/p + pay/r');
  });
});
