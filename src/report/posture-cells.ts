import type { MtlsRow, PostureRow } from '#posture/row.js';
import { printableName } from './printable.js';

/** Kinds as kubectl abbreviates them. */
const shortKinds: Readonly<Record<string, string>> = {
  Deployment: 'deploy',
  StatefulSet: 'sts',
  DaemonSet: 'ds',
  ReplicaSet: 'rs',
  ReplicationController: 'rc',
  DeploymentConfig: 'dc',
  CronJob: 'cj',
  Job: 'job',
  Pod: 'pod',
  Rollout: 'rollout',
  WorkloadEntry: 'we',
  WorkloadGroup: 'wg',
};

/** `deploy/checkout`. */
export function nameCell({ kind, name }: PostureRow): string {
  return `${shortKinds[kind] ?? kind}/${printableName(name)}`;
}

/** Each mode with its ports; the mode alone when all ports have it. */
export function mtlsCell({ ports, otherPorts }: MtlsRow): string {
  const byMode = new Map<string, string[]>();
  for (const { mtls, port } of ports) byMode.set(mtls, [...(byMode.get(mtls) ?? []), String(port)]);
  const unseen = ports.filter(({ bypass }) => bypass !== undefined).map(({ port }) => String(port));
  const beside = unseen.length === 0 ? [] : [`not captured: ${unseen.join(', ')}`];
  const [only] = byMode.keys();
  if (byMode.size === 0 || (byMode.size === 1 && only === otherPorts))
    return [otherPorts, ...beside].join('\n');
  const modes = [...byMode].map(([mode, numbers]) => `${mode} ${numbers.join(', ')}`);
  return [...modes, `${otherPorts} other`, ...beside].join('\n');
}

/** The default action and how many policies apply. */
export function authorizationCell({
  defaultAction,
  allowsEverything,
  policies,
}: PostureRow['authorization']): string {
  const enforced = policies.filter(({ dryRun }) => !dryRun).length;
  const dryRun = policies.length - enforced;
  const count = enforced === 1 ? '1 policy' : `${String(enforced)} policies`;
  return [
    allowsEverything ? `${defaultAction}, but open` : defaultAction,
    ...(enforced === 0 ? [] : [count]),
    ...(dryRun === 0 ? [] : [`${String(dryRun)} dry run`]),
  ].join('\n');
}

function clientText({ byDefault, rules }: PostureRow['clientTls']): string {
  const modes = [...new Set(rules.map(({ mode }) => mode))];
  return modes.length === 0 ? byDefault : `${byDefault}, by rules ${modes.join(', ')}`;
}

/** Verdict on requests from inside the mesh, and how many of the ways in are inspected. */
export function wafCell({ eastWest, routes, inspectedRoutes }: PostureRow['waf']): string {
  const ways = `${String(inspectedRoutes)} of ${String(routes)} ways in`;
  return routes === 0 ? eastWest : `${eastWest}\n${ways}`;
}

/** The same in a line, with the products; nothing where none is there. */
function wafText({ waf }: PostureRow): readonly string[] {
  const { eastWest, waysIn, routes, inspectedRoutes, products } = waf;
  if (products.length === 0) return [];
  const ways = `, at the ways in ${waysIn} (${String(inspectedRoutes)} of ${String(routes)})`;
  return [`WAF ${eastWest}${routes === 0 ? '' : ways}: ${products.join(', ')}`];
}

/** What a second line says of a workload: ways in and out, and what is written down. */
export function detailLine(row: PostureRow): string {
  const { exposure, clientTls, egress, accessLog, tracing, metrics, capture } = row;
  const open = exposure.ways.filter(({ clusterOnly }) => !clusterOnly);
  const ways = [...new Set([...open.map(({ by }) => by), ...exposure.node.map(({ kind }) => kind)])];
  const isUnsure = exposure.missing.length > 0 && ways.length === 0;
  const log = accessLog.filtered ? `${accessLog.state}, filtered` : accessLog.state;
  return [
    ...(row.sensitive === true ? ['sensitive'] : []),
    ...(ways.length === 0 ? [] : [`exposed by ${ways.join(', ')}`]),
    ...(isUnsure ? ['exposure unknown'] : []),
    `client TLS ${clientText(clientTls)}`,
    `egress ${egress.mode}`,
    `access log ${log}`,
    ...(tracing.state === 'on' ? ['tracing on'] : []),
    ...(metrics.state === 'on' ? ['metrics on'] : []),
    ...(capture.state === 'all' ? [] : [`capture ${capture.state}`]),
    ...wafText(row),
  ].join(' · ');
}
