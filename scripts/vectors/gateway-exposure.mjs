import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadSource } from '../load-source.mjs';
import { meshOfResources, readResources, secretsGiven } from '../meshes/read-meshes.mjs';

// Family `gateway-exposure`: what a gateway pod does with connections (expect.jsonl), policies left aside. Part
// `listeners`: its filter chains (listeners.jsonl), which are no verdicts but help to find the cause of a wrong one.

const [decide, facade] = await loadSource(
  'src/policy/gateway/decide-connection.ts',
  'src/policy/effective-policies.ts',
);

/** The names in the certificate that the premises give every client. */
const names = ['spiffe://cluster.local/ns/client/sa/client', 'client.example.com'];

function certificateOf(kind) {
  return kind === undefined ? undefined : { trusted: kind === 'trusted', names };
}

export function readProbe({ port, tls, http }) {
  return {
    port,
    tls: tls && { sni: tls.sni, alpn: tls.alpn ?? [], certificate: certificateOf(tls.clientCertificate) },
    http: http && {
      method: http.method ?? 'GET',
      host: http.host,
      path: http.path,
      headers: http.headers ?? {},
    },
  };
}

async function caseFolders(folder) {
  const found = [];
  for (const group of ['named', 'random']) {
    for (const name of (await readdir(path.join(folder, group))).sort())
      found.push(path.join(folder, group, name));
  }
  return found;
}

async function jsonLines(file) {
  const text = await readFile(file, 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

function expected({ outcome, destination, status }) {
  const { host, port, subset = '' } = destination ?? {};
  return [
    outcome,
    ...(destination === undefined ? [] : [`${host}:${port}${subset && `/${subset}`}`]),
    ...(outcome === 'redirect' ? [status] : []),
  ].join(' ');
}

function describe({ considered, missing }) {
  const steps = considered.map(
    ({ at, note }) => `${at.resource.kind} ${at.resource.name} ${at.path.join('.')}: ${note}`,
  );
  return [...steps, ...missing.map(({ text }) => `lacking ${text}`)].join(' > ');
}

async function compareConnections(folder, policies, result) {
  for (const vector of await jsonLines(path.join(folder, 'expect.jsonl'))) {
    const place = `${path.basename(folder)} ${JSON.stringify(vector)}`;
    const connection = { gateway: vector.gateway, probe: readProbe(vector) };
    const decision = decide.decideConnection(policies, connection);
    const ours = expected(decision);
    if (decision.outcome === 'unknown') result.unknown.push(`${place}: ${describe(decision)}`);
    else if (ours === expected(vector.expect)) result.agree += 1;
    else result.disagree.push(`${place}: we say ${ours} (${describe(decision)})`);
  }
}

/** A chain in the words of the vectors. */
function chainLine(gateway, listener, chain) {
  const { application, serverNames, mode, tls } = chain;
  const http = application.kind === 'http';
  const hosts = http ? application.virtualHosts : [];
  const redirects = hosts.filter(({ requiresTls }) => requiresTls);
  const [cluster] = http ? [] : application.clusters;
  return JSON.stringify({
    gateway,
    port: listener.port,
    sni: [...serverNames].sort(),
    mode,
    application: http ? 'HTTP' : 'TCP',
    hosts: hosts.map(({ domain }) => domain).sort(),
    redirects: redirects.map(({ domain }) => domain).sort(),
    missing: (tls?.credentials ?? []).filter(({ delivered }) => !delivered).length > 0,
    rejected: listener.rejected !== undefined,
    clusterPort: cluster?.port,
  });
}

function istioLine(line) {
  const { gateway, port, sni = [], mode, application, hosts = [], cluster } = line;
  const written = /^outbound(?:\||_\.)(\d+)/.exec(cluster ?? '');
  return JSON.stringify({
    gateway,
    port,
    sni: [...sni].sort(),
    mode,
    application,
    hosts: [...hosts].sort(),
    redirects: [...(line.httpsRedirectHosts ?? [])].sort(),
    missing: (line.credentialsNotDelivered ?? []).length > 0,
    rejected: line.rejectedByEnvoy === true,
    clusterPort: written ? Number(written[1]) : undefined,
  });
}

async function compareListeners(folder, policies, result) {
  const theirs = (await jsonLines(path.join(folder, 'listeners.jsonl'))).map(istioLine).sort();
  const ours = policies.mesh.workloads
    .flatMap((workload) => {
      const decision = policies.gatewayListeners(workload);
      if (!decision.known) return [];
      return decision.value.listeners.flatMap((listener) =>
        listener.chains.map((chain) => chainLine(workload.id, listener, chain)),
      );
    })
    .sort();
  const place = path.basename(folder);
  for (const line of theirs.filter((each) => !ours.includes(each)))
    result.disagree.push(`${place} listener of Istio: ${line}`);
  for (const line of ours.filter((each) => !theirs.includes(each)))
    result.disagree.push(`${place} listener of ours: ${line}`);
  result.agree += ours.filter((each) => theirs.includes(each)).length;
}

export async function run(folder, options) {
  const parts = options.parts ?? ['connections'];
  const result = { agree: 0, disagree: [], unknown: [] };
  for (const each of await caseFolders(folder)) {
    const file = path.join(each, 'mesh.yaml');
    const text = await readFile(file, 'utf8');
    const mesh = meshOfResources(await readResources({ path: file, text }, secretsGiven));
    const policies = facade.effectivePolicies(mesh);
    if (parts.includes('connections')) await compareConnections(each, policies, result);
    if (parts.includes('listeners')) await compareListeners(each, policies, result);
  }
  return result;
}
