import { describe, expect, it } from 'vitest';
import { unverifiedDestination } from '#policy/unverified-destination.js';
import { resourcesOf } from '../mesh/mesh-of.js';

function fieldOf(spec: string): string | undefined {
  const [entry] = resourcesOf(`
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: entry, namespace: shop }
spec: ${spec}
`);
  return entry && unverifiedDestination(entry)?.path.join('.');
}

const tls = 'ports: [{ number: 443, name: tls, protocol: TLS }]';
const http = 'ports: [{ number: 80, name: http, protocol: HTTP }]';

describe('unverifiedDestination (pilot/pkg/serviceregistry/serviceentry/conversion.go)', () => {
  it.each([
    [`{ hosts: ["*.example.com"], resolution: NONE, ${tls} }`, 'spec.resolution'],
    [`{ hosts: [a.example.com], ${tls} }`, 'spec'],
    [`{ hosts: [a.example.com], location: MESH_EXTERNAL, addresses: [192.0.2.1], ${http} }`, 'spec'],
    [`{ hosts: [a.example.com], addresses: [192.0.2.1], ${tls} }`, undefined],
    [`{ hosts: [a.example.com], resolution: DNS, ${tls} }`, undefined],
    [
      `{ hosts: [a.example.com], resolution: STATIC, endpoints: [{ address: 192.0.2.1 }], ${tls} }`,
      undefined,
    ],
    [`{ hosts: [a.internal], location: MESH_INTERNAL, resolution: NONE, ${http} }`, undefined],
    ['{ hosts: [a.example.com] }', undefined],
  ])('%s: %s', (spec, path) => {
    expect(fieldOf(spec)).toBe(path);
  });
});
