import { describe, expect, it } from 'vitest';
import { audit } from '#audit.js';
import type { AuditResult } from '#check/index.js';
import { catalogue } from '#checks';

const base = `
apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { team: a } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec: { containers: [{ name: cart, image: i, ports: [{ containerPort: 80 }] }] }
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: door, namespace: shop }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { number: 443, name: tls, protocol: HTTPS }, tls: { mode: PASSTHROUGH }, hosts: ["*"] }]
`;

const namespacePatch = (label: string): string =>
  `  - patch: |
      apiVersion: v1
      kind: Namespace
      metadata: { name: shop, labels: { ${label} } }
`;

/** A namespace that manifests enrol, so that the lack of a label shows something elsewhere. */
const enrolled = `
apiVersion: v1
kind: Namespace
metadata: { name: bank, labels: { istio-injection: enabled } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: accounts, namespace: bank }
spec:
  selector: { matchLabels: { app: accounts } }
  template:
    metadata: { labels: { app: accounts } }
    spec: { containers: [{ name: accounts, image: i }] }
`;

async function run(kustomization: string, more: Readonly<Record<string, string>> = {}): Promise<AuditResult> {
  const files = {
    'k/kustomization.yaml': `resources: [base.yaml]\n${kustomization}`,
    'k/base.yaml': base,
    'bank/bank.yaml': enrolled,
    ...more,
  };
  const checks = catalogue.filter(({ meta }) => ['ENR-001', 'GW-002'].includes(meta.id));
  return audit({
    sources: Object.entries(files).map(([path, text]) => ({ path, text })),
    scope: 'partial',
    checks,
  });
}

const found = ({ findings }: AuditResult): readonly string[] => findings.map(({ checkId }) => checkId).sort();

const missing = ({ undecided }: AuditResult): readonly string[] =>
  undecided.map(({ checkId, missing: [first] }) => `${checkId} ${first?.key ?? ''}`).sort();

describe('what a kustomization changes', () => {
  it('is nothing where it only takes in', async () => {
    expect(found(await run(''))).toEqual(['ENR-001', 'GW-002']);
  });

  it.each([
    ['labels of the namespace that a mesh reads', `patches:\n${namespacePatch('istio-injection: enabled')}`],
    [
      'labels of the pods that a mesh reads',
      `patches:
  - target: { kind: Deployment }
    patch: |
      - { op: add, path: /spec/template/metadata/annotations/sidecar.istio.io~1inject, value: "true" }
`,
    ],
  ])('leaves open what depends on %s', async (_, kustomization) => {
    const result = await run(kustomization);
    expect(found(result)).toEqual(['GW-002']);
    expect(missing(result)).toEqual(['ENR-001 kustomize-patch']);
  });

  it('leaves open what a patched field says', async () => {
    const patch = `
  - target: { kind: Gateway, name: door }
    patch: |
      - { op: replace, path: /spec/servers/0/hosts/0, value: shop.example.com }
`;
    const result = await run(`patches:${patch}`);
    expect(found(result)).toEqual(['ENR-001']);
    expect(missing(result)).toEqual(['GW-002 kustomize-patch']);
  });

  it.each([
    ['labels that no mesh reads', `patches:\n${namespacePatch('team: b')}`],
    [
      'the number of pods',
      'patches:\n  - { target: { kind: Deployment }, patch: "- { op: replace, path: /spec/replicas, value: 3 }\\n" }\n',
    ],
    ['another object', `patches:\n${namespacePatch('istio-injection: enabled').replace('shop', 'other')}`],
  ])('is judged as before by a patch of %s', async (_, kustomization) => {
    expect(found(await run(kustomization))).toEqual(['ENR-001', 'GW-002']);
  });

  it('leaves open what a selector selects of which one label is patched', async () => {
    const policy = `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: cart, namespace: shop }
spec: { selector: { matchLabels: { app: card } }, mtls: { mode: STRICT } }
`;
    const patch = `patches:
  - patch: |
      apiVersion: security.istio.io/v1
      kind: PeerAuthentication
      metadata: { name: cart, namespace: shop }
      spec: { selector: { matchLabels: { app: cart } } }
`;
    const judged = (kustomization: string): Promise<AuditResult> =>
      audit({
        sources: [
          { path: 'k/kustomization.yaml', text: `resources: [base.yaml]\n${kustomization}` },
          { path: 'k/base.yaml', text: `${base}---${policy}` },
        ],
        scope: 'complete',
        checks: catalogue.filter(({ meta }) => meta.id === 'REF-001'),
      });
    expect(found(await judged(''))).toEqual(['REF-001']);
    const result = await judged(patch);
    expect(found(result)).toEqual([]);
    expect(missing(result)).toEqual(['REF-001 kustomize-patch']);
  });

  it('has the labels that it adds', async () => {
    const result = await run('commonLabels: { istio-injection: enabled }\n');
    expect(found(result)).toEqual(['GW-002']);
    expect(result.checks.find(({ id }) => id === 'ENR-001')?.pass).toBe(2);
  });

  it('lacks the objects that it deletes', async () => {
    const patch = `
  - patch: |
      apiVersion: networking.istio.io/v1
      kind: Gateway
      metadata: { name: door }
      $patch: delete
`;
    expect(found(await run(`patches:${patch}`))).toEqual(['ENR-001']);
  });

  it('is what its components change, too', async () => {
    const component = `kind: Component
patches:
${namespacePatch('istio-injection: enabled')}`;
    const result = await run('components: [../part]\n', { 'part/kustomization.yaml': component });
    expect(missing(result)).toEqual(['ENR-001 kustomize-patch']);
  });

  it('ends where components name each other', async () => {
    const component = (other: string): string => `kind: Component\ncomponents: [../${other}, ../${other}]\n`;
    const result = await run('components: [../a, ../b]\n', {
      'a/kustomization.yaml': component('b'),
      'b/kustomization.yaml': component('a'),
    });
    expect(found(result)).toEqual(['ENR-001', 'GW-002']);
  });
});
