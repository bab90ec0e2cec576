import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadSource } from '../load-source.mjs';
import { meshOfResources, readResources } from '../meshes/read-meshes.mjs';

// Family `injection`: does this pod get a proxy when it is created, and from which control plane?

async function install(folder, name) {
  const file = path.join(folder, 'installs', `${name}.yaml`);
  return readResources({ path: file, text: await readFile(file, 'utf8') });
}

function resource(kind, metadata, spec) {
  const object = { apiVersion: 'v1', kind, metadata, ...spec };
  const origin = { file: 'vector', document: kind === 'Pod' ? 1 : 0, path: [], line: 1 };
  const { name, namespace } = metadata;
  return {
    apiVersion: 'v1',
    group: '',
    version: 'v1',
    kind,
    name,
    namespace,
    object,
    origin,
    stored: false,
    reported: true,
  };
}

function created({ namespace, pod }) {
  const { labels = {}, annotations = {}, hostNetwork = false } = pod;
  return [
    resource('Namespace', { name: namespace.name, labels: namespace.labels ?? {} }),
    resource(
      'Pod',
      { name: 'created', namespace: namespace.name, labels, annotations },
      { spec: { hostNetwork, containers: [{ name: 'application', image: 'example.com/application:1' }] } },
    ),
  ];
}

/** `revision` when injected, `no` when not; undefined when we do not know. */
function said(decision) {
  if (!decision.known) return undefined;
  const { dataPlane, revision } = decision.value;
  return dataPlane === 'sidecar' ? String(revision) : 'no';
}

export async function run(folder) {
  const [{ enrolmentOf }] = await loadSource('src/policy/enrolment.ts');
  const lines = (await readFile(path.join(folder, 'table.jsonl'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '');
  const installs = new Map();
  const result = { agree: 0, disagree: [], unknown: [] };
  for (const line of lines) {
    const vector = JSON.parse(line);
    if (!installs.has(vector.install)) installs.set(vector.install, await install(folder, vector.install));
    const mesh = meshOfResources([...installs.get(vector.install), ...created(vector)]);
    const pod = mesh.workloads.find(({ kind }) => kind === 'Pod');
    const ours = said(enrolmentOf(mesh, pod));
    const istio = vector.injected ? vector.revision : 'no';
    if (ours === undefined) result.unknown.push(line);
    else if (ours === istio) result.agree += 1;
    else result.disagree.push(`${line}: we say ${ours}`);
  }
  return result;
}
