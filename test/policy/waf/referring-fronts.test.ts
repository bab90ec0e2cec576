import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { object } from '../manifests.js';
import { told, toDoor } from './before-the-door.js';
import { ingress } from './wall.js';

describe('NGINX App Protect', () => {
  const apPolicy = (enforcementMode?: string): JsonObject =>
    object('appprotect.f5.com/v1beta1/APPolicy', 'edge/strict', {
      policy: enforcementMode === undefined ? {} : { enforcementMode },
    });
  const policy = (name: string, spec: JsonObject): JsonObject =>
    object('k8s.nginx.org/v1/Policy', `edge/${name}`, spec);
  const waf = policy('guard', { waf: { enable: true, apPolicy: 'edge/strict' } });
  const virtualServer = (spec: JsonObject): JsonObject =>
    object('k8s.nginx.org/v1/VirtualServer', 'edge/shop', {
      host: 'shop.example',
      upstreams: [{ name: 'door', service: 'door', port: 80 }],
      ...spec,
    });
  const named = { policies: [{ name: 'guard' }] };
  it.each<[string, readonly JsonObject[], string]>([
    ['by a policy', [virtualServer(named), waf, apPolicy()], 'inspected'],
    ['that only reports', [virtualServer(named), waf, apPolicy('transparent')], 'detects-only: detects-only'],
    ['by one of another kind', [virtualServer(named), policy('guard', { rateLimit: {} })], 'not-inspected'],
    [
      'that is switched off',
      [virtualServer(named), policy('guard', { waf: { enable: false } })],
      'not-inspected',
    ],
    [
      'of some routes',
      [virtualServer({ routes: [{ path: '/a', ...named }, { path: '/b' }] }), waf, apPolicy()],
      'partly: requests-left-out',
    ],
    [
      'by the policy that an Ingress names',
      [ingress('edge/nginx', { 'nginx.com/policies': 'guard' }, toDoor), waf, apPolicy('transparent')],
      'detects-only: detects-only',
    ],
    [
      'by annotations',
      [
        ingress(
          'edge/nginx',
          {
            'appprotect.f5.com/app-protect-enable': 'True',
            'appprotect.f5.com/app-protect-policy': 'edge/strict',
          },
          toDoor,
        ),
        apPolicy('transparent'),
      ],
      'detects-only: detects-only',
    ],
    [
      'by annotations, with a policy that is not here',
      [ingress('edge/nginx', { 'appprotect.f5.com/app-protect-enable': 'True' }, toDoor)],
      'inspected',
    ],
  ])('%s', (_case, parts, expected) => {
    expect(told(...parts)).toBe(expected);
  });
});

describe('F5 BIG-IP', () => {
  const virtualServer = (spec: JsonObject): JsonObject =>
    object('cis.f5.com/v1/VirtualServer', 'edge/shop', {
      pools: [{ path: '/', service: 'door', servicePort: 80 }],
      ...spec,
    });
  it('by the virtual server or the policy that it names', () => {
    const policy = object('cis.f5.com/v1/Policy', 'edge/guard', { l7Policies: { waf: '/Common/waf' } });
    expect(told(virtualServer({ waf: '/Common/waf' }))).toBe('inspected');
    expect(told(virtualServer({ policyName: 'guard' }), policy)).toBe('inspected');
    expect(told(virtualServer({}))).toBe('not-inspected');
  });
});
