import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { buildMeshes } from '#mesh/build-meshes.js';
import { effectivePolicies } from '#policy/effective-policies.js';
import type { EffectivePolicies } from '#policy/policies.js';
import { parseYaml, resourcesOf } from '../mesh/mesh-of.js';
import {
  asText,
  deployment,
  meshConfig,
  namespace,
  object,
  peerAuthentication,
  workload,
} from './manifests.js';

/** Decisions about objects that stand in several files, `a.yaml`, `b.yaml` … */
function fromFiles(...files: readonly (readonly JsonObject[])[]): EffectivePolicies {
  const resources = files.flatMap((objects, index) =>
    resourcesOf(asText(objects), { file: `${String.fromCharCode(97 + index)}.yaml` }),
  );
  const { meshes } = buildMeshes(resources, { scope: 'complete', parseYaml });
  const [mesh] = meshes;
  if (mesh === undefined || meshes.length !== 1) throw new Error(`${String(meshes.length)} environments`);
  return effectivePolicies(mesh);
}

const base = [namespace('shop', { 'istio-injection': 'enabled' }), deployment('shop/web'), meshConfig({})];
const mode = (place: string, value: string): JsonObject =>
  peerAuthentication(place, { mtls: { mode: value } });

describe('objects of one name that differ', () => {
  it('leave the mode unknown where it depends on them, and name the files', () => {
    const policies = fromFiles(
      [...base, mode('shop/default', 'STRICT')],
      [mode('shop/default', 'PERMISSIVE')],
    );
    const decision = policies.peerMtls(workload(policies.mesh, 'shop/Deployment/web'), '*');
    expect(decision).toMatchObject({ known: false, missing: [{ key: 'contested' }] });
    const text = decision.known ? '' : decision.missing[0]?.text;
    expect(text).toContain('a.yaml');
    expect(text).toContain('b.yaml');
  });
  it('do not matter where all variants say the same, or something nearer decides', () => {
    const narrower = peerAuthentication('shop/web', {
      selector: { matchLabels: { app: 'web' } },
      mtls: { mode: 'STRICT' },
    });
    const policies = fromFiles(
      [...base, mode('shop/default', 'STRICT'), narrower],
      [mode('shop/default', 'PERMISSIVE')],
    );
    expect(policies.peerMtls(workload(policies.mesh, 'shop/Deployment/web'), '*')).toMatchObject({
      value: 'STRICT',
    });
  });
  it('leave the place to others where a variant does not belong', () => {
    const elsewhere = peerAuthentication('shop/default', {
      selector: { matchLabels: { app: 'other' } },
      mtls: { mode: 'STRICT' },
    });
    const one = fromFiles([...base, mode('shop/default', 'STRICT')], [elsewhere]);
    expect(one.peerMtls(workload(one.mesh, 'shop/Deployment/web'), '*')).toMatchObject({
      missing: [{ key: 'contested' }],
    });
    const covered = fromFiles(
      [...base, mode('shop/default', 'STRICT'), mode('shop/z', 'STRICT')],
      [elsewhere],
    );
    expect(covered.peerMtls(workload(covered.mesh, 'shop/Deployment/web'), '*')).toMatchObject({
      value: 'STRICT',
    });
  });
  it('a contested Namespace has unknown labels', () => {
    const policies = fromFiles(base, [namespace('shop', { team: 'a' })]);
    expect(policies.enrolment(workload(policies.mesh, 'shop/Deployment/web'))).toMatchObject({
      missing: [{ key: 'contested' }],
    });
  });
  it('a contested Sidecar leaves outbound traffic unknown', () => {
    const sidecar = (value: string): JsonObject =>
      object('networking.istio.io/v1/Sidecar', 'shop/default', { outboundTrafficPolicy: { mode: value } });
    const policies = fromFiles([...base, sidecar('ALLOW_ANY')], [sidecar('REGISTRY_ONLY')]);
    expect(policies.outboundTraffic(workload(policies.mesh, 'shop/Deployment/web'))).toMatchObject({
      missing: [{ key: 'contested' }],
    });
  });
});
