import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { created, deployment, object, peerAuthentication } from '../manifests.js';
import { ask, decide, meshConfig, rule, sidecar, tls, town } from './ask.js';
import type { Question } from './ask.js';

const partial: Question = { options: { scope: 'partial', stored: false } };
const off = tls({ mode: 'DISABLE' });

function lacks(objects: readonly JsonObject[], question: Question = partial): readonly string[] {
  const decision = decide(objects, question);
  return decision.known ? [] : decision.missing.map(({ key }) => key);
}

describe('a partial input', () => {
  it('knows what a rule of the input says', () => {
    expect(ask([rule('pay/r', off)], partial).tls).toBe('none');
  });

  it('lacks the mesh configuration where no rule speaks of TLS', () => {
    expect(lacks([])).toEqual(['mesh-config']);
  });

  it('lacks the mesh-wide mode where nothing sets one', () => {
    expect(lacks([meshConfig({})])).toEqual(['mesh-wide-peer-authentication']);
    const strict = peerAuthentication('istio-system/p', { mtls: { mode: 'STRICT' } });
    expect(ask([meshConfig({}), strict], partial)).toMatchObject({ effective: 'mutual-istio' });
  });

  it('lacks hosts that it does not declare', () => {
    expect(lacks([], { ...partial, host: 'elsewhere.pay.svc.cluster.local' })).toEqual(['service']);
    expect(ask([], { host: 'elsewhere.pay.svc.cluster.local' }).tls).toBe('absent');
  });

  it('cannot tell which of several rules without age is the youngest', () => {
    const rules = [rule('pay/a', { ...off, exportTo: ['web'] }), rule('pay/b', off)];
    expect(lacks(rules)).toEqual(['creation-time']);
    const dated = [rule('pay/a', { ...off, exportTo: ['web'] }, created(1)), rule('pay/b', off, created(2))];
    expect(lacks(dated)).toEqual([]);
  });

  it('does not know the endpoints of a Service whose workloads are elsewhere', () => {
    const strict = peerAuthentication('istio-system/p', { mtls: { mode: 'STRICT' } });
    const base = town.filter((one) => !JSON.stringify(one).includes('"serviceAccountName":"ledger"'));
    const value = ask([meshConfig({}), strict], { ...partial, base });
    expect(value).toMatchObject({ tls: 'mutual-istio-auto', effective: 'unknown' });
    expect(value.missing.map(({ key }) => key)).toEqual(['workloads']);
  });

  it('does not know a client whose enrolment it does not show', () => {
    const base = town.filter((one) => one['kind'] !== 'Namespace');
    expect(lacks([], { ...partial, base })).toContain('namespace-labels');
  });

  it('is not sure where two Sidecars without age disagree, and sure where they agree', () => {
    const closed = sidecar('web/a', { egress: [{ hosts: ['./*'] }] });
    const open = sidecar('web/b', { egress: [{ hosts: ['*/*'] }] });
    expect(lacks([closed, open, rule('pay/r', off)])).toEqual(['creation-time']);
    const twin = sidecar('web/b', { egress: [{ hosts: ['./*'] }] });
    expect(ask([closed, twin], partial).tls).toBe('absent');
  });
});

describe('disputed objects', () => {
  it('a rule of which two forms are in the input', () => {
    const objects = [rule('pay/r', off), rule('pay/r', tls({ mode: 'SIMPLE' }))];
    expect(lacks(objects, {})).toEqual(['contested']);
  });

  it('a rule for another revision does not count', () => {
    const labelled = rule('pay/r', off, { labels: { 'istio.io/rev': 'canary' } });
    expect(ask([labelled]).tls).toBe('mutual-istio-auto');
  });

  it('proxies that have no clusters of this kind', () => {
    const client = deployment('web/grpc', { annotations: { 'inject.istio.io/templates': 'grpc-agent' } });
    expect(lacks([client], { client: 'web/Deployment/grpc' })).toEqual(['client-proxy']);
  });

  it('a gateway that istiod sends only what its routes need', () => {
    const gate = deployment('web/gate', { annotations: { 'inject.istio.io/templates': 'gateway' } });
    const env = [{ name: 'PILOT_FILTER_GATEWAY_CLUSTER_CONFIG', value: 'true' }];
    const istiod = object('apps/v1/Deployment', 'istio-system/istiod', {
      template: {
        metadata: { labels: { app: 'istiod' } },
        spec: { containers: [{ name: 'discovery', image: 'x:1', env }] },
      },
    });
    expect(lacks([gate, istiod], { client: 'web/Deployment/gate' })).toEqual(['gateway-clusters']);
  });

  it('names out of Object.prototype are ordinary names', () => {
    const spec = { subsets: [{ name: '__proto__', labels: { constructor: 'x' } }] };
    expect(ask([rule('pay/r', spec)], { subset: '__proto__' }).effective).toBe('no-endpoints');
    expect(ask([], { host: 'constructor' }).tls).toBe('absent');
    expect(ask([rule('pay/r', { ...off, exportTo: ['toString'] })]).destinationRules).toEqual([]);
  });
});
