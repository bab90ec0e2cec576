import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { apiServerCall } from '#policy/api-server-calls.js';
import { deployment, namespace, policiesOf, service, workload } from './manifests.js';

function callers(clientConfig: JsonObject, kind = 'ValidatingWebhookConfiguration'): readonly string[] {
  const webhook: JsonObject = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind,
    metadata: { name: 'hook' },
    webhooks: [
      { name: 'a.example.com', clientConfig: { url: 'https://x' } },
      { name: 'b', clientConfig },
    ],
  };
  const ports = [
    { name: 'https', port: 443, targetPort: 8443 },
    { name: 'http', port: 80, targetPort: 8080 },
  ];
  const policies = policiesOf([
    namespace('shop'),
    deployment('shop/web'),
    service('shop/web', ports),
    webhook,
  ]);
  return policies
    .inboundPorts(workload(policies.mesh, 'shop/Deployment/web'))
    .map((port) => `${port.number} ${apiServerCall(policies.mesh, port)?.path.join('.') ?? 'nobody'}`);
}

describe('ports that the API server calls (ServiceReference in k8s.io/api/admissionregistration/v1)', () => {
  const called = 'webhooks.1.clientConfig.service';
  it.each<[string, JsonObject, readonly string[]]>([
    ['443 by default', { service: { namespace: 'shop', name: 'web' } }, ['8080 nobody', `8443 ${called}`]],
    [
      'another port',
      { service: { namespace: 'shop', name: 'web', port: 80 } },
      [`8080 ${called}`, '8443 nobody'],
    ],
    ['another namespace', { service: { namespace: 'bank', name: 'web' } }, ['8080 nobody', '8443 nobody']],
    ['an address', { url: 'https://web.shop.svc' }, ['8080 nobody', '8443 nobody']],
  ])('%s', (_case, clientConfig, expected) => {
    expect(callers(clientConfig)).toEqual(expected);
  });

  it('counts mutating webhooks too', () => {
    const config = { service: { namespace: 'shop', name: 'web' } };
    expect(callers(config, 'MutatingWebhookConfiguration')).toEqual(['8080 nobody', `8443 ${called}`]);
  });
});
