import { describe, expect, it } from 'vitest';
import type { MeshSettings } from '#mesh/mesh.js';
import { meshOf } from './mesh-of.js';

function settingsOf(text: string): MeshSettings {
  return meshOf(text, { scope: 'partial' }).settings;
}

describe('installers', () => {
  it('IstioOperator: profile, values, meshConfig over them, environment', () => {
    const settings = settingsOf(`
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: install }
spec:
  profile: demo
  tag: 1.24.1
  meshConfig: { outboundTrafficPolicy: { mode: REGISTRY_ONLY } }
  values:
    meshConfig: { outboundTrafficPolicy: { mode: ALLOW_ANY }, enableAutoMtls: false }
    pilot: { env: { FROM_VALUES: true, BOTH: values } }
    global: { proxy: { clusterDomain: k8s.example, autoInject: disabled } }
  components: { pilot: { k8s: { env: [{ name: BOTH, value: component }] } } }
`);
    expect(settings.config).toMatchObject({
      accessLogFile: '/dev/stdout',
      enableAutoMtls: false,
      outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
    });
    expect(settings).toMatchObject({
      known: true,
      domainSuffix: 'k8s.example',
      versions: { default: '1.24.1' },
      env: { FROM_VALUES: 'true', BOTH: 'component' },
      injector: { policy: 'disabled' },
    });
    expect(settings.envSource['BOTH']?.path).toEqual(['spec', 'components', 'pilot', 'k8s', 'env', 0]);
    expect(settings.fieldOf(['outboundTrafficPolicy', 'mode'])?.path).toEqual([
      'spec',
      'meshConfig',
      'outboundTrafficPolicy',
      'mode',
    ]);
    expect(settings.fieldOf(['enableAutoMtls'])?.path).toEqual([
      'spec',
      'values',
      'meshConfig',
      'enableAutoMtls',
    ]);
    expect(settings.fieldOf(['accessLogFile'])?.path).toEqual(['spec', 'profile']);
  });

  it('Sail Istio: version, namespace as root namespace, revision by update strategy', () => {
    const settings = settingsOf(`
apiVersion: sailoperator.io/v1
kind: Istio
metadata: { name: default }
spec:
  version: v1.30.2
  namespace: mesh-system
  profile: ambient
  updateStrategy: { type: RevisionBased }
  values: { meshConfig: { trustDomain: td } }
---
apiVersion: sailoperator.io/v1
kind: IstioRevisionTag
metadata: { name: prod }
spec: { targetRef: { kind: Istio, name: default } }
`);
    expect(settings).toMatchObject({
      rootNamespace: 'mesh-system',
      trustDomain: 'td',
      defaultRevision: 'default-v1-30-2',
      versions: { 'default-v1-30-2': '1.30.2' },
      revisionTags: { prod: 'default-v1-30-2' },
      env: { PILOT_ENABLE_AMBIENT: 'true' },
    });
  });

  it('an IstioOperator that installs gateways only says nothing of the mesh', () => {
    const settings = settingsOf(`
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: gateways }
spec: { profile: empty, components: { ingressGateways: [{ name: gw, enabled: true }] } }
`);
    expect(settings.known).toBe(false);
  });

  it('HelmRelease of the istiod chart, and Argo CD with values as text', () => {
    const release = `
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: istiod, namespace: istio-system }
spec: { chart: { spec: { chart: istiod, version: 1.29.0 } }, values: { meshConfig: { trustDomain: td } } }
`;
    expect(settingsOf(release)).toMatchObject({ trustDomain: 'td', versions: { default: '1.29.0' } });
    const application = `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: istiod }
spec:
  destination: { namespace: istio-system }
  source: { chart: istiod, targetRevision: 1.29.0, helm: { values: "meshConfig: { trustDomain: td }" } }
`;
    expect(settingsOf(application)).toMatchObject({ trustDomain: 'td' });
    expect(settingsOf(application).fieldOf(['trustDomain'])?.path).toEqual([
      'spec',
      'source',
      'helm',
      'values',
    ]);
  });

  it('an IstioOperator without a name may be one of several that istioctl merges', () => {
    const overlay =
      'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: { meshConfig: { trustDomain: td } }\n';
    const mesh = meshOf(overlay);
    expect(mesh.settings).toMatchObject({ known: false, trustDomain: 'td' });
    expect(mesh.assumptions[0]?.text).toContain('without a name');
  });

  it('two that differ leave the settings unknown', () => {
    const operator = (name: string, trustDomain: string): string => `
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: ${name} }
spec: { meshConfig: { trustDomain: ${trustDomain} } }
---`;
    expect(settingsOf(operator('a', 'td') + operator('b', 'td')).known).toBe(true);
    const mesh = meshOf(operator('a', 'one') + operator('b', 'two'));
    expect(mesh.settings.known).toBe(false);
    expect(mesh.assumptions[0]?.text).toContain(
      'IstioOperator a and IstioOperator b give different settings',
    );
  });
});
