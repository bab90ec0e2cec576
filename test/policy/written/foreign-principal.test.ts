import { describe, expect, it } from 'vitest';
import { principalDomain } from '#policy/written/foreign-principal.js';
import { meshOf } from '../../mesh/mesh-of.js';
import { asText, meshConfig } from '../manifests.js';

const config = {
  trustDomain: 'prod.example',
  trustDomainAliases: ['old.example'],
  caCertificates: [{ pem: '', trustDomains: ['partner.example'] }],
};
const mesh = meshOf(asText([meshConfig(config)]));

// pilot/pkg/security/trustdomain/bundle.go: only the full form is expanded; ztunnel's src/rbac.rs expands nothing.
describe('trust domain of a principal', () => {
  it.each([
    ['cluster.local/ns/a/sa/b', 'envoy', 'own'],
    ['cluster.local/ns/a/sa/b', 'ztunnel', 'foreign'],
    ['cluster.local/ns/a/*', 'envoy', 'foreign'],
    ['prod.example/ns/a/*', 'ztunnel', 'own'],
    ['old.example/ns/a/sa/b', 'envoy', 'own'],
    ['partner.example/ns/a/sa/b', 'envoy', 'own'],
    ['evil.example/ns/a/sa/b', 'envoy', 'foreign'],
    ['*/ns/a/sa/b', 'envoy', 'own'],
    ['*', 'envoy', 'own'],
  ] as const)('%s read by %s: %s', (value, reader, state) => {
    expect(principalDomain(mesh, value, reader).state).toBe(state);
  });

  it('is unknown without a mesh configuration, but for cluster.local', () => {
    const partial = meshOf('', { scope: 'partial' });
    expect(principalDomain(partial, 'prod.example/ns/a/sa/b', 'envoy').state).toBe('unknown');
    expect(principalDomain(partial, 'cluster.local/ns/a/sa/b', 'envoy').state).toBe('own');
  });

  it('takes any trust domain where istiod does not check it', () => {
    const istiod = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: istiod, namespace: istio-system, labels: { app: istiod } }
spec:
  selector: { matchLabels: { app: istiod } }
  template:
    metadata: { labels: { app: istiod } }
    spec:
      containers:
        - name: discovery
          image: docker.io/istio/pilot:1.30.2
          env: [{ name: PILOT_SKIP_VALIDATE_TRUST_DOMAIN, value: 'true' }]
`;
    expect(principalDomain(meshOf(istiod), 'evil.example/ns/a/sa/b', 'envoy').state).toBe('own');
  });
});
