import { describe, expect, it } from 'vitest';
import type { FieldPath } from '#documents/document.js';
import { untrustedClientCertificates } from '#policy/client-certificate.js';
import type { GatewayServer } from '#policy/policies.js';
import { resourcesOf } from '../mesh/mesh-of.js';

function fieldOf(
  yaml: string,
  server: Pick<GatewayServer, 'api' | 'tls' | 'port'>,
  path: FieldPath,
): string | undefined {
  const [resource] = resourcesOf(yaml);
  if (resource === undefined) throw new Error('no gateway');
  return untrustedClientCertificates({
    ...server,
    resource,
    at: { resource, path },
    protocol: 'HTTPS',
    hosts: ['shop.example.com'],
    minTls: '1.2',
    workloads: [],
  })?.path.join('.');
}

const istio = (tls: string): string => `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: gateway, namespace: shop }
spec: { servers: [{ port: { number: 443, name: https, protocol: HTTPS }, hosts: [shop.example.com], tls: ${tls} }] }
`;

describe('untrustedClientCertificates of Istio Gateways (pilot/pkg/security/model/authentication.go)', () => {
  const field = 'spec.servers.0.tls.insecureSkipVerify';
  it.each([
    ['MUTUAL', 'true', field],
    ['OPTIONAL_MUTUAL', 'true', field],
    ['ISTIO_MUTUAL', 'true', field],
    ['SIMPLE', 'true', undefined],
    ['MUTUAL', 'false', undefined],
  ] as const)('%s with insecureSkipVerify %s: %s', (tls, skip, expected) => {
    const yaml = istio(`{ mode: ${tls}, credentialName: shop, insecureSkipVerify: ${skip} }`);
    expect(fieldOf(yaml, { api: 'istio', tls, port: 443 }, ['spec', 'servers', 0])).toBe(expected);
  });
});

const ca = 'caCertificateRefs: [{ group: "", kind: ConfigMap, name: ca }]';

const gatewayApi = (frontend: string, options = ''): string => `
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: gateway, namespace: shop }
spec:
  gatewayClassName: istio
  tls: { frontend: ${frontend} }
  listeners: [{ name: https, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: shop }] ${options} } }]
`;

describe('untrustedClientCertificates of Gateway API listeners (pilot/pkg/config/kube/gateway/conversion.go)', () => {
  const fallback = `validation: { ${ca}, mode: AllowInsecureFallback }`;
  it.each([
    [`{ default: { ${fallback} } }`, '', 'spec.tls.frontend.default.validation.mode'],
    [
      `{ default: {}, perPort: [{ port: 443, tls: { ${fallback} } }] }`,
      '',
      'spec.tls.frontend.perPort.0.tls.validation.mode',
    ],
    [`{ default: { ${fallback} }, perPort: [{ port: 443, tls: {} }] }`, '', undefined],
    [
      `{ default: { ${fallback} }, perPort: [{ port: 8443, tls: {} }] }`,
      '',
      'spec.tls.frontend.default.validation.mode',
    ],
    [
      `{ default: { ${fallback} } }`,
      ', options: { gateway.istio.io/tls-terminate-mode: OPTIONAL_MUTUAL }',
      undefined,
    ],
    [`{ default: { validation: { ${ca} } } }`, '', undefined],
    ['{ default: { validation: { mode: AllowInsecureFallback } } }', '', undefined],
  ])('%s%s: %s', (frontend, options, expected) => {
    const server = { api: 'gateway-api', tls: 'OPTIONAL_MUTUAL', port: 443 } as const;
    expect(fieldOf(gatewayApi(frontend, options), server, ['spec', 'listeners', 0])).toBe(expected);
  });
});
