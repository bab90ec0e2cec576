import { describe, expect, it } from 'vitest';
import {
  labelConflict,
  misplacedKeys,
  misreadNamespaceLabels,
  misreadPodLabels,
} from '#policy/enrolment-labels.js';
import { meshOf } from '../mesh/mesh-of.js';
import { asText, deployment, namespace, workload } from './manifests.js';

type Labels = Readonly<Record<string, string>>;

function read(labels: Labels) {
  const mesh = meshOf(asText([namespace('shop', labels)]));
  const found = mesh.namespaces.get('shop');
  if (found === undefined) throw new Error('no namespace');
  return { mesh, found };
}

// manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml
describe('labels of a namespace', () => {
  it.each<[Labels, string | undefined]>([
    [{ 'istio-injection': 'enabled' }, undefined],
    [{ 'istio-injection': 'disabled', 'istio.io/dataplane-mode': 'ambient' }, undefined],
    [{ 'istio-injection': 'enabled', 'istio.io/rev': 'a' }, 'ignored'],
    [{ 'istio-injection': 'disabled', 'istio.io/rev': 'a' }, 'nobody'],
    [{ 'istio-injection': 'enabled', 'istio.io/dataplane-mode': 'ambient' }, 'both'],
    [{ 'istio.io/rev': 'a', 'istio.io/dataplane-mode': 'ambient' }, 'both'],
    [{ 'istio.io/rev': 'a', 'istio.io/dataplane-mode': 'none' }, undefined],
  ])('%j contradict each other: %s', (labels, kind) => {
    const { mesh, found } = read(labels);
    expect(labelConflict(mesh, found)?.kind).toBe(kind);
  });

  it.each<[Labels, number]>([
    [{ 'istio-injection': 'enabled' }, 0],
    [{ 'istio-injection': 'true' }, 1],
    [{ 'istio-injection': 'Enabled' }, 1],
    [{ 'istio-injection': 'disabled' }, 0],
    [{ 'istio-injection': 'false' }, 0],
    [{ 'istio.io/dataplane-mode': 'AMBIENT' }, 1],
    [{ 'istio.io/dataplane-mode': 'none' }, 0],
  ])('%j: %j not understood', (labels, count) => {
    expect(misreadNamespaceLabels(read(labels).found)).toHaveLength(count);
  });
});

describe('labels of pods and their controllers', () => {
  it.each([
    ['true', 0],
    ['false', 0],
    ['enabled', 1],
    ['True', 1],
  ])('sidecar.istio.io/inject=%s: %j not understood', (value, count) => {
    const mesh = meshOf(asText([deployment('shop/a', { labels: { 'sidecar.istio.io/inject': value } })]));
    expect(misreadPodLabels(workload(mesh, 'shop/Deployment/a'))).toHaveLength(count);
  });

  it('finds keys of pods on the controller, unless the pods have them', () => {
    const one = deployment('shop/a', { labels: { 'istio.io/dataplane-mode': 'none' } });
    const labels = { 'sidecar.istio.io/inject': 'true', 'istio.io/dataplane-mode': 'none', app: 'a' };
    const mesh = meshOf(asText([{ ...one, metadata: { name: 'a', namespace: 'shop', labels } }]));
    const found = misplacedKeys(workload(mesh, 'shop/Deployment/a'));
    expect(found.map(({ key, list }) => `${list} ${key}`)).toEqual(['labels sidecar.istio.io/inject']);
  });
});
