import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { meshOfResources, readResources } from '../meshes/read-meshes.mjs';

// Family `server`: what a sidecar makes of connections and requests. One module a part in scripts/vectors/server/,
// exporting `compare(mesh, folder): Promise<{ agree, disagree, unknown }>` for one case.

const parts = ['mtls', 'requests'];

async function caseFolders(folder) {
  const groups = ['named', 'random'].map((group) => path.join(folder, group));
  const cases = await Promise.all(
    groups.map(async (group) => (await readdir(group)).sort().map((name) => path.join(group, name))),
  );
  return cases.flat();
}

export async function run(folder, options) {
  const wanted = (options.parts ?? parts).filter((part) => parts.includes(part));
  const modules = await Promise.all(wanted.map((part) => import(`./server/${part}.mjs`)));
  const result = { agree: 0, disagree: [], unknown: [] };
  for (const each of await caseFolders(folder)) {
    const file = path.join(each, 'mesh.yaml');
    const mesh = meshOfResources(await readResources({ path: file, text: await readFile(file, 'utf8') }));
    for (const { compare } of modules) {
      const found = await compare(mesh, each);
      result.agree += found.agree;
      result.disagree.push(...found.disagree);
      result.unknown.push(...found.unknown);
    }
  }
  return result;
}
