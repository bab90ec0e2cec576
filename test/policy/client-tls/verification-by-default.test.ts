import { expect, it } from 'vitest';
import { verifiesByDefault } from '#policy/client-tls/verification-by-default.js';
import { meshOf } from '../../mesh/mesh-of.js';

const istiod = (version: string, value: string | undefined): string => `
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
          image: docker.io/istio/pilot:${version}
          env:
            - { name: REVISION, value: default }
${value === undefined ? '' : `            - { name: VERIFY_CERTIFICATE_AT_CLIENT, value: '${value}' }`}
`;

// pilot/pkg/features of 1.20, 1.21 and 1.24; release notes of 1.21 and 1.24.
it.each([
  ['1.20.8', undefined, false],
  ['1.20.8', 'true', true],
  ['1.21.0', undefined, true],
  ['1.23.6', 'false', false],
  ['1.24.0', 'false', true],
  ['1.30.2', undefined, true],
])('Istio %s with VERIFY_CERTIFICATE_AT_CLIENT=%s verifies: %j', (version, value, expected) => {
  expect(verifiesByDefault(meshOf(istiod(version, value)))).toBe(expected);
});

it('takes the newest release where none is shown', () => {
  expect(verifiesByDefault(meshOf(''))).toBe(true);
});
