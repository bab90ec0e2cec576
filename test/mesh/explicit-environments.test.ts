import { describe, expect, it } from 'vitest';
import { explicitEnvironments, type NamedTrees } from '#mesh/explicit-environments.js';
import type { Resource } from '#documents/document.js';
import { sampleResource } from '../check/sample.js';

const at = (file: string): Resource => sampleResource('Service', 'a', {}, file);

const split = (trees: NamedTrees, files: readonly string[]) => {
  const { environments } = explicitEnvironments(trees, {
    resources: files.map(at),
    kustomizations: [],
    isClusterScoped: () => false,
  });
  return Object.fromEntries(
    environments.map(({ name, resources }) => [name, resources.map(({ origin }) => origin.file)]),
  );
};

describe('explicitEnvironments', () => {
  it('puts a tree into every environment that names it', () => {
    const trees = { dev: ['base', 'dev'], prod: ['base/', './prod'] };
    expect(split(trees, ['base/a.yaml', 'dev/a.yaml', 'prod/a.yaml'])).toEqual({
      dev: ['base/a.yaml', 'dev/a.yaml'],
      prod: ['base/a.yaml', 'prod/a.yaml'],
    });
  });

  it('knows a folder from one whose name begins alike, and takes files', () => {
    expect(split({ dev: ['dev', 'one.yaml'] }, ['dev/a.yaml', 'one.yaml', 'developers/a.yaml'])).toEqual({
      dev: ['dev/a.yaml', 'one.yaml'],
      other: ['developers/a.yaml'],
    });
  });

  it('takes a dot for all that is not outside', () => {
    expect(split({ here: ['.'] }, ['a.yaml', '../b.yaml'])).toEqual({
      here: ['a.yaml'],
      other: ['../b.yaml'],
    });
  });

  it('names no environment that holds nothing', () => {
    expect(split({ dev: ['dev'], prod: ['prod'] }, ['dev/a.yaml'])).toEqual({ dev: ['dev/a.yaml'] });
  });
});
