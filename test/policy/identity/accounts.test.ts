import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { accountExists, differentApplications, workloadsOfAccount } from '#policy/identity/accounts.js';
import { allowedByName } from '#policy/identity/named-accounts.js';
import { otherClusters } from '#policy/identity/other-clusters.js';
import { meshOf } from '../../mesh/mesh-of.js';
import { asText, deployment, meshConfig, namespace, object } from '../manifests.js';

const shop = namespace('shop');
const running = (name: string, account: string): JsonObject =>
  deployment(`shop/${name}`, { spec: { serviceAccountName: account } });
const meshWith = (...objects: readonly JsonObject[]) => meshOf(asText([shop, ...objects]));

describe('accounts that policies let in by name', () => {
  const allowed = (source: JsonObject, action = 'ALLOW'): number => {
    const rules = [{ from: [{ source }] }];
    const policy = object('security.istio.io/v1/AuthorizationPolicy', 'shop/callers', { action, rules });
    return allowedByName(meshWith(policy), 'shop', 'web').length;
  };

  it.each([
    ['principal', { principals: ['cluster.local/ns/shop/sa/web'] }, 1],
    ['any trust domain', { principals: ['*/ns/shop/sa/web'] }, 1],
    ['other namespace', { principals: ['cluster.local/ns/stock/sa/web'] }, 0],
    ['pattern', { principals: ['cluster.local/ns/shop/sa/w*'] }, 0],
    ['excluded', { notPrincipals: ['cluster.local/ns/shop/sa/web'] }, 0],
    ['account of the namespace', { serviceAccounts: ['web'] }, 1],
    ['account with namespace', { serviceAccounts: ['shop/web'] }, 1],
    ['account of another namespace', { serviceAccounts: ['stock/web'] }, 0],
  ])('%s', (_, source, expected) => {
    expect(allowed(source)).toBe(expected);
  });

  it('does not count what is refused', () => {
    expect(allowed({ principals: ['cluster.local/ns/shop/sa/web'] }, 'DENY')).toBe(0);
  });
});

describe('accounts that exist', () => {
  const gateway = object('gateway.networking.k8s.io/v1/Gateway', 'shop/edge', {
    gatewayClassName: 'istio',
    listeners: [],
  });
  const ofItsOwn: JsonObject = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'web', namespace: 'shop' },
  };

  it.each([
    ['none', [], 'web', false],
    ['object', [ofItsOwn], 'web', true],
    ['workload', [running('web', 'web')], 'web', true],
    ['default', [], 'default', true],
    ['made for a gateway (deploymentcontroller.go)', [gateway], 'edge-istio', true],
    ['of another class', [gateway], 'edge-other', false],
  ])('%s', (_, objects, account, expected) => {
    expect(accountExists(meshWith(...objects), 'shop', account)).toBe(expected);
  });
});

describe('applications that share an account', () => {
  const different = (...objects: readonly JsonObject[]): readonly string[] => {
    const mesh = meshWith(...objects);
    return differentApplications(mesh, workloadsOfAccount(mesh, 'shop', 'own')).map(({ name }) => name);
  };

  it('are told by label, name and Service', () => {
    expect(different(running('web', 'own'), running('stock', 'own'))).toEqual(['stock', 'web']);
    expect(different(running('web', 'own'), running('web-canary', 'own'))).toEqual([]);
    const labelled = (name: string): JsonObject =>
      deployment(`shop/${name}`, { labels: { app: 'web' }, spec: { serviceAccountName: 'own' } });
    expect(different(labelled('one'), labelled('two'))).toEqual([]);
  });
});

describe('signs of other clusters', () => {
  const secret: JsonObject = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'east', namespace: 'istio-system', labels: { 'istio/multiCluster': 'true' } },
  };
  const cluster = (clusterName: string): JsonObject =>
    object('install.istio.io/v1alpha1/IstioOperator', 'istio-system/mesh', {
      values: { global: { multiCluster: { clusterName } } },
    });

  it.each([
    ['none', [meshConfig({})], false],
    ['Secret for another one', [secret], true],
    ['name of this one', [cluster('east')], true],
    ['name of the charts', [cluster('Kubernetes')], false],
  ])('%s', (_, objects, expected) => {
    expect(otherClusters(meshWith(...objects)) !== undefined).toBe(expected);
  });
});
