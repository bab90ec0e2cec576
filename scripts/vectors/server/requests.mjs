import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadSource } from '../../load-source.mjs';

// Part `requests`: verdict, stage and deciding DENY rule of every request (requests.jsonl).

const [decide, requests, facade, peer, inbound, capture, decision] = await loadSource(
  'src/policy/decide-request.ts',
  'src/policy/request/access-request.ts',
  'src/policy/effective-policies.ts',
  'src/policy/peer-mtls.ts',
  'src/policy/inbound-ports.ts',
  'src/policy/capture.ts',
  'src/policy/decision.ts',
);

/** Every workload of these meshes has a sidecar, labels or not: a premise of the family. */
const enrolled = decision.known({ dataPlane: 'sidecar', revision: 'default', reason: 'given' }, 'default');

function once(compute) {
  const kept = new Map();
  return (key) => {
    if (!kept.has(key)) kept.set(key, compute(key));
    return kept.get(key);
  };
}

/** The engine with the family's premise put in. */
export function policiesOf(mesh) {
  const inboundPorts = once((workload) => inbound.inboundPortsOf(mesh, workload, enrolled));
  const modes = once((workload) => peer.peerMtlsOf(mesh, workload, enrolled));
  return {
    ...facade.effectivePolicies(mesh),
    enrolment: () => enrolled,
    inboundPorts,
    peerMtls: (workload, port) => modes(workload)(port),
    capture: once((workload) =>
      capture.captureOf(mesh, workload, { enrolment: enrolled, ports: inboundPorts(workload) }),
    ),
  };
}

/** The authorizer that the family's premises describe. */
function authorizer({ identity, headers }) {
  if (headers === undefined) return identity?.endsWith('/sa/friend') ?? false;
  return headers.get('x-ext-authz')?.join() === 'allow';
}

/** Each issuer signs with a key of its own, whose id in the meshes is a part of the issuer's name. */
function withKey(token) {
  return { keyId: /issuer-[a-z]+/.exec(token.issuer)?.[0], ...token };
}

function answer(policies, { token, tokens = [token], ...vector }) {
  const sent = tokens.filter((each) => each !== undefined).map(withKey);
  const request = requests.readAccessRequest({ ...vector, tokens: sent });
  if (typeof request === 'string') throw new Error(request);
  return decide.decideRequest(policies, request, { authorizer });
}

function differs({ verdict, stage, by }, expected) {
  if (verdict !== expected.verdict || stage !== expected.stage) return true;
  if (expected.by === undefined) return false;
  return by === undefined || by.policy !== expected.by.policy || by.rule !== expected.by.rule;
}

function describe({ verdict, stage, by, chain, missing }) {
  const steps = chain.map((step) => `${step.stage} ${step.outcome}: ${step.note}`).join(' > ');
  const rule = by === undefined ? '' : ` by ${by.policy} rule ${by.rule}`;
  const lacking = missing.map(({ text }) => text).join('; ');
  return `we say ${verdict}${stage === undefined ? '' : ` at ${stage}`}${rule} (${steps})${lacking && ` lacking ${lacking}`}`;
}

export async function compare(mesh, folder) {
  const text = await readFile(path.join(folder, 'requests.jsonl'), 'utf8');
  const policies = policiesOf(mesh);
  const result = { agree: 0, disagree: [], unknown: [] };
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const vector = JSON.parse(line);
    const ours = answer(policies, vector);
    const place = `${path.basename(folder)} ${line}`;
    if (ours.verdict === 'unknown') result.unknown.push(`${place}: ${describe(ours)}`);
    else if (differs(ours, vector.expect)) result.disagree.push(`${place}: ${describe(ours)}`);
    else result.agree += 1;
  }
  return result;
}
