import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadSource } from '../load-source.mjs';
import { meshOfResources, readResources } from '../meshes/read-meshes.mjs';

// Family `waypoint-authorization`. Part `requests`: the path of every connection, what the waypoint and what ztunnel
// behind it decide (expect.jsonl). Part `bindings`: waypoints of Services and pods, filters of waypoints (bindings.jsonl).

const [facade, waypoints, decide, requests, chains, services, way] = await loadSource(
  'src/policy/effective-policies.ts',
  'src/policy/waypoint/waypoint.ts',
  'src/policy/waypoint/decide-waypoint.ts',
  'src/policy/waypoint/waypoint-request.ts',
  'src/policy/waypoint/security-filters.ts',
  'src/policy/waypoint/called-service.ts',
  'src/policy/waypoint/choose-way.ts',
);

/** The authorizer that the family's premises describe. */
function authorizer({ identity, headers }) {
  if (headers === undefined) return identity?.endsWith('/sa/friend') ?? false;
  return headers.get('x-ext-authz')?.join() === 'allow';
}

/** Pods have some address of this kind, as those of family `ambient-authorization` do; the meshes do not say which. */
const circumstances = { authorizer, waypointIp: () => '10.10.0.100' };

/** Each issuer signs with a key of its own, whose id in the meshes is a part of the issuer's name. */
function withKey(token) {
  return { keyId: /issuer-[a-z]+/.exec(token.issuer)?.[0], ...token };
}

function read({ token, tokens = [token], ...vector }) {
  const sent = tokens.filter((each) => each !== undefined).map(withKey);
  const request = requests.readAmbientRequest({ ...vector, tokens: sent });
  if (typeof request === 'string') throw new Error(request);
  return request;
}

function shown({ path: taken, waypoint, verdict, stage, by, behind }) {
  const { policy, rule } = by ?? {};
  const after = behind && { verdict: behind.verdict, policy: behind.by?.policy };
  return { path: taken, waypoint: waypoint ?? null, verdict, stage, policy, rule, behind: after };
}

function sameBy(ours, expected) {
  if (expected === undefined) return true;
  return ours.policy === expected.policy && (expected.rule === undefined || ours.rule === expected.rule);
}

function agrees(ours, expected) {
  const same = ['path', 'waypoint', 'verdict', 'stage'].every((key) => ours[key] === expected[key]);
  if (!same || !sameBy(ours, expected.by)) return false;
  if (expected.behind === undefined) return ours.behind === undefined;
  const { verdict, policy } = expected.behind;
  return ours.behind?.verdict === verdict && (policy === undefined || ours.behind.policy === policy);
}

function describe(decision) {
  const steps = [...decision.chain, ...(decision.behind?.chain ?? [])];
  const told = steps.map((step) => `${step.stage} ${step.outcome}: ${step.note}`).join(' > ');
  const lacking = [...decision.missing, ...(decision.behind?.missing ?? [])]
    .map(({ text }) => text)
    .join('; ');
  return `we say ${JSON.stringify(shown(decision))} (${told})${lacking && ` lacking ${lacking}`}`;
}

function compareRequests(policies, lines, result) {
  for (const { place, vector } of lines) {
    const ours = decide.decideWaypoint(policies, read(vector), circumstances);
    const values = shown(ours);
    if (agrees(values, vector.expect)) result.agree += 1;
    else if ([values.path, values.verdict, values.behind?.verdict].includes('unknown'))
      result.unknown.push(`${place}: ${describe(ours)}`);
    else result.disagree.push(`${place}: ${describe(ours)}`);
  }
}

/** The path of a client by its proxy, as a request to the first port. */
function pathOf(policies, called, through) {
  const from = { namespace: 'client', serviceAccount: 'client' };
  const to = { service: 'x/y', port: called.ports[0]?.number ?? 80 };
  const request = read({ from, to, through });
  return way.chooseWay(policies, { dialled: called, request }).path;
}

function serviceLine(policies, name) {
  const called = services.calledService(policies.mesh, name);
  const binding = policies.waypointOf(called.service ?? called.resource);
  const { waypoint, refused, usedByGateways } = binding.value ?? {};
  return {
    service: name,
    waypoint: waypoint?.key ?? null,
    ...(refused && { reason: refused }),
    ...(usedByGateways && { ingressUseWaypoint: true }),
    sidecarClient: pathOf(policies, called, 'sidecar'),
    gatewayClient: pathOf(policies, called, 'gateway'),
  };
}

