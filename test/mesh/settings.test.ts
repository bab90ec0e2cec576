import { describe, expect, it } from 'vitest';
import { buildMeshes } from '#mesh/build-meshes.js';
import type { MeshSettings } from '#mesh/mesh.js';
import { meshOf, parseYaml, resourcesOf } from './mesh-of.js';

function indented(text: string): string {
  return text
    .trim()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}

function configMap(mesh: string, name = 'istio', namespace = 'istio-system'): string {
  return `
apiVersion: v1
kind: ConfigMap
metadata: { name: ${name}, namespace: ${namespace} }
data:
  mesh: |-
${indented(mesh)}
---`;
}

function istiod(env: string, { revision = 'default', tag = '1.30.2-distroless', args = '' } = {}): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: istiod, namespace: istio-system, labels: { app: istiod, istio.io/rev: ${revision} } }
spec:
  template:
    spec:
      containers: [{ name: discovery, image: "docker.io/istio/pilot:${tag}", args: [discovery, ${args}], env: [${env}] }]
---`;
}

function settingsOf(text: string): MeshSettings {
  return meshOf(text, { scope: 'partial' }).settings;
}

describe('mesh configuration of the ConfigMap', () => {
  it('is read with defaults for what it leaves out', () => {
    const settings = settingsOf(
      configMap('trustDomain: td.example\ntrustDomainAliases: [b, a]\nroot_namespace: root'),
    );
    expect(settings).toMatchObject({
      known: true,
      rootNamespace: 'root',
      trustDomain: 'td.example',
      trustDomainAliases: ['a', 'b'],
      domainSuffix: 'cluster.local',
    });
    expect(settings.fieldOf(['trustDomain'])).toMatchObject({
      path: ['data', 'mesh'],
      resource: { name: 'istio' },
    });
    expect(settings.fieldOf(['accessLogFile'])).toBeUndefined();
  });

  it('makes an empty outboundTrafficPolicy REGISTRY_ONLY: the empty message replaces the default', () => {
    expect(settingsOf(configMap('outboundTrafficPolicy: {}')).config).toEqual({
      outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
    });
    expect(settingsOf(configMap('outboundTrafficPolicy: null')).config).toEqual({});
  });

  it('keeps the last of two providers of one name', () => {
    const { config } = settingsOf(
      configMap(
        'extensionProviders: [{ name: a, zipkin: { port: 1 } }, { name: b }, { name: a, prometheus: {} }]',
      ),
    );
    expect(config).toEqual({ extensionProviders: [{ name: 'a', prometheus: {} }, { name: 'b' }] });
  });

  it('applies over the one that SHARED_MESH_CONFIG names (ApplyMeshConfig in pkg/config/mesh/mesh.go)', () => {
    const shared = configMap(
      `
accessLogFile: /dev/shared
trustDomainAliases: [shared]
outboundTrafficPolicy: { mode: REGISTRY_ONLY }
extensionProviders: [{ name: a, prometheus: {} }, { name: s, prometheus: {} }]
defaultProviders: { tracing: [t], metrics: [m] }
defaultConfig: { concurrency: 1, proxyMetadata: { A: shared, B: shared }, tracing: { sampling: 5 } }`,
      'shared',
    );
    const primary = configMap(`
