import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { deployment, namespace, object } from '../manifests.js';
import { ask, decide, ledger, sidecar, town } from './ask.js';

const gate = (place: string): JsonObject =>
  deployment(place, { annotations: { 'inject.istio.io/templates': 'gateway' } });

/** The ledger's name, declared once more by somebody else; it has a port that the ledger has not. */
const claim = (place: string): JsonObject =>
  object('networking.istio.io/v1/ServiceEntry', place, {
    hosts: [ledger],
    ports: [
      { number: 80, name: 'http', protocol: 'HTTP' },
      { number: 443, name: 'tls', protocol: 'TLS' },
    ],
    resolution: 'NONE',
  });

const doubt = (objects: readonly JsonObject[], client: string, port = 80): readonly string[] => {
  const decision = decide(objects, { client, port });
  return decision.known ? [] : decision.missing.map(({ key }) => key);
};

/** A namespace of gateways alone. */
const edge: readonly JsonObject[] = [namespace('edge', { 'istio-injection': 'enabled' }), gate('edge/gate')];

// doGetSidecarScope in pilot/pkg/model/push_context.go: a gateway gets the default view of its namespace's sidecars
// where one is kept already, else its own; appendSidecarServices in pilot/pkg/model/sidecar.go prefers Kubernetes'
// Services in the latter, selectServices the namespace's own in the former.
describe('which of two services of a host a gateway uses', () => {
  it('alone in its namespace: the Kubernetes Service', () => {
    const objects = [...edge, claim('edge/claim')];
    expect(ask(objects, { client: 'edge/Deployment/gate' }).tls).toBe('mutual-istio-auto');
    expect(ask(objects, { client: 'edge/Deployment/gate', port: 443 }).tls).toBe('absent');
  });

  it('sidecars beside it use what their namespace declares', () => {
    expect(ask([gate('web/gate'), claim('web/claim')]).tls).toBe('none');
  });

  it('beside sidecars it depends on who was first', () => {
    const objects = [gate('web/gate'), claim('web/claim')];
    expect(doubt(objects, 'web/Deployment/gate')).toEqual(['service-scope']);
    expect(doubt(objects, 'web/Deployment/gate', 443)).toEqual(['service-scope']);
    expect(doubt(objects, 'web/Deployment/gate', 90)).toEqual(['service-scope']);
  });

  it.each<readonly [string, readonly JsonObject[]]>([
    ['both would take the same', [claim('lab/claim')]],
    ['one object declares the host', []],
    ['the sidecars have a Sidecar of their own', [claim('web/claim'), sidecar('web/s', {})]],
    ['the sidecars have one of the root namespace', [claim('web/claim'), sidecar('istio-system/s', {})]],
  ])('certain: %s', (_, objects) => {
    expect(doubt([gate('web/gate'), ...objects], 'web/Deployment/gate')).toEqual([]);
  });

  it('answers of sidecars and gateways are kept apart', () => {
    const headless = object('v1/Service', 'pay/db', {
      clusterIP: 'None',
      selector: { app: 'ledger' },
      ports: [{ name: 'http', port: 80, targetPort: 8080 }],
    });
    const objects = [...town, gate('web/gate'), headless, claim('web/claim')];
    const host = 'db.pay.svc.cluster.local';
    const gateway = ask([], { base: objects, client: 'web/Deployment/gate', host });
    expect([gateway.tls, ask([], { base: objects, host }).tls]).toEqual([
      'mutual-istio-auto',
      'mutual-istio',
    ]);
  });
});
