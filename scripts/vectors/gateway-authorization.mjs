import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadSource } from '../load-source.mjs';
import { meshOfResources, readResources, secretsGiven } from '../meshes/read-meshes.mjs';

// Family `gateway-authorization`: outcome, denying stage and rule, destination and what the destination sees of every
// probe at a gateway with policies (expect.jsonl).

const [decide, facade, requests] = await loadSource(
  'src/policy/gateway-authorization/decide-gateway.ts',
  'src/policy/effective-policies.ts',
  'src/policy/request/access-request.ts',
);

/** The authorizer that the family's premises describe. */
function authorizer({ identity, headers }) {
  if (headers === undefined) return identity?.endsWith('/sa/friend') ?? false;
  return headers.get('x-ext-authz')?.join() === 'allow';
}

/** All pods of the meshes have an address of 10.10.0.0/16; that is all that cases ask. */
const circumstances = { authorizer, podIp: '10.10.0.1' };

/** Each issuer signs with a key of its own, whose id in the meshes is a part of the issuer's name. */
function withKey(token) {
  return { keyId: /issuer-[a-z]+/.exec(token.issuer)?.[0], ...token };
}

const client = ['spiffe://cluster.local/ns/client/sa/client', 'client.example.com'];

/** `trusted`, `untrusted`, or names: `uri:`, `dns:`, `cn:`, separated by commas. */
function certificateOf(written) {
  if (written === undefined) return undefined;
  if (written === 'trusted' || written === 'untrusted')
    return { trusted: written === 'trusted', names: client };
  const names = written.split(',').flatMap((part) => (/^(?:uri|dns):/.test(part) ? [part.slice(4)] : []));
  const common = /(?:^|,)cn:([^,]*)/.exec(written)?.[1] ?? '';
  return { trusted: true, names, subject: common === '' ? undefined : `CN=${common}` };
}

function tokensOf({ token, tokens = [token] }) {
  const sent = tokens.filter((each) => each !== undefined).map(withKey);
  const to = { namespace: 'x', workload: 'Deployment/x', port: 1 };
  const request = requests.readAccessRequest({ from: { plaintext: true }, to, tokens: sent });
  if (typeof request === 'string') throw new Error(request);
  return request.tokens;
}

export function readProbe(vector) {
  const { gateway, port, ip = '10.0.0.10', proxyProtocol, tls, http } = vector;
  return {
    gateway,
    port,
    ip,
    proxyProtocol,
    tls: tls && { sni: tls.sni, alpn: tls.alpn ?? [], certificate: certificateOf(tls.clientCertificate) },
    http: http && {
      method: http.method ?? 'GET',
      host: http.host,
      path: http.path,
      headers: http.headers ?? {},
    },
    tokens: tokensOf(vector),
  };
}

const place = (destination) => {
  const { host, port, subset = '' } = destination ?? {};
  return destination === undefined ? undefined : `${host}:${port}/${subset}`;
};

function differs(ours, expected) {
  if (ours.outcome !== expected.outcome || ours.stage !== expected.stage) return true;
  if (expected.destination !== undefined && place(ours.destination) !== place(expected.destination))
    return true;
  if (expected.outcome !== 'denied' && expected.status !== undefined && ours.status !== expected.status)
    return true;
  if (expected.upstreamPath !== undefined && ours.upstreamPath !== expected.upstreamPath) return true;
  if (expected.upstreamHost !== undefined && ours.upstreamHost !== expected.upstreamHost) return true;
  const { by } = expected;
  return by !== undefined && (ours.by?.policy !== by.policy || ours.by.rule !== by.rule);
}

function describe({ outcome, stage, by, destination, status, upstreamPath, upstreamHost, chain, missing }) {
  const rule = by && { policy: by.policy, rule: by.rule };
  const at = place(destination);
  const said = { outcome, stage, by: rule, destination: at, status, upstreamPath, upstreamHost };
  const steps = chain.map((step) => `${step.stage} ${step.outcome}: ${step.note}`).join(' > ');
  const lacking = missing.map(({ text }) => text).join('; ');
  return `we say ${JSON.stringify(said)} (${steps})${lacking && ` lacking ${lacking}`}`;
}

function compare(policies, folder, vector, result) {
  const ours = decide.decideGateway(policies, readProbe(vector), circumstances);
  const line = `${path.basename(folder)} ${JSON.stringify(vector)}: `;
  if (ours.outcome === 'unknown') result.unknown.push(line + describe(ours));
  else if (differs(ours, vector.expect)) result.disagree.push(line + describe(ours));
  else result.agree += 1;
}

export async function run(folder) {
  const result = { agree: 0, disagree: [], unknown: [] };
  for (const group of ['named', 'random']) {
    for (const name of (await readdir(path.join(folder, group))).sort()) {
      const each = path.join(folder, group, name);
      const file = path.join(each, 'mesh.yaml');
      const text = await readFile(file, 'utf8');
      const mesh = meshOfResources(await readResources({ path: file, text }, secretsGiven));
      const policies = facade.effectivePolicies(mesh);
      const lines = (await readFile(path.join(each, 'expect.jsonl'), 'utf8')).split('\n');
      for (const line of lines.filter((text) => text !== ''))
        compare(policies, each, JSON.parse(line), result);
    }
  }
  return result;
}
