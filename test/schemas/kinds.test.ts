import { describe, expect, it } from 'vitest';
import { isClusterScoped, isReadKind } from '#schemas/kinds.js';
import { removedApi } from '#schemas/removed-api.js';

describe('isReadKind', () => {
  it.each([
    ['', 'Pod', true],
    ['', 'Event', false],
    ['apps', 'Deployment', true],
    ['', 'ServiceAccount', true],
    ['rbac.authorization.k8s.io', 'ClusterRole', true],
    ['networking.k8s.io', 'NetworkPolicy', true],
    ['security.istio.io', 'PeerAuthentication', true],
    ['rbac.istio.io', 'ServiceRole', true],
    ['gateway.networking.k8s.io', 'HTTPRoute', true],
    ['sailoperator.io', 'Istio', true],
    ['example.com', 'Pod', false],
    ['constructor', 'Pod', false],
    ['evilistio.io', 'Pod', false],
  ])('%s/%s: %s', (group, kind, read) => {
    expect(isReadKind(group, kind)).toBe(read);
  });
});

describe('isClusterScoped', () => {
  it.each([
    ['', 'Namespace', true],
    ['', 'Pod', false],
    ['gateway.networking.k8s.io', 'GatewayClass', true],
    ['gateway.networking.k8s.io', 'Gateway', false],
    ['rbac.istio.io', 'ClusterRbacConfig', true],
  ])('%s/%s: %s', (group, kind, cluster) => {
    expect(isClusterScoped(group, kind)).toBe(cluster);
  });
});

describe('removedApi', () => {
  it.each([
    ['rbac.istio.io', 'ServiceRole', '1.6'],
    ['authentication.istio.io', 'MeshPolicy', '1.6'],
    ['config.istio.io', 'rule', '1.8'],
    ['config.istio.io', 'RouteRule', '1.0'],
    ['security.istio.io', 'AuthorizationPolicy', undefined],
    ['install.istio.io', 'IstioOperator', undefined],
  ])('%s/%s: %s', (group, kind, removedIn) => {
    expect(removedApi(group, kind)?.removedIn).toBe(removedIn);
  });
});
