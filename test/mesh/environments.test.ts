import { describe, expect, it } from 'vitest';
import type { Kustomization, Resource } from '#documents/document.js';
import { buildMeshes } from '#mesh/build-meshes.js';
import type { BuiltMeshes } from '#mesh/build-meshes.js';
import { resourcesOf } from './mesh-of.js';

function policy(name: string, mode: string): string {
  return `
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: ${name}, namespace: n }
spec: { mtls: { mode: ${mode} } }
---`;
}

function deployment(name: string, image = 'a'): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec: { template: { metadata: { labels: { app: ${name} } }, spec: { serviceAccountName: sa, containers: [{ name: a, image: ${image} }] } } }
---`;
}

const account = `
apiVersion: v1
kind: ServiceAccount
metadata: { name: sa }
---`;

function load(files: Readonly<Record<string, string>>): readonly Resource[] {
  return Object.entries(files).flatMap(([file, text]) => resourcesOf(text, { file }));
}

function build(
  files: Readonly<Record<string, string>>,
  kustomizations: readonly Kustomization[] = [],
): BuiltMeshes {
  return buildMeshes(load(files), { scope: 'partial', kustomizations });
}

/** Environments and what is in them: `kind name` of every resource, with the mode of policies. */
function contents({ meshes }: BuiltMeshes): Readonly<Record<string, readonly string[]>> {
  const told = ({ name, object }: Resource): string =>
    `${name}${/"mode":"(\w+)"/.exec(JSON.stringify(object))?.[1] ?? ''}`;
  return Object.fromEntries(meshes.map(({ environment, resources }) => [environment, resources.map(told)]));
}

function kustomization(
  directory: string,
  resources: readonly string[],
  more: Partial<Kustomization> = {},
): Kustomization {
  return {
    file: `${directory}/kustomization.yaml`,
    directory,
    kind: 'Kustomization',
    namespace: undefined,
    namePrefix: undefined,
    nameSuffix: undefined,
    resources,
    components: [],
    ...more,
  };
}

describe('one environment', () => {
  it('is what files in several directories make that agree', () => {
    const built = build({
      'top/a/p.yaml': policy('p', 'STRICT'),
      'top/b/q.yaml': policy('q', 'STRICT'),
      'top/d.yaml': deployment('d'),
    });
    expect(contents(built)).toEqual({ '': ['pSTRICT', 'qSTRICT', 'd'] });
    expect(built.problems).toEqual([]);
  });

  it('holds what is said twice in the same words only once', () => {
    const again = policy('p', 'STRICT').replace(
      'namespace: n',
      'namespace: n, uid: u, resourceVersion: "1", creationTimestamp: x',
    );
    const { meshes, problems } = build({ 'a/p.yaml': policy('p', 'STRICT'), 'b/p.yaml': again });
    expect(
      meshes.map(({ resources, duplicates }) => [
        resources.length,
        duplicates.map(({ origin }) => origin.file),
      ]),
    ).toEqual([[1, ['b/p.yaml']]]);
    expect(problems).toEqual([]);
  });
});

describe('alternatives', () => {
  it('are the directories that hold different forms of an object; the rest is in each', () => {
    const built = build({
      'top/base/d.yaml': deployment('d'),
      'top/overlays/dev/p.yaml': policy('p', 'PERMISSIVE'),
      'top/overlays/prod/p.yaml': policy('p', 'STRICT') + policy('q', 'STRICT'),
    });
    expect(contents(built)).toEqual({
      'overlays/dev': ['d', 'pPERMISSIVE'],
      'overlays/prod': ['d', 'pSTRICT', 'qSTRICT'],
    });
    expect(built.problems).toEqual([]);
  });

  it('are told apart by copies of a workload too, even when these agree', () => {
    const built = build({
      'dev/d.yaml': deployment('d'),
      'prod/d.yaml': deployment('d'),
      'prod/p.yaml': policy('p', 'STRICT'),
    });
    expect(contents(built)).toEqual({ dev: ['d'], prod: ['d', 'pSTRICT'] });
  });

  it('include the files of a directory that differ from its children; its other files are in each', () => {
    const built = build({
      'top/all.yaml': policy('p', 'DISABLE') + policy('only-all', 'STRICT'),
      'top/shared.yaml': policy('s', 'STRICT'),
      'top/parts/p.yaml': policy('p', 'STRICT'),
    });
    expect(contents(built)).toEqual({
      'all.yaml': ['pDISABLE', 'only-allSTRICT', 'sSTRICT'],
      parts: ['sSTRICT', 'pSTRICT'],
    });
  });

  it('of one name in several directories are one environment', () => {
    const built = build({
      'x/dev/p.yaml': policy('p', 'PERMISSIVE'),
      'x/prod/p.yaml': policy('p', 'STRICT'),
      'y/dev/q.yaml': policy('q', 'PERMISSIVE'),
      'y/prod/q.yaml': policy('q', 'STRICT'),
    });
    expect(contents(built)).toEqual({
      '**/dev': ['pPERMISSIVE', 'qPERMISSIVE'],
      '**/prod': ['pSTRICT', 'qSTRICT'],
    });
  });

  it('nest', () => {
    const built = build({
      'eu/dev/p.yaml': policy('p', 'DISABLE'),
      'eu/prod/p.yaml': policy('p', 'STRICT'),
      'us/p.yaml': policy('p', 'PERMISSIVE'),
    });
    expect(Object.keys(contents(built))).toEqual(['eu/dev', 'eu/prod', 'us']);
  });

  it('beyond all measure are one whole with contested objects', () => {
    const files = Array.from({ length: 201 }, (_, index) => [
      `d${String(index)}/d.yaml`,
      deployment('d', `i${String(index)}`),
    ]);
    const { meshes, problems } = build(Object.fromEntries(files) as Record<string, string>);
    expect(meshes.map(({ contested }) => contested.length)).toEqual([1]);
    expect(problems[0]).toMatchObject({ code: 'ambiguous-object', fatal: false });
  });
});

describe('objects that nothing tells apart', () => {
  it('are contested: all forms stay, one problem for the directory', () => {
    const { meshes, problems } = build({
      'top/a.yaml': policy('p', 'STRICT') + policy('q', 'STRICT'),
      'top/b.yaml': policy('p', 'DISABLE') + policy('q', 'DISABLE') + policy('r', 'STRICT'),
    });
    const [mesh] = meshes;
    const policies = mesh?.ofKind('security.istio.io', 'PeerAuthentication') ?? [];
    expect(policies.map((each) => [each.name, mesh?.isContested(each)])).toEqual([
      ['p', true],
      ['p', true],
      ['q', true],
      ['q', true],
      ['r', false],
    ]);
    expect(problems).toMatchObject([{ code: 'ambiguous-object', fatal: false, file: 'top/a.yaml', line: 2 }]);
    expect(problems[0]?.message).toContain('PeerAuthentication n/p (top/a.yaml:2, top/b.yaml:2) and 1 more');
  });

  it('give a workload for each form, under ids of their own', () => {
    const { meshes } = build({ 'a.yaml': deployment('d', 'one') + deployment('d', 'two') });
    expect(meshes[0]?.workloads.map(({ id }) => id)).toEqual([
      'default/Deployment/d',
      'default/Deployment/d#2',
    ]);
  });
});

describe('kustomizations', () => {
  const overlays = [
    kustomization('k/base', ['k/base/d.yaml']),
    kustomization('k/dev', ['k/base', 'k/dev/p.yaml'], { namespace: 'dev', namePrefix: 'dev-' }),
    kustomization('k/prod', ['k/base', 'k/prod/q.yaml'], { namespace: 'prod' }),
  ];
  const files = {
    'k/base/d.yaml': deployment('d') + account,
    'k/dev/p.yaml': policy('p', 'PERMISSIVE'),
    'k/prod/q.yaml': policy('q', 'STRICT'),
  };

  it('that share a base are environments, each with the base in its own namespace and names', () => {
    const { meshes } = build(files, overlays);
    const seen = meshes.map(({ environment, workloads, namespaces }) => [
      environment,
      workloads.map(({ id, principal }) => `${id} ${principal}`),
      [...namespaces.keys()].filter((name) => name !== 'istio-system'),
    ]);
    expect(seen).toEqual([
      [
        '',
        [
          'dev/Deployment/dev-d cluster.local/ns/dev/sa/dev-sa',
          'prod/Deployment/d cluster.local/ns/prod/sa/sa',
        ],
        ['dev', 'prod'],
      ],
    ]);
  });

  it('that would deploy one object twice are told apart', () => {
    const same = overlays.map((each) => ({ ...each, namespace: undefined, namePrefix: undefined }));
    expect(contents(build(files, same))).toEqual({
      dev: ['d', 'sa', 'pPERMISSIVE'],
      prod: ['d', 'sa', 'qSTRICT'],
    });
  });

  it('leave what lies beside them to itself', () => {
    const own = [kustomization('app', ['app/d.yaml', 'app/sub'])];
    const beside = {
      'app/d.yaml': deployment('d'),
      'app/p.yaml': policy('p', 'STRICT'),
      'app/sub/q.yaml': policy('q', 'STRICT'),
      'other/r.yaml': policy('r', 'STRICT'),
    };
    expect(contents(build(beside, own))).toEqual({
      '.': ['d', 'qSTRICT', 'rSTRICT'],
      'app (not in its kustomization)': ['pSTRICT'],
    });
  });

  it('that list directories only have nothing beside them', () => {
    const own = [kustomization('all', ['app']), kustomization('app', ['app/d.yaml'])];
    const files = { 'app/d.yaml': deployment('d'), 'all/p.yaml': policy('p', 'STRICT') };
    expect(contents(build(files, own))).toEqual({ '': ['d', 'pSTRICT'] });
  });

  it('that differ in nothing but patches are one environment', () => {
    const alike = [
      overlays[0],
      kustomization('k/dev', ['k/base']),
      kustomization('k/prod', ['k/base']),
    ].filter((each) => each !== undefined);
    const { meshes } = build({ 'k/base/d.yaml': deployment('d') }, alike);
    expect(meshes.map(({ environment, workloads }) => [environment, workloads.length])).toEqual([['', 1]]);
  });

  it('that take each other in end', () => {
    const circle = [
      kustomization('a', ['b', 'a/d.yaml']),
      kustomization('b', ['a']),
      kustomization('c', ['a']),
    ];
    expect(contents(build({ 'a/d.yaml': deployment('d') }, circle))).toEqual({ '': ['d'] });
  });

  it('reach one base on two ways with different names', () => {
    const twice = [
      kustomization('base', ['base/d.yaml']),
      kustomization('one', ['base'], { namePrefix: 'one-' }),
      kustomization('two', ['base'], { nameSuffix: '-two' }),
      kustomization('all', ['one', 'two']),
    ];
    const { meshes } = build({ 'base/d.yaml': deployment('d') }, twice);
    expect(meshes.map(({ workloads }) => workloads.map(({ name }) => name))).toEqual([['d-two', 'one-d']]);
  });
});

describe('resources that only complete the mesh', () => {
  it('join every environment, but for those that it has itself', () => {
    const also = resourcesOf(policy('p', 'UNSET') + policy('mesh', 'STRICT'), {
      file: 'cluster.yaml',
      reported: false,
    });
    const files = { 'dev/p.yaml': policy('p', 'PERMISSIVE'), 'prod/p.yaml': policy('p', 'STRICT') };
    const built = buildMeshes([...load(files), ...also], { scope: 'partial' });
    expect(contents(built)).toEqual({ dev: ['pPERMISSIVE', 'meshSTRICT'], prod: ['pSTRICT', 'meshSTRICT'] });
    expect(built.problems).toEqual([]);
  });
});
