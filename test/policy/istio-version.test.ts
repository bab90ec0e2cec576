import { describe, expect, it } from 'vitest';
import { isAtLeast, istioVersionOf, newestVersion, versionAssumption } from '#policy/istio-version.js';
import { deployment, policiesOf } from './manifests.js';

const istiod = (name: string, tag: string): ReturnType<typeof deployment> =>
  deployment(`istio-system/${name}`, {
    spec: { containers: [{ name: 'discovery', image: `istio/pilot:${tag}` }] },
  });

describe('version of the control plane', () => {
  it('as the input shows it, by revision', () => {
    const { mesh } = policiesOf([istiod('istiod', '1.28.3'), istiod('istiod-1-30', '1.30.1-distroless')]);
    expect(istioVersionOf(mesh, undefined)).toEqual({ major: 1, minor: 28, shown: true });
    expect(istioVersionOf(mesh, '1-30')).toEqual({ major: 1, minor: 30, shown: true });
    expect(istioVersionOf(mesh, 'constructor')).toEqual(newestVersion);
  });
  it('the only one shown serves every revision', () => {
    const { mesh } = policiesOf([istiod('istiod-1-30', '1.30.1')]);
    expect(istioVersionOf(mesh, undefined).minor).toBe(30);
  });
  it('the newest known where none is shown', () => {
    expect(istioVersionOf(policiesOf([]).mesh, undefined)).toEqual(newestVersion);
  });
  it('says which revisions it had to assume one for', () => {
    const config = { mesh: '{}' };
    const map = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'istio-old', namespace: 'istio-system' },
      data: config,
    };
    const { mesh } = policiesOf([istiod('istiod', '1.28.3'), istiod('istiod-1-30', '1.30.1'), map]);
    expect(versionAssumption(mesh)).toEqual([
      {
        key: 'istio-version',
        text: 'Istio 1.31 assumed for revision old: nothing in the input shows its version',
      },
    ]);
  });
  it('compares by release line', () => {
    const version = { major: 1, minor: 31, shown: true };
    expect([30, 31, 32].map((minor) => isAtLeast(version, minor))).toEqual([true, true, false]);
    expect(isAtLeast({ major: 2, minor: 0, shown: true }, 31)).toBe(true);
  });
});
