import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { effectivePolicies } from '#policy/effective-policies.js';
import type { InspectionCounts, InspectionCoverage } from '#policy/waf/coverage.js';
import { inspectionCoverage, northSouth, publicRoutesOf } from '#policy/waf/coverage.js';
import type { EffectivePolicies } from '#policy/policies.js';
import { meshOf } from '../../mesh/mesh-of.js';
import type { MeshOfOptions } from '../../mesh/mesh-of.js';
import { asText, deployment, namespace, object, workload } from '../manifests.js';
import { agent, outside, products, shop, wall } from './wall.js';

function policiesOf(parts: readonly JsonObject[], options: MeshOfOptions = {}): EffectivePolicies {
  const mesh = meshOf(asText(parts), { scope: 'complete', ...options });
  return effectivePolicies(mesh, { wafProducts: products });
}

function coverageOf(parts: readonly JsonObject[], options: MeshOfOptions = {}): InspectionCoverage {
  return inspectionCoverage(policiesOf(parts, options));
}

function counts(total: number, rest: Partial<InspectionCounts> = {}): InspectionCounts {
  const none = { inspected: 0, partly: 0, detectsOnly: 0, failsOpen: 0, notInspected: 0, unknown: 0 };
  return { total, ...none, ...rest };
}

/** A namespace whose pods get sidecars, with workloads behind Services. */
function town(...names: readonly string[]): readonly JsonObject[] {
  const service = (name: string, port: string): JsonObject =>
    object('v1/Service', `mesh/${name}`, { selector: { app: name }, ports: [{ name: port, port: 80 }] });
  return [
    namespace('mesh', { 'istio-injection': 'enabled' }),
    ...names.flatMap((name) => [
      deployment(`mesh/${name}`),
      service(name, name === 'store' ? 'mongo' : 'http'),
    ]),
  ];
}

describe('the coverage of a mesh', () => {
  it('counts public routes, and workloads of the mesh that requests are led to', () => {
    const parts = [...shop, outside, ...town('web', 'cart', 'store'), deployment('mesh/job')];
    expect(coverageOf(parts)).toEqual({
      products: [],
      routes: counts(4, { notInspected: 4 }),
      workloads: counts(2, { notInspected: 2 }),
    });
  });
  it('says which products take part, and how far they go', () => {
    const parts = [...shop, ...agent, outside, wall({ portNumber: 8443 }), ...town('web')];
    expect(coverageOf(parts)).toEqual({
      products: ['Wall'],
      routes: counts(4, { inspected: 2, notInspected: 2 }),
      workloads: counts(1, { notInspected: 1 }),
    });
  });
  it('knows nothing of what files of a repository do not show', () => {
    const parts = [...shop, outside, ...town('web')];
    expect(coverageOf(parts, { scope: 'partial' })).toEqual({
      products: [],
      routes: counts(4, { unknown: 4 }),
      workloads: counts(1, { unknown: 1 }),
    });
  });
  it('counts no route that only clients inside of the cluster get to', () => {
    const { workloads, routes } = coverageOf([...shop, ...town('web')]);
    expect([workloads.total, routes.total]).toEqual([1, 0]);
  });
});

describe('ways in to a workload', () => {
  it('are those that end at it, for a gateway those that it serves', () => {
    const policies = policiesOf([...shop, ...agent, outside, wall({ portNumber: 8443 })]);
    const at = (id: string): string => {
      const decision = northSouth(policies, workload(policies.mesh, id));
      if (decision === undefined) return 'none';
      return decision.known ? decision.value.verdict : 'unknown';
    };
    expect(publicRoutesOf(policies, workload(policies.mesh, 'edge/Deployment/door'))).toHaveLength(4);
    expect(at('edge/Deployment/door')).toBe('partly');
    expect(at('shop/Deployment/web')).toBe('partly');
    expect(at('club/Deployment/api')).toBe('none');
  });
});
