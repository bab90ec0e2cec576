import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Law {
  /** Layers whose modules may be imported, values and types alike. */
  readonly layers: readonly string[];
  /** Layers of which only types may be imported. */
  readonly types?: readonly string[];
  /** npm packages and node built-ins the layer may use. */
  readonly packages?: readonly string[];
}

/** Plain structures without behaviour that every layer may read: the vocabulary of the house. */
const vocabulary = ['documents/json.js'];

/** One way only: an import that is not listed here is a mistake. */
const laws: Readonly<Record<string, Law>> = {
  // The only layer that touches files and YAML.
  documents: { layers: [], packages: ['yaml', 'fast-glob', 'tar', 'yauzl', 'node:*'] },
  schemas: { layers: [], types: ['documents'], packages: ['ajv', '@marcbachmann/cel-js', 're2js'] },
  mesh: { layers: ['schemas'], types: ['documents'] },
  policy: { layers: ['mesh'], types: ['documents'], packages: ['re2js'] },
  controls: { layers: [] },
  posture: { layers: ['mesh', 'policy'], types: ['documents'] },
  // Fingerprints are hashes: a pure computation, though a built-in does it.
  check: {
    layers: ['mesh', 'policy', 'controls', 'schemas'],
    types: ['documents'],
    packages: ['node:crypto'],
  },
  report: {
    layers: ['controls'],
    types: ['check', 'documents', 'mesh', 'policy', 'posture'],
    packages: ['chalk', 'cli-table3', 'node:crypto'],
  },
  // Reads files of its own; hands on what it read as plain values.
  config: { layers: ['schemas'], packages: ['ajv/*', 'yaml', 'node:*'] },
  // Reads a live cluster; what it hands on are texts for the loader.
  cluster: { layers: ['schemas', 'documents'], packages: ['socks', 'tar', 'yaml', 'node:*'] },
  // Runs the user's kustomize and helm; what it hands on are texts for the loader.
  templating: { layers: ['documents', 'temporary-folder'], packages: ['node:*'] },
  cli: {
    layers: ['index', 'audit', 'version', 'config', 'schemas', 'templating', 'temporary-folder'],
    types: ['check', 'report', 'documents', 'cluster', 'mesh', 'policy', 'posture'],
    packages: ['commander', 'chalk', 'chokidar', 'node:*'],
  },
};

interface Import {
  readonly file: string;
  readonly from: string;
  readonly typeOnly: boolean;
}

function sources(folder: string): readonly string[] {
  if (!existsSync(`${root}${folder}`)) return [];
  return readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith('.ts'));
}

const statement = /^\s*(import|export)\s+(type\s+)?([^;]*?\sfrom\s+)?'([^']+)'/gm;
const dynamic = /\bimport\(\s*'([^']+)'\s*\)/g;

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(`${root}${file}`, 'utf8');
  const fixed = [...text.matchAll(statement)].map((match) => ({
    file,
    from: match[4] ?? '',
    typeOnly: match[2] !== undefined,
  }));
  const lazy = [...text.matchAll(dynamic)].map((match) => ({ file, from: match[1] ?? '', typeOnly: false }));
  return [...fixed, ...lazy];
}

function allows(list: readonly string[], name: string): boolean {
  return list.some((entry) => (entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : entry === name));
}

function breach(layer: string, law: Law, { file, from, typeOnly }: Import): string | undefined {
  const said = `${file} imports ${from}`;
  if (from.startsWith('../')) return `${said}: crossing a folder is written #layer/file.js`;
  if (from.startsWith('./')) return undefined;
  if (!from.startsWith('#')) {
    const name = builtinModules.includes(from) ? `node:${from}` : from;
    return allows(law.packages ?? [], name) ? undefined : `${said}: not a package of this layer`;
  }
  const target = from.slice(1);
  if (vocabulary.includes(target)) return undefined;
  const targetLayer = (target.includes('/') ? target.split('/')[0] : target.replace(/\.js$/, '')) ?? '';
  if (targetLayer === layer || law.layers.includes(targetLayer)) return undefined;
  return typeOnly && law.types?.includes(targetLayer) === true ? undefined : `${said}: against the layer law`;
}

describe('layer law', () => {
  for (const [layer, law] of Object.entries(laws)) {
    it(`${layer} imports only what it may`, () => {
      const breaches = sources(`src/${layer}`)
        .flatMap(importsOf)
        .map((found) => breach(layer, law, found));
      expect(breaches.filter((said) => said !== undefined)).toEqual([]);
    });
  }

  it('every folder of src is a layer with a law', () => {
    const folders = readdirSync(`${root}src`, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).filter((name) => !(name in laws))).toEqual([]);
  });

  it('checks import only #check and their neighbours', () => {
    const foreign = sources('checks')
      .filter((file) => file !== 'checks/index.ts')
      .flatMap(importsOf)
      .filter(({ from }) => from !== '#check' && !from.startsWith('./'));
    expect(foreign).toEqual([]);
  });

  it('only the entry points import the catalogue', () => {
    const importers = sources('src')
      .flatMap(importsOf)
      .filter(({ from }) => from === '#checks')
      .map(({ file }) => file);
    expect(
      importers.filter((file) => !file.startsWith('src/cli/') && !/^src\/(index|audit)\.ts$/.test(file)),
    ).toEqual([]);
  });

  it('the pure layers ask no clock, environment or console', () => {
    const pure = ['mesh', 'policy', 'posture', 'check', 'controls'].flatMap((layer) =>
      sources(`src/${layer}`),
    );
    const impure = [...pure, ...sources('checks')].filter((file) =>
      /\bDate\.now\(|\bnew Date\(\)|\bprocess\.|\bconsole\.|\bMath\.random\(/.test(
        readFileSync(`${root}${file}`, 'utf8'),
      ),
    );
    expect(impure).toEqual([]);
  });
});
