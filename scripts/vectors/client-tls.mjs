import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadSource } from '../load-source.mjs';
import { meshOfResources, readResources } from '../meshes/read-meshes.mjs';

// Family `client-tls`: what TLS does this workload's proxy originate to host, port and subset?

const [decisions, enrolment] = await loadSource(
  'src/policy/client-tls/client-tls-decisions.ts',
  'src/policy/enrolment.ts',
);

async function caseFolders(folder) {
  const groups = ['named', 'random'].map((group) => path.join(folder, group));
  const cases = await Promise.all(
    groups.map(async (group) => (await readdir(group)).sort().map((name) => path.join(group, name))),
  );
  return cases.flat();
}

const names = (value) => [...(value ?? [])].sort().join(',');

/** The fields that the table of the vectors says to compare; lines of absent clusters hold no other. */
function compared({ tls, effective, sni, subjectAltNames, verifies, checksName, destinationRule }) {
  if (tls === 'absent') return { tls };
  return {
    tls,
    effective,
    sni: sni ?? '',
    subjectAltNames: names(subjectAltNames),
    verifies: verifies ?? '',
    checksName: checksName ?? '',
    destinationRule: names(destinationRule),
  };
}

function ours(value) {
  const place = ({ namespace, name }) => `${namespace ?? 'default'}/${name}`;
  return compared({ ...value, destinationRule: value.destinationRules.map(place) });
}

/** The other fields, which the families' table does not ask for: compared on demand. */
function others(value, vector) {
  const endpoints = (list) =>
    (list ?? [])
      .map(({ tls }) => tls)
      .sort()
      .join(',');
  const protocol = value.protocol === 'auto' ? 'UnsupportedProtocol' : value.protocol;
  const pairs = [
    ['endpoints', endpoints(value.endpoints), endpoints(vector.endpoints)],
    ['hbone', value.hbone, vector.hbone ?? false],
    ['autoSni', value.autoSni, vector.autoSni ?? false],
    ['autoSanValidation', value.autoSanValidation, vector.autoSanValidation ?? false],
    ['ca', value.ca, vector.ca],
    ['clientCertificate', value.clientCertificate, vector.clientCertificate],
    ['protocol', protocol, vector.protocol],
  ];
  return pairs.filter(([, one, other]) => one !== other).map(([name]) => name);
}

function differing(one, other) {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].filter((key) => one[key] !== other[key]);
}

const key = ({ client, host, port, subset }) => `${client} ${host}:${port}:${subset ?? ''}`;

function chain({ considered }) {
  return considered.map(({ at, note }) => `${at.resource.kind} ${at.resource.name}: ${note}`).join(' > ');
}

function judge(vector, decision, place, result) {
  if (!decision.known || decision.value.effective === 'unknown') {
    const missing = decision.known ? decision.value.missing : decision.missing;
    result.unknown.push(`${place} ${key(vector)} lacking ${missing.map(({ text }) => text).join('; ')}`);
    return;
  }
  const [mine, theirs] = [ours(decision.value), compared(vector)];
  const fields = differing(mine, theirs);
  if (fields.length === 0 && process.env.VECTORS_ALL_FIELDS && vector.tls !== 'absent')
    fields.push(...others(decision.value, vector));
  if (fields.length === 0) result.agree += 1;
  else
    result.disagree.push(
      `${place} ${key(vector)} in ${fields.join(', ')}: Istio ${JSON.stringify(vector)}, we say ${JSON.stringify(mine)} (${chain(decision)})`,
    );
}

/** The listing must be the vectors' own: the same clients, destinations and order. */
function judgeListing(vectors, listed, place, result) {
  const [mine, theirs] = [listed.map(key).join('\n'), vectors.map(key).join('\n')];
  if (mine === theirs) return;
  const [ownKeys, keys] = [new Set(listed.map(key)), new Set(vectors.map(key))];
  const missing = [...keys].filter((each) => !ownKeys.has(each)).slice(0, 3);
  const extra = [...ownKeys].filter((each) => !keys.has(each)).slice(0, 3);
  result.disagree.push(`${place} listing: lacks ${missing.join(', ')}; adds ${extra.join(', ')}`);
}

async function judgeCase(folder, result) {
  const place = path.basename(folder);
  const file = path.join(folder, 'mesh.yaml');
  const mesh = meshOfResources(await readResources({ path: file, text: await readFile(file, 'utf8') }));
  const text = await readFile(path.join(folder, 'expect.jsonl'), 'utf8');
  const vectors = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  const enrolments = new Map();
  const enrolmentOf = (workload) => {
    if (!enrolments.has(workload)) enrolments.set(workload, enrolment.enrolmentOf(mesh, workload));
    return enrolments.get(workload);
  };
  const { clientTls, clientDestinations } = decisions.clientTlsDecisions(mesh, enrolmentOf);
  const byId = new Map(mesh.workloads.map((workload) => [workload.id, workload]));
  for (const vector of vectors) judge(vector, clientTls(byId.get(vector.client), vector), place, result);
  const clients = [...new Set(vectors.map(({ client }) => client))];
  const listed = clients.flatMap((client) =>
    clientDestinations(byId.get(client)).map((each) => ({ client, ...each })),
  );
  judgeListing(vectors, listed, place, result);
  const proxied = mesh.workloads.filter((workload) => {
    const { known, value } = enrolmentOf(workload);
    return known && (value.dataPlane === 'sidecar' || value.dataPlane === 'gateway');
  });
  for (const { id } of proxied)
    if (vectors.length > 0 && !clients.includes(id)) result.disagree.push(`${place} has no client ${id}`);
}

export async function run(folder) {
  const result = { agree: 0, disagree: [], unknown: [] };
  for (const each of await caseFolders(folder)) await judgeCase(each, result);
  return result;
}
