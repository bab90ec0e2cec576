import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { audit } from '#audit.js';
import type { LoadedMeshes } from '#load-meshes.js';
import { loadMeshes } from '#load-meshes.js';
import { effectivePolicies } from '#policy/effective-policies.js';
import { gapsOf } from '#policy/waf/verdict.js';

const root = fileURLToPath(new URL('../../fixtures/waf/', import.meta.url));

const filesOf = (folder: string): readonly string[] => readdirSync(`${root}${folder}`).sort();

const textOf = (folder: string, name: string): string => readFileSync(`${root}${folder}/${name}`, 'utf8');

interface Judged {
  readonly products: readonly string[];
  readonly gaps: readonly string[];
  readonly loaded: LoadedMeshes;
}

async function judge(folder: string, name: string): Promise<Judged> {
  const loaded = await loadMeshes({ sources: [{ path: name, text: textOf(folder, name) }] });
  const found = loaded.meshes.map((mesh) => {
    const { waf } = effectivePolicies(mesh);
    const decisions = [
      ...mesh.workloads.map((workload) => waf.inspection(workload)),
      ...waf.routes().map(({ inspection }) => inspection),
    ];
    return {
      products: waf.presence().map(({ product }) => product.id),
      gaps: [...decisions.flatMap(gapsOf), ...waf.idle().map(({ gap }) => gap)].map(({ kind }) => kind),
    };
  });
  const all = (part: 'products' | 'gaps'): readonly string[] => [
    ...new Set(found.flatMap((each) => each[part])),
  ];
  return { products: all('products'), gaps: all('gaps'), loaded };
}

/** Gaps that a manifest has whatever it is about: modules by tag, the beginning of a body. */
const aside: ReadonlySet<string> = new Set(['mutable-module', 'body-truncated']);

/** Product of each positive, where its name is not that of the file. */
const products: Readonly<Record<string, string>> = {
  'agent-as-module': 'signal-sciences',
  'agent-as-reverse-proxy': 'signal-sciences',
  'alb-ingress': 'aws-waf',
  'application-gateway': 'azure-waf',
  'backend-config': 'cloud-armor',
  'engine-of-an-operator': 'coraza',
  'ext-proc-at-the-gateway': 'wallarm',
  'global-policy': 'calico',
  'go-filter': 'open-appsec',
  'lua-of-its-own-image': 'curiefense',
  'own-envoy': 'modsecurity',
  'policy-that-prevents': 'open-appsec',
  sensor: 'neuvector',
  spoa: 'modsecurity-spoa',
  'virtual-server': 'nginx-app-protect',
  'wasm-by-discovery': 'modsecurity',
  'wasm-plugin': 'coraza',
};

describe('what belongs to a product', () => {
  it.each(filesOf('positive'))('%s is recognised, and nothing is wrong with it', async (name) => {
    const { products: found, gaps } = await judge('positive', name);
    const stem = name.replace('.yaml', '');
    expect(found).toEqual([products[stem] ?? stem]);
    expect(gaps.filter((gap) => !aside.has(gap))).toEqual([]);
  });
});

describe('what looks alike', () => {
  it.each(filesOf('look-alike'))('%s is no product', async (name) => {
    const { products: found, gaps } = await judge('look-alike', name);
    expect([...found, ...gaps]).toEqual([]);
  });
});

describe('what is wired wrongly', () => {
  it.each(filesOf('misconfigured'))('%s: the mistake is told, and it is the only one', async (name) => {
    const { products: found, gaps } = await judge('misconfigured', name);
    const told = /^# gap: (\S+)$/m.exec(textOf('misconfigured', name))?.[1];
    expect(found).toHaveLength(1);
    expect(gaps.filter((gap) => !aside.has(gap))).toEqual([told]);
  });
  it.each(filesOf('misconfigured'))('%s: a check finds it, in the manifest alone', async (name) => {
    const sources = [{ path: name, text: textOf('misconfigured', name) }];
    const { findings } = await audit({ sources });
    const found = findings.filter(({ checkId }) => checkId.startsWith('WAF-'));
    expect(found.map(({ location }) => location.file)).toContain(name);
  });
});

describe('what is broken', () => {
  it('text before the object is named with its line', async () => {
    const { loaded } = await judge('broken', 'noise-before.yaml');
    expect(loaded.problems).toMatchObject([{ code: 'syntax', fatal: true }]);
  });
  it('a mistyped key is named, and the filter recognised', async () => {
    const name = 'mistyped-namespace.yaml';
    expect((await judge('broken', name)).products).toEqual(['datadog']);
    const { findings } = await audit({ sources: [{ path: name, text: textOf('broken', name) }] });
    expect(findings.map(({ message }) => message).join('\n')).toContain('names pace');
  });
  it('a template is left alone', async () => {
    const { loaded, products: found } = await judge('template', 'plugin.yaml');
    expect(found).toEqual([]);
    expect(loaded.loaded.skipped).toMatchObject([{ reason: 'helm-template' }]);
  });
});

describe("a product of one's own", () => {
  const policy = {
    apiVersion: 'guard.example/v1',
    kind: 'Shield',
    metadata: { name: 'shop', namespace: 'shop' },
    spec: { mode: 'watch', targetRef: { kind: 'Gateway', name: 'shop' } },
  };
  const ingress = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'shop', namespace: 'shop', annotations: { 'guard.example/on': 'true' } },
    spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
  };
  const wafProducts = [
    {
      id: 'guard',
      name: 'Guard',
      fronts: [
        {
          kinds: ['guard.example/Shield'],
          mode: { field: 'spec.mode', detects: ['watch'], otherwise: 'blocks' as const },
        },
        { on: ['Ingress'], annotation: { name: 'guard.example/on' } },
      ],
    },
  ];
  it('is told by its own kinds and annotations', async () => {
    const sources = [policy, ingress].map((object, index) => ({
      path: `${String(index)}.yaml`,
      text: JSON.stringify(object),
    }));
    const { findings, inspection } = await audit({ sources, wafProducts });
    expect(inspection).toMatchObject([{ products: ['Guard'], routes: { total: 1, inspected: 1 } }]);
    expect(findings.filter(({ checkId }) => checkId === 'WAF-017')).toHaveLength(1);
    expect((await audit({ sources })).inspection).toMatchObject([{ products: [], routes: { inspected: 0 } }]);
  });
});
