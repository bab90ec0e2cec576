import type { AuditResult, Finding } from '#check/index.js';
import type { Renderer } from './renderer.js';
import { overflowNotification, toNotifications } from './sarif-notifications.js';
import { toResult } from './sarif-results.js';
import { toRule } from './sarif-rules.js';
import { relationshipsOf, supportedTaxonomies, toTaxonomies } from './sarif-taxonomies.js';
import { countFatal, isActive, severities, sumOutcomes } from './tally.js';

const schemaUri =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** What the reference validator's GitHub rules allow: a thousand results in a run, five runs in a file. */
const resultsPerRun = 1000;
const runsPerFile = 5;

/**
 * SARIF 2.1.0, ready for GitHub code scanning. Suppressed findings are no results, for code scanning would open alerts
 * for them: they stand in the run's properties. More than a thousand findings become several runs, gravest first.
 */
export const renderSarif: Renderer = (result, { category }) => {
  const active = result.findings.filter(isActive);
  const shares = share(active);
  const left = active.length - shares.flat().length;
  const runs = shares.map((findings, index) => ({
    ...runOf(result, automationDetails(category, index)),
    ...(index === 0 ? firstRunOnly(result, left) : { invocations: [invocation(result, [])] }),
    results: findings.map(resultIn(result)),
  }));
  return logOf(runs);
};

/** What every run says, whatever its results. */
function runOf(result: AuditResult, details: ReturnType<typeof automationDetails>) {
  return {
    ...details,
    tool: { driver: driver(result) },
    ...toTaxonomies(result),
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The directory the audit ran in.' } } },
  };
}

function resultIn({ checks }: AuditResult): (finding: Finding) => ReturnType<typeof toResult> {
  const indexes = new Map(checks.map(({ id }, index) => [id, index]));
  return (finding) => toResult(finding, indexes.get(finding.checkId) ?? -1);
}

function logOf(runs: readonly object[]): string {
  return `${JSON.stringify({ $schema: schemaUri, version: '2.1.0', runs }, undefined, 2)}\n`;
}

function share(findings: readonly Finding[]): readonly (readonly Finding[])[] {
  if (findings.length <= resultsPerRun) return [findings];
  const graded = severities.flatMap((severity) =>
    findings.filter((finding) => finding.severity === severity),
  );
  const runs = Math.min(runsPerFile, Math.ceil(graded.length / resultsPerRun));
  return Array.from({ length: runs }, (_, index) =>
    graded.slice(index * resultsPerRun, (index + 1) * resultsPerRun),
  );
}

/**
 * The upload action fills in the category of its workflow only where the file names none, so one is named only on
 * request, and where several runs of one file have to be told apart.
 */
function automationDetails(category: string | undefined, index: number) {
  if (category === undefined && index === 0) return {};
  return {
    automationDetails: { id: [category ?? 'meshaudit', ...(index === 0 ? [] : [index + 1]), ''].join('/') },
  };
}

function driver(result: AuditResult) {
  const { tool, checks } = result;
  return {
    name: tool.name,
    version: tool.version,
    semanticVersion: tool.version,
    ...(tool.homepage === undefined ? {} : { informationUri: tool.homepage }),
    rules: checks.map((check) => ({ ...toRule(check, tool.homepage), ...relationshipsOf(check, result) })),
    ...supportedTaxonomies(result),
  };
}

type Notification = ReturnType<typeof toNotifications>[number] | ReturnType<typeof overflowNotification>;

function invocation(result: AuditResult, toolExecutionNotifications: readonly Notification[]) {
  return { executionSuccessful: countFatal(result) === 0, toolExecutionNotifications };
}

function firstRunOnly(result: AuditResult, left: number) {
  const overflow = left === 0 ? [] : [overflowNotification(left)];
  const suppressed = result.findings.flatMap(({ checkId, fingerprint, suppression }) =>
    suppression === undefined ? [] : [{ ruleId: checkId, fingerprint, ...suppression }],
  );
  return {
    invocations: [invocation(result, [...toNotifications(result), ...overflow])],
    properties: { subjects: sumOutcomes(result.checks), suppressed },
  };
}

/**
 * SARIF 2.1.0 with everything in one run: every finding, suppressed ones marked as such. For archives and for viewers
 * that read suppressions; GitHub would open alerts for what is suppressed, and takes no more than some thousand results.
 */
export const renderFullSarif: Renderer = (result, { category }) => {
  const toEntry = resultIn(result);
  return logOf([
    {
      ...runOf(result, automationDetails(category, 0)),
      invocations: [invocation(result, toNotifications(result))],
      properties: { subjects: sumOutcomes(result.checks) },
      results: result.findings.map((finding) => ({
        ...toEntry(finding),
        suppressions: isActive(finding) ? [] : [{ status: 'accepted', ...finding.suppression }],
      })),
    },
  ]);
};