/** istiod reports no reason for pods: they have no status of its own. */
function workloadLine(policies, id) {
  const workload = policies.mesh.workloads.find((each) => each.id === id);
  const binding = policies.waypointOf(workload);
  return { workload: id, waypoint: binding.value?.waypoint?.key ?? null };
}

function filterOf(mesh, filter) {
  const names = (policies) => policies.map((policy) => `${mesh.namespaceOf(policy)}/${policy.name}`).sort();
  if (filter.filter === 'ext_authz') return { filter: 'ext_authz' };
  if (filter.filter === 'jwt_authn') return { ...filter, issuers: [...filter.issuers].sort() };
  const { action, policies, dryRun } = filter;
  return {
    filter: 'rbac',
    action,
    ...(policies.length > 0 && { policies: names(policies) }),
    ...(dryRun.length > 0 && { dryRun: names(dryRun) }),
  };
}

function chainName({ of, host, port, reads }) {
  if (of === 'tunnel') return 'connect_terminate';
  return of === 'pods' ? `direct-${reads}` : `inbound-vip|${port}|${reads}|${host}`;
}

function chainLines(mesh) {
  return [...waypoints.waypointsOf(mesh).values()].flatMap((waypoint) =>
    chains.securityChains(mesh, waypoint).map((chain) => ({
      waypoint: waypoint.key,
      chain: chainName(chain),
      filters: chain.filters.map((filter) => filterOf(mesh, filter)),
    })),
  );
}

/** Lines with their keys in one order and lists of names sorted. */
function text(line) {
  const filters = line.filters?.map((filter) => {
    const sorted = Object.entries(filter).map(([key, value]) => [
      key,
      Array.isArray(value) ? [...value].sort() : value,
    ]);
    return Object.fromEntries(sorted.sort());
  });
  return JSON.stringify(Object.fromEntries(Object.entries({ ...line, ...(filters && { filters }) }).sort()));
}

function compareBindings(policies, lines, result) {
  const { mesh } = policies;
  const ours = new Map(chainLines(mesh).map((line) => [`${line.waypoint} ${line.chain}`, line]));
  // The end of the tunnel is listed only where it has a filter.
  for (const [key, line] of ours)
    if (line.chain === 'connect_terminate' && line.filters.length === 0) ours.delete(key);
  for (const { place, vector } of lines) {
    const key = `${vector.waypoint} ${vector.chain}`;
    let found = ours.get(key);
    if (vector.service !== undefined) found = serviceLine(policies, vector.service);
    else if (vector.workload !== undefined) found = workloadLine(policies, vector.workload);
    else ours.delete(key);
    if (found !== undefined && text(found) === text(vector)) result.agree += 1;
    else result.disagree.push(`${place}: we say ${found && text(found)}`);
  }
  const [first] = lines;
  const listed = new Set(lines.map(({ vector }) => vector.chain && vector.waypoint));
  for (const [key, line] of ours)
    if (listed.has(line.waypoint)) result.disagree.push(`${first?.place}: we have a chain more: ${key}`);
}

const parts = { requests: ['expect.jsonl', compareRequests], bindings: ['bindings.jsonl', compareBindings] };

async function readLines(folder, name) {
  const content = await readFile(path.join(folder, name), 'utf8');
  return content
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ place: `${path.basename(folder)} ${line}`, vector: JSON.parse(line) }));
}

export async function run(folder, options) {
  const result = { agree: 0, disagree: [], unknown: [] };
  for (const group of ['named', 'random']) {
    for (const name of (await readdir(path.join(folder, group))).sort()) {
      const each = path.join(folder, group, name);
      const file = path.join(each, 'mesh.yaml');
      const mesh = meshOfResources(await readResources({ path: file, text: await readFile(file, 'utf8') }));
      const policies = facade.effectivePolicies(mesh);
      for (const [part, [lines, compare]] of Object.entries(parts))
        if (!options.parts || options.parts.includes(part))
          compare(policies, await readLines(each, lines), result);
    }
  }
  return result;
}
