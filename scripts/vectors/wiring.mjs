import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadSource } from '../load-source.mjs';
import { meshOfResources, readResources } from '../meshes/read-meshes.mjs';
import { jsonLines } from './wiring/json-lines.mjs';
import { compareChains, compareRefusals } from './wiring/chains.mjs';
import { compareClusters } from './wiring/clusters.mjs';
import { compareObjects } from './wiring/objects.mjs';

// Family `wiring`: the filters, clusters and route settings that extension objects make of every proxy's chains, and
// whether each object changes anything. What the API server or the webhook refuses is left out where
// expect-admitted.jsonl tells the answer without it. Listeners that Envoy refuses are counted apart.

const [facade] = await loadSource('src/policy/effective-policies.ts');

async function caseFolders(folder) {
  const groups = ['named', 'random'].map((group) => path.join(folder, group));
  const cases = await Promise.all(
    groups.map(async (group) => (await readdir(group)).sort().map((name) => path.join(group, name))),
  );
  return cases.flat();
}

async function optionalLines(file) {
  return jsonLines(file).catch(() => undefined);
}

function isRefused(refused, { kind, name, namespace }) {
  return refused.has(`${kind} ${namespace ?? ''}/${name}`);
}

/** `EnvoyFilter shop/sigsci`, as lines of the kind `refused` name their object. */
function refusedObjects(lines) {
  return new Set(lines.filter(({ line }) => line === 'refused').map(({ object }) => object));
}

async function readCase(folder) {
  const file = path.join(folder, 'mesh.yaml');
  const resources = await readResources({ path: file, text: await readFile(file, 'utf8') });
  const stored = await jsonLines(path.join(folder, 'expect.jsonl'));
  const admitted = await optionalLines(path.join(folder, 'expect-admitted.jsonl'));
  if (admitted === undefined) return [{ resources, lines: stored }];
  const refused = refusedObjects(stored);
  const left = resources.filter((resource) => !isRefused(refused, resource));
  return [
    { resources: left, lines: admitted },
    { resources, lines: stored, extra: true },
  ];
}

export async function run(folder, options) {
  const parts = options.parts ?? ['chains', 'clusters', 'objects'];
  const result = { agree: 0, disagree: [], unknown: [], refusals: { foreseen: 0, missed: [], false: [] } };
  for (const each of await caseFolders(folder)) {
    const [{ resources, lines }, asStored] = await readCase(each);
    const used = parts.includes('stored') && asStored !== undefined ? asStored : { resources, lines };
    const mesh = meshOfResources(used.resources, { istioVersion: '1.32.0' });
    const policies = facade.effectivePolicies(mesh);
    const subject = { place: path.basename(each), lines: used.lines, policies, result };
    if (parts.includes('chains')) compareChains(subject);
    if (parts.includes('clusters')) compareClusters(subject);
    if (parts.includes('objects')) compareObjects(subject);
    compareRefusals(subject);
  }
  const { foreseen, missed, false: wrong } = result.refusals;
  for (const line of missed) console.log(`wiring refusal missed: ${line}`);
  for (const line of wrong) console.log(`wiring refusal that is none: ${line}`);
  console.log(
    `wiring listeners that Envoy refuses: ${foreseen} foreseen, ${missed.length} missed, ${wrong.length} false`,
  );
  return result;
}