trustDomainAliases: [own]
outboundTrafficPolicy: {}
extensionProviders: [{ name: a, stackdriver: {} }]
defaultProviders: { metrics: [n] }
defaultConfig: { proxyMetadata: { B: own }, tracing: { maxPathTagLength: 7 } }`);
    const { config } = settingsOf(shared + primary + istiod('{ name: SHARED_MESH_CONFIG, value: shared }'));
    expect(config).toEqual({
      accessLogFile: '/dev/shared',
      trustDomainAliases: ['own', 'shared'],
      outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
      extensionProviders: [
        { name: 'a', stackdriver: {} },
        { name: 's', prometheus: {} },
      ],
      defaultProviders: { tracing: ['t'], metrics: ['n'] },
      defaultConfig: {
        concurrency: 1,
        proxyMetadata: { A: 'shared', B: 'own' },
        tracing: { maxPathTagLength: 7 },
      },
    });
  });

  it.each([
    ['broken YAML', 'trustDomain: [', 'not valid YAML'],
    ['a list', '- a', 'not a mapping'],
    ['a wrong type', 'enableTracing: maybe', 'enableTracing'],
  ])('that is %s is a problem, and nothing of it is known', (_, text, why) => {
    const resources = resourcesOf(configMap(text));
    const { meshes, problems } = buildMeshes(resources, { scope: 'complete', parseYaml });
    expect(problems).toMatchObject([{ code: 'invalid-resource', fatal: true, line: 2 }]);
    expect(problems[0]?.message).toContain(why);
    expect(meshes[0]?.settings.known).toBe(false);
  });
});

describe('without a mesh configuration', () => {
  it('the defaults hold in a complete scope', () => {
    const mesh = meshOf('');
    expect(mesh.settings).toMatchObject({
      known: true,
      rootNamespace: 'istio-system',
      trustDomain: 'cluster.local',
    });
    expect(mesh.assumptions).toEqual([]);
  });

  it('they are assumptions in a partial one', () => {
    const mesh = meshOf('', { scope: 'partial' });
    expect(mesh.settings.known).toBe(false);
    expect(mesh.assumptions.map(({ key }) => key)).toEqual(['mesh-config']);
  });
});

describe('what runs', () => {
  it('counts before what an installer is asked for', () => {
    const settings =
      settingsOf(`${configMap('trustDomain: running')}${istiod('{ name: A, value: running }', { args: '--domain, k8s.example' })}
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: install }
spec: { tag: 1.20.0, meshConfig: { trustDomain: asked }, values: { pilot: { env: { A: asked, B: asked } } } }
`);
    expect(settings).toMatchObject({
      trustDomain: 'running',
      env: { A: 'running' },
      domainSuffix: 'k8s.example',
      versions: { default: '1.30.2' },
    });
    expect(settings.env['B']).toBeUndefined();
    expect(settings.envSource['A']?.path.slice(-2)).toEqual(['env', 0]);
  });

  it('gives injector settings without the templates', () => {
    const settings = settingsOf(`
apiVersion: v1
kind: ConfigMap
metadata: { name: istio-sidecar-injector, namespace: istio-system }
data:
  values: '{"sidecarInjectorWebhook":{"enableNamespacesByDefault":true},"global":{"proxy":{"excludeInboundPorts":"9"}}}'
  config: |
    policy: disabled
    neverInjectSelector: [{ matchLabels: { a: b } }]
    templates: { sidecar: "{{ long }}", gateway: "" }
`);
    expect(settings.injector).toMatchObject({
      policy: 'disabled',
      enableNamespacesByDefault: true,
      neverInjectSelector: [{ matchLabels: { a: 'b' } }],
      templateNames: ['sidecar', 'gateway'],
      values: { global: { proxy: { excludeInboundPorts: '9' } } },
    });
    expect(settings.known).toBe(false);
  });
});

describe('several revisions', () => {
  const plane = (revision: string, tag: string, trustDomain: string): string =>
    configMap(`trustDomain: ${trustDomain}`, revision === 'default' ? 'istio' : `istio-${revision}`) +
    istiod('', { revision, tag }).replace('name: istiod,', `name: istiod-${revision},`);
  const tag = (name: string, revision: string): string => `
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: { name: istio-revision-tag-${name}, labels: { istio.io/tag: ${name}, istio.io/rev: ${revision} } }
---`;

  it.each([
    [
      'the one tagged default',
      plane('default', '1.28.0', 'a') + plane('1-30', '1.30.0', 'b') + tag('default', '1-30'),
      '1-30',
      true,
    ],
    ['the unnamed one', plane('default', '1.28.0', 'a') + plane('1-30', '1.30.0', 'b'), 'default', true],
    ['the only one', plane('1-30', '1.30.0', 'b'), '1-30', true],
    ['the newest, when they agree', plane('1-9', '1.9.0', 'a') + plane('1-30', '1.30.0', 'a'), '1-30', true],
    [
      'the newest, unsurely, when they differ',
      plane('1-9', '1.9.0', 'a') + plane('1-30', '1.30.0', 'b'),
      '1-30',
      false,
    ],
  ])('%s stands for the mesh', (_, text, revision, known) => {
    const settings = settingsOf(text);
    expect([settings.defaultRevision, settings.known]).toEqual([revision, known]);
  });
});
