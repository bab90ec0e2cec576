import type { AuditResult, Finding } from '#check/index.js';
import type { Renderer } from './renderer.js';
import { overflowNotification, toNotifications } from './sarif-notifications.js';
import { toResult } from './sarif-results.js';
import { toRule } from './sarif-rules.js';
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
    ...automationDetails(category, index),
    tool: { driver: driver(result) },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The directory the audit ran in.' } } },
    ...(index === 0 ? firstRunOnly(result, left) : { invocations: [invocation(result, [])] }),
    results: findings.map((finding) =>
      toResult(
        finding,
        result.checks.findIndex(({ id }) => id === finding.checkId),
      ),
    ),
  }));
  return `${JSON.stringify({ $schema: schemaUri, version: '2.1.0', runs }, undefined, 2)}\n`;
};

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

function driver({ tool, checks }: AuditResult) {
  return {
    name: tool.name,
    version: tool.version,
    semanticVersion: tool.version,
    ...(tool.homepage === undefined ? {} : { informationUri: tool.homepage }),
    rules: checks.map((check) => toRule(check, tool.homepage)),
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
