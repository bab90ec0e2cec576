import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadSource } from '../../load-source.mjs';

// Part `mtls`: mode and protocol of every workload port (mtls.jsonl).

const [peer, inbound, decision] = await loadSource(
  'src/policy/peer-mtls.ts',
  'src/policy/inbound-ports.ts',
  'src/policy/decision.ts',
);

/** Every workload of these meshes has a sidecar, labels or not: a premise of the family. */
const enrolled = decision.known({ dataPlane: 'sidecar', revision: 'default', reason: 'given' }, 'default');

function answer(mesh, { workload: id, port }) {
  const workload = mesh.workloads.find((each) => each.id === id);
  if (workload === undefined) return undefined;
  const mode = peer.peerMtlsOf(mesh, workload, enrolled)(port);
  const known = inbound.inboundPortsOf(mesh, workload, enrolled).find(({ number }) => number === port);
  return mode.known ? `${mode.value} ${known?.protocol ?? 'AUTO'}` : undefined;
}

export async function compare(mesh, folder) {
  const lines = (await readFile(path.join(folder, 'mtls.jsonl'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '');
  const result = { agree: 0, disagree: [], unknown: [] };
  for (const line of lines) {
    const vector = JSON.parse(line);
    const ours = answer(mesh, vector);
    const place = `${path.basename(folder)} ${line}`;
    if (ours === undefined) result.unknown.push(place);
    else if (ours === `${vector.mode} ${vector.protocol}`) result.agree += 1;
    else result.disagree.push(`${place}: we say ${ours}`);
  }
  return result;
}
