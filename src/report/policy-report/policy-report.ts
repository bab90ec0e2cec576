import type { AuditResult } from '#check/index.js';
import type { Renderer } from '#report/renderer.js';
import { policyResults, type PlacedResult, type PolicyResult, type ReportedResult } from './results.js';

/** An API that reports are written for. */
interface ReportApi {
  readonly apiVersion: string;
  readonly namespaced: string;
  readonly cluster: string;
  /** Members of every report besides the common ones. */
  readonly extra: Readonly<Record<string, string>>;
}

/** An object in etcd may have some 1.5 MB; a thousand results of the longest sort stay below. */
const resultsPerReport = 500;

const outcomes: readonly ReportedResult[] = ['pass', 'fail', 'warn', 'error', 'skip'];

/** Kubernetes policy reports of wgpolicyk8s.io as one List for `kubectl apply`: one for each namespace, one for the cluster. */
export const renderPolicyReport: Renderer = (result, { now }) =>
  listOf(result, now, {
    apiVersion: 'wgpolicyk8s.io/v1alpha2',
    namespaced: 'PolicyReport',
    cluster: 'ClusterPolicyReport',
    extra: {},
  });

/** The same for openreports.io. */
export const renderOpenReports: Renderer = (result, { now }) =>
  listOf(result, now, {
    apiVersion: 'openreports.io/v1alpha1',
    namespaced: 'Report',
    cluster: 'ClusterReport',
    extra: { source: 'meshaudit' },
  });

function listOf(result: AuditResult, now: Date, api: ReportApi): string {
  const places = new Map<string | undefined, PolicyResult[]>();
  for (const { namespace, result: entry } of policyResults(result, now).map(inCluster(result))) {
    const known = places.get(namespace);
    if (known === undefined) places.set(namespace, [entry]);
    else known.push(entry);
  }
  const items = [...places].flatMap(([namespace, results]) => reportsOf(namespace, results, api));
  return `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, undefined, 2)}\n`;
}

/** With several environments in one input, namespaces of one name are several: all goes to the cluster's report. */
function inCluster({ environments }: AuditResult): (placed: PlacedResult) => PlacedResult {
  return environments.length > 1 ? ({ result }) => ({ namespace: undefined, result }) : (placed) => placed;
}

function reportsOf(
  namespace: string | undefined,
  results: readonly PolicyResult[],
  { apiVersion, namespaced, cluster, extra }: ReportApi,
): readonly object[] {
  const pages = Math.ceil(results.length / resultsPerReport);
  return Array.from({ length: pages }, (_, page) => {
    const share = results.slice(page * resultsPerReport, (page + 1) * resultsPerReport);
    return {
      apiVersion,
      kind: namespace === undefined ? cluster : namespaced,
      metadata: {
        name: page === 0 ? 'meshaudit' : `meshaudit-${String(page + 1)}`,
        ...(namespace === undefined ? {} : { namespace }),
        labels: { 'app.kubernetes.io/managed-by': 'meshaudit' },
      },
      ...extra,
      summary: Object.fromEntries(
        outcomes.map((outcome) => [outcome, share.filter((entry) => entry.result === outcome).length]),
      ),
      results: share,
    };
  });
}
