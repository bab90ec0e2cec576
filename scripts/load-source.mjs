import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

/** `#layer/file.js` means `src/layer/file.ts` here, as it does in the tests. */
const layers = {
  name: 'layers',
  setup(builder) {
    builder.onResolve({ filter: /^#/ }, ({ path: name }) => {
      if (name === '#check') return { path: path.join(root, 'src/check/index.ts') };
      if (name === '#checks') return { path: path.join(root, 'checks/index.ts') };
      return { path: path.join(root, 'src', name.slice(1).replace(/\.js$/, '.ts')) };
    });
  },
};

/** Folders of bundles that this process has made. */
const outputs = [];

function removeOutputs() {
  for (const folder of outputs) rmSync(folder, { recursive: true, force: true });
}

/** Bundles TypeScript modules of the project on the fly and imports them, so that scripts need no build first. */
export async function loadSource(...entries) {
  const out = mkdtempSync(path.join(root, 'node_modules/.source-'));
  // Chunks are imported lazily, so the folder lives as long as the process.
  if (outputs.length === 0) process.once('exit', removeOutputs);
  outputs.push(out);
  await build({
    entryPoints: Object.fromEntries(entries.map((entry, index) => [`m${index}`, path.join(root, entry)])),
    outdir: out,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'error',
    plugins: [layers],
  });
  return Promise.all(entries.map((_, index) => import(pathToFileURL(path.join(out, `m${index}.mjs`)).href)));
}
