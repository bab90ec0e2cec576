import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';

// Two outputs: dist/src and dist/checks, compiled file by file with their types, for those who import the library;
// dist/bundle, few and small files with the dependencies folded in, for the command line, which has to start fast.

const root = fileURLToPath(new URL('..', import.meta.url));

/** `#layer/file.js` means the TypeScript source here, `dist` when Node resolves it; packages have their own `#names`. */
const layers = {
  name: 'layers',
  setup(builder) {
    builder.onResolve({ filter: /^#/ }, ({ path: name, importer }) => {
      if (importer.includes('node_modules')) return undefined;
      if (name === '#check') return { path: path.join(root, 'src/check/index.ts') };
      if (name === '#checks') return { path: path.join(root, 'checks/index.ts') };
      return { path: path.join(root, 'src', name.slice(1).replace(/\.js$/, '.ts')) };
    });
  },
};

/** CommonJS dependencies call `require` for Node's own modules. */
const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** Removes what an earlier build left behind; the rest stays in place for those who run it meanwhile. */
async function removeFrom(folder, isStale) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  await Promise.all(files.filter(isStale).map((file) => rm(file, { force: true })));
}

async function bundle() {
  const outdir = path.join(root, 'dist/bundle');
  const { metafile } = await build({
    entryPoints: { main: path.join(root, 'src/cli/main.ts') },
    outdir,
    bundle: true,
    splitting: true,
    minify: true,
    keepNames: false,
    legalComments: 'linked',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: banner },
    chunkNames: '[name]-[hash]',
    metafile: true,
    logLevel: 'warning',
    plugins: [layers],
  });
  const written = new Set(Object.keys(metafile.outputs).map((file) => path.resolve(file)));
  await removeFrom(outdir, (file) => !written.has(file));
}

async function compile() {
  const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [tsc, '-p', path.join(root, 'tsconfig.build.json')],
    {
      cwd: root,
    },
  ).catch((failure) => failure);
  if (stdout !== '') throw new Error(`tsc\n${stdout}`);
  const source = (file) =>
    path.join(root, path.relative(path.join(root, 'dist'), file).replace(/(\.d)?\.[jt]s$/, '.ts'));
  for (const folder of ['src', 'checks']) {
    await removeFrom(path.join(root, 'dist', folder), (file) => !existsSync(source(file)));
  }
}

try {
  await Promise.all([bundle(), compile()]);
} catch (failure) {
  console.error(failure.message);
  process.exitCode = 1;
}
