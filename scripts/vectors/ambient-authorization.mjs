import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadSource } from '../load-source.mjs';
import { meshOfResources, readResources } from '../meshes/read-meshes.mjs';

// Family `ambient-authorization`: what ztunnel lets through. Parts:
// `connections`: verdict, deciding policy, policies that are skipped or only logged, for every connection
// `workloads`: the policies that istiod names to each workload, besides those that ztunnel finds by scope
// `mtls`: whether PeerAuthentication lets ztunnel take plaintext on a port; connections that an AuthorizationPolicy
//   settles say nothing about that and are not compared

const [facade, ambient, guarded, receiver] = await loadSource(
  'src/policy/effective-policies.ts',
  'src/policy/ambient/decide-ambient.ts',
  'src/policy/ambient/guarded-workload.ts',
  'src/policy/request/receiver.ts',
);

const converted = /istio_converted_static_strict$|\/converted_peer_authentication_/;

async function caseFolders(folder) {
  const found = [];
  for (const group of ['named', 'random']) {
    for (const name of (await readdir(path.join(folder, group))).sort())
      found.push(path.join(folder, group, name));
  }
  return found;
}

async function linesOf(folder, name) {
  const text = await readFile(path.join(folder, name), 'utf8');
  return text.split('\n').filter((line) => line !== '');
}

function clientOf({ plaintext, namespace, serviceAccount, trustDomain }) {
  return plaintext === true
    ? { kind: 'plaintext' }
    : { kind: 'mesh', namespace, serviceAccount, trustDomain };
}

const sameNames = (ours, istio = []) => [...ours].sort().join() === [...istio].sort().join();

function describe({ verdict, policy, skippedPolicies, dryRun, chain, missing }) {
  const steps = chain.map((step) => `${step.stage} ${step.outcome}: ${step.note}`).join(' > ');
  const lacking = missing.map(({ text }) => text).join('; ');
  const names = JSON.stringify({ policy, skippedPolicies, dryRun });
  return `we say ${verdict} ${names} (${steps})${lacking && ` lacking ${lacking}`}`;
}

/** What we make of one line: nothing to say when there is nothing to compare. */
const parts = {
  connections: {
    file: 'expect.jsonl',
    judge(policies, { from, ip, to, expect }) {
      const ours = ambient.decideAmbient(policies, { from: clientOf(from), ip, to });
      const agrees =
        ours.verdict === expect.verdict &&
        ours.policy === expect.policy &&
        sameNames(ours.skippedPolicies, expect.skippedPolicies) &&
        sameNames(ours.dryRun, expect.dryRun);
      return { agrees, unknown: ours.verdict === 'unknown', text: describe(ours) };
    },
  },
  workloads: {
    file: 'workloads.jsonl',
    judge(policies, { workload: id, policies: istio }) {
      const workload = receiver.workloadOf(policies, id);
      const { program } = guarded.guardedOf(policies, workload, []);
      const [peer] = program.peer;
      const named = [...program.policies, ...(peer?.policies ?? [])].filter(
        ({ scope }) => scope === 'workload',
      );
      const ours = [...named, ...(peer?.skipped ?? [])].map(({ key }) => key);
      const unknown = program.peer.length !== 1 || program.missing.length > 0;
      return { agrees: sameNames(ours, istio), unknown, text: `we say ${ours.join(', ')}` };
    },
  },
  mtls: {
    file: 'expect.jsonl',
    judge(policies, { from, to, expect: { verdict, policy = '' } }) {
      const settled = verdict === 'allowed' || converted.test(policy);
      if (from.plaintext !== true || !settled) return undefined;
      const istio = verdict === 'allowed' ? 'PERMISSIVE' : 'STRICT';
      const mode = policies.peerMtls(
        receiver.workloadOf(policies, `${to.namespace}/${to.workload}`),
        to.port,
      );
      return {
        agrees: mode.known && mode.value === istio,
        unknown: !mode.known,
        text: `we say ${mode.value}`,
      };
    },
  },
};

export async function run(folder, options) {
  const result = { agree: 0, disagree: [], unknown: [] };
  const wanted = Object.entries(parts).filter(([name]) => options.parts?.includes(name) ?? true);
  for (const each of await caseFolders(folder)) {
    const file = path.join(each, 'mesh.yaml');
    const mesh = meshOfResources(await readResources({ path: file, text: await readFile(file, 'utf8') }));
    const policies = facade.effectivePolicies(mesh);
    for (const [name, part] of wanted) {
      for (const line of await linesOf(each, part.file)) {
        const found = part.judge(policies, JSON.parse(line));
        if (found === undefined) continue;
        const place = `${name} ${path.basename(each)} ${line}: ${found.text}`;
        if (found.unknown) result.unknown.push(place);
        else if (found.agrees) result.agree += 1;
        else result.disagree.push(place);
      }
    }
  }
  return result;
}
