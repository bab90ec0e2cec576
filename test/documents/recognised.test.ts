import { describe, expect, it } from 'vitest';
import { loadTexts, problemText, resourceTexts } from './load-texts.js';

const policy = (name: string): string =>
  `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: ${name}}\n`;

describe('Helm', () => {
  it('gives one line per chart and leaves its other files alone', async () => {
    const loaded = await loadTexts({
      'shop/Chart.yaml': 'apiVersion: v2\nname: shop\n',
      'shop/values.yaml': 'a: 1\n',
      'shop/templates/a.yaml': policy('{{ .Values.name }}'),
      'shop/templates/b.yaml': `{{- if .Values.x }}\n${policy('b')}{{- end }}\n`,
      'shop/templates/quoted.yaml': policy('"{{ .Release.Name }}"'),
      'shop/templates/static.yaml': policy('static'),
      'shop/crds/crd.yaml': policy('crd'),
    });
    expect(loaded.problems).toEqual([]);
    expect(resourceTexts(loaded)).toEqual([
      'PeerAuthentication/static@shop/templates/static.yaml#0:1',
      'PeerAuthentication/crd@shop/crds/crd.yaml#0:1',
    ]);
    expect(loaded.skipped.filter(({ reason }) => reason === 'helm-template')).toEqual([
      { reason: 'helm-template', path: 'shop', files: 3, documents: 3 },
    ]);
  });

  it('does not take braces in texts and comments for a template', async () => {
    const text = `# {{ not a template }}\n${policy('x')}spec:\n  note: "{{ x }}"\n  script: |\n    {{ y }}\n`;
    const loaded = await loadTexts({ 'k8s/a.yaml': text });
    expect(resourceTexts(loaded)).toEqual(['PeerAuthentication/x@k8s/a.yaml#0:1']);
    expect(loaded.skipped).toEqual([]);
  });

  it('keeps the plain documents beside a template outside of charts', async () => {
    const loaded = await loadTexts({
      'a.yaml': `${policy('{{ name }}')}---\n${policy('plain')}---\n${policy('"{{ x }}"')}`,
    });
    expect(loaded.problems).toEqual([]);
    expect(resourceTexts(loaded)).toEqual(['PeerAuthentication/plain@a.yaml#1:5']);
    expect(loaded.skipped).toEqual([{ reason: 'helm-template', path: '.', files: 1, documents: 2 }]);
  });
});

describe('kustomize', () => {
  const kustomization = `resources: [../base, own.yaml, patched-too.yaml]
components: [../parts]
namespace: shop
namePrefix: p-
patches:
- path: a.yaml
- path: patched-too.yaml
- patch: |-
    - op: remove
      path: /spec
patchesStrategicMerge: [b.yaml]
patchesJson6902:
- path: c.json
configurations: [names.yaml]
`;

  it('never judges a patch as a whole object', async () => {
    const loaded = await loadTexts({
      'over/kustomization.yaml': kustomization,
      'over/a.yaml': policy('a'),
      'over/b.yaml': policy('b'),
      'over/c.json': '[{"op": "remove", "path": "/spec"}]',
      'over/names.yaml': policy('names'),
      'over/own.yaml': policy('own'),
      'over/patched-too.yaml': policy('both'),
      'over/unlisted.yaml': `${policy('unlisted')}$patch: delete\n`,
      'loose.json': '[{"op": "add", "path": "/spec", "value": 1}]',
    });
    expect(loaded.problems).toEqual([]);
    expect(loaded.resources.map(({ name }) => name)).toEqual(['own', 'both']);
    expect(loaded.skipped).toEqual([
      { reason: 'kustomization', path: 'over/kustomization.yaml', files: 1, documents: 1 },
      { reason: 'kustomize-patch', path: 'loose.json', files: 1, documents: 1 },
      { reason: 'kustomize-patch', path: 'over', files: 5, documents: 5 },
    ]);
  });

  it('tells what a kustomization puts together', async () => {
    const { kustomizations } = await loadTexts({ 'over/dev/kustomization.yaml': kustomization });
    expect(kustomizations).toEqual([
      {
        file: 'over/dev/kustomization.yaml',
        directory: 'over/dev',
        kind: 'Kustomization',
        namespace: 'shop',
        namePrefix: 'p-',
        nameSuffix: undefined,
        resources: ['over/base', 'over/dev/own.yaml', 'over/dev/patched-too.yaml'],
        components: ['over/parts'],
        labels: [],
        patches: [],
      },
    ]);
  });

  it('tells which labels a kustomization adds and what its patches write', async () => {
    const { kustomizations } = await loadTexts({
      'base/kustomization.yaml': `
commonLabels: { team: a }
labels: [{ pairs: { tier: front }, includeTemplates: true }, { pairs: { owner: b } }]
patches:
  - path: namespace.yaml
  - path: operations.json
    target: { kind: Deployment, name: web.* }
  - patch: |
      apiVersion: v1
      kind: Service
      metadata: { name: web }
      $patch: delete
  - { path: absent.yaml }
`,
      'base/namespace.yaml':
        'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop, labels: { istio-injection: enabled } }\n',
      'base/operations.json':
        '[{"op": "add", "path": "/spec/template/metadata/annotations/a~1b", "value": "c"}]',
    });
    expect(kustomizations[0]?.labels).toEqual([
      { pairs: { team: 'a' }, selectors: true, templates: true },
      { pairs: { tier: 'front' }, selectors: false, templates: true },
      { pairs: { owner: 'b' }, selectors: false, templates: false },
    ]);
    expect(kustomizations[0]?.patches).toEqual([
      {
        kind: 'Namespace',
        name: 'shop',
        namespace: undefined,
        deletes: false,
        paths: [['metadata', 'labels', 'istio-injection']],
      },
      {
        kind: 'Deployment',
        name: undefined,
        namespace: undefined,
        deletes: false,
        paths: [['spec', 'template', 'metadata', 'annotations', 'a/b']],
      },
      { kind: 'Service', name: 'web', namespace: undefined, deletes: true, paths: [[]] },
    ]);
  });

  it('does not mistake Flux for kustomize', async () => {
    const text = 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: flux}\n';
    const loaded = await loadTexts({ 'f.yaml': text });
    expect(resourceTexts(loaded)).toEqual(['Kustomization/flux@f.yaml#0:1']);
  });
});

describe('what is not for Kubernetes', () => {
  it('is counted without noise, even when it is broken', async () => {
    const loaded = await loadTexts({
      '.github/workflows/ci.yml': 'on: push\njobs: {}\n',
      'api/openapi.json': '{"openapi": "3.0.0"}',
      'package.json': '{"name": "x", // comment\n}',
      'broken.yaml': 'a: [1\n',
      'empty.yaml': '# nothing\n',
    });
    expect(loaded.problems).toEqual([]);
    expect(loaded.skipped.map(({ reason, path, detail }) => [reason, path, detail])).toEqual([
      ['empty', 'empty.yaml', undefined],
      ['not-kubernetes', '.github/workflows/ci.yml', 'CI'],
      ['not-kubernetes', 'api/openapi.json', 'OpenAPI'],
      ['not-kubernetes', 'broken.yaml', 'YAML'],
      ['not-kubernetes', 'package.json', 'JSON'],
    ]);
  });

  it('is a problem once the file shows signs of Kubernetes', async () => {
    const loaded = await loadTexts({ 'f.yaml': 'kind: Pod\na: [1\n', 'f.json': '{"kind": "Pod",}' });
    expect(loaded.problems.map(problemText)).toEqual(['f.json:1:16 syntax', 'f.yaml:3:1 syntax']);
  });
});
