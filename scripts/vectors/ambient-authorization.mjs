import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadSource } from '../load-source.mjs';
import { meshOfResources, readResources } from '../meshes/read-meshes.mjs';

// Family `ambient-authorization`. Part `mtls`: whether PeerAuthentication lets ztunnel take plaintext on a port.
// Connections that an AuthorizationPolicy settles say nothing about that and are not compared.

const converted = /istio_converted_static_strict$|\/converted_peer_authentication_/;

function istioMode({ verdict, policy = '' }) {
  if (verdict === 'allowed') return 'PERMISSIVE';
  return converted.test(policy) ? 'STRICT' : undefined;
}

async function caseFolders(folder) {
  const found = [];
  for (const group of ['named', 'random']) {
    for (const name of (await readdir(path.join(folder, group))).sort())
      found.push(path.join(folder, group, name));
  }
  return found;
}

function ourMode(policies, { namespace, workload: id, port }) {
  const workload = policies.mesh.workloads.find((each) => each.id === `${namespace}/${id}`);
  const enrolment = workload && policies.enrolment(workload);
  if (!enrolment?.known || enrolment.value.dataPlane !== 'ambient') return 'not ambient';
  const mode = policies.peerMtls(workload, port);
  return mode.known ? mode.value : undefined;
}

export async function run(folder, options) {
  const result = { agree: 0, disagree: [], unknown: [] };
  if (options.parts && !options.parts.includes('mtls')) return result;
  const [{ effectivePolicies }] = await loadSource('src/policy/effective-policies.ts');
  for (const each of await caseFolders(folder)) {
    const file = path.join(each, 'mesh.yaml');
    const mesh = meshOfResources(await readResources({ path: file, text: await readFile(file, 'utf8') }));
    const policies = effectivePolicies(mesh);
    const lines = (await readFile(path.join(each, 'expect.jsonl'), 'utf8'))
      .split('\n')
      .filter((line) => line !== '');
    for (const line of lines) {
      const { from, to, expect } = JSON.parse(line);
      const istio = from.plaintext === true ? istioMode(expect) : undefined;
      if (istio === undefined) continue;
      const ours = ourMode(policies, to);
      const place = `${path.basename(each)} ${line}`;
      if (ours === undefined) result.unknown.push(place);
      else if (ours === istio) result.agree += 1;
      else result.disagree.push(`${place}: we say ${ours}`);
    }
  }
  return result;
}
