import type {
  AuditResult,
  CheckOutcome,
  EnvironmentInspection,
  Finding,
  InspectionCounts,
  ReportedSubject,
} from '#check/index.js';
import type { ControlAssessment, FrameworkAssessment } from '#controls/assess.js';
import { countByStatus } from '#controls/status.js';
import type { Location, Problem } from '#documents/document.js';
import type * as report from './generated/json-report.js';
import type { Renderer } from './renderer.js';
import { countBySeverity, countFatal, isActive, sumOutcomes } from './tally.js';

/** The report as `schemas/report.json` describes it, as a value. */
export function toJsonReport(result: AuditResult): report.JsonReport {
  const { stats, skipped, problems } = result.inputs;
  return {
    schemaVersion: result.schemaVersion,
    tool: { name: result.tool.name, version: result.tool.version },
    summary: {
      findings: countBySeverity(result.findings),
      suppressed: result.findings.filter((finding) => !isActive(finding)).length,
      subjects: sumOutcomes(result.checks),
      problems: problems.length,
      fatalProblems: countFatal(result),
    },
    environments: result.environments.map(({ istioVersion, assumptions, ...rest }) => ({
      name: rest.name,
      scope: rest.scope,
      namespaces: rest.namespaces,
      workloads: rest.workloads,
      services: rest.services,
      policies: rest.policies,
      ...(istioVersion === undefined ? {} : { istioVersion }),
      assumptions: assumptions.map(({ key, text }) => ({ key, text })),
    })),
    inputs: {
      files: stats.files,
      bytes: stats.bytes,
      documents: stats.documents,
      resources: stats.resources,
      skipped: skipped.map(({ reason, path, files, documents, detail }) => ({
        reason,
        path,
        files,
        documents,
        ...(detail === undefined ? {} : { detail }),
      })),
      problems: problems.map(toProblem),
    },
    checks: result.checks.map(toCheck),
    findings: result.findings.map(toFinding),
    undecided: result.undecided.map(({ checkId, missing, subjects, environments }) => ({
      checkId,
      missing: missing.map(({ key, text }) => ({ key, text })),
      subjects: subjects.map(toSubject),
      environments,
    })),
    ...(result.inspection === undefined ? {} : { inspection: result.inspection.map(toInspection) }),
    ...(result.frameworks === undefined ? {} : { frameworks: result.frameworks.map(toFramework) }),
  };
}

function toProblem({ code, file, line, column, message, hint, fatal }: Problem): report.Problem {
  return {
    code,
    file,
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    message,
    ...(hint === undefined ? {} : { hint }),
    fatal,
  };
}

function toCheck({ meta, ...outcome }: CheckOutcome): report.Check {
  return {
    id: outcome.id,
    family: outcome.family,
    slug: outcome.slug,
    title: meta.title,
    severity: meta.severity,
    confidence: meta.confidence,
    examines: meta.examines,
    remediation: meta.remediation,
    controls: meta.controls,
    aliases: meta.aliases ?? [],
    subjects: sumOutcomes([{ meta, ...outcome }]),
    reasons: outcome.reasons,
  };
}

function toLocation({ file, line, column, endLine, endColumn }: Location): report.Location {
  return {
    file,
    line,
    column,
    ...(endLine === undefined ? {} : { endLine }),
    ...(endColumn === undefined ? {} : { endColumn }),
  };
}

function toSubject({ kind, namespace, name, location }: ReportedSubject): report.Subject {
  return { kind, namespace, name, ...(location === undefined ? {} : { location: toLocation(location) }) };
}

function toFinding(finding: Finding): report.Finding {
  const { suppression } = finding;
  return {
    checkId: finding.checkId,
    messageKey: finding.messageKey,
    message: finding.message,
    severity: finding.severity,
    ...(finding.raisedFrom === undefined ? {} : { raisedFrom: finding.raisedFrom }),
    confidence: finding.confidence,
    remediation: finding.remediation,
    resource: finding.resource,
    location: toLocation(finding.location),
    subjects: finding.subjects.map(toSubject),
    related: finding.related.map(({ location, note }) => ({ location: toLocation(location), note })),
    fingerprint: finding.fingerprint,
    environments: finding.environments,
    ...(suppression === undefined
      ? {}
      : { suppression: { kind: suppression.kind, justification: suppression.justification } }),
  };
}

function toCounts(counts: InspectionCounts): report.InspectionCounts {
  const { total, inspected, partly, detectsOnly, failsOpen, notInspected, unknown } = counts;
  return { total, inspected, partly, detectsOnly, failsOpen, notInspected, unknown };
}

function toInspection(inspection: EnvironmentInspection): report.Inspection {
  const { environment, products, routes, workloads } = inspection;
  return { environment, products, routes: toCounts(routes), workloads: toCounts(workloads) };
}

function toFramework({ id, title, version, url, baseline, controls }: FrameworkAssessment): report.Framework {
  const counts = countByStatus(controls);
  return {
    id,
    title,
    version,
    url,
    ...(baseline === undefined ? {} : { baseline }),
    summary: {
      satisfied: counts.satisfied,
      notSatisfied: counts['not-satisfied'],
      notDecided: counts['not-decided'],
      notAssessable: counts['not-assessable'],
    },
    controls: controls.map(toControl),
  };
}

function toControl({ relation, reason, ...control }: ControlAssessment): report.Control {
  return {
    id: control.id,
    clause: control.clause,
    title: control.title,
    status: control.status,
    ...(relation === undefined ? {} : { relation }),
    subjects: control.subjects,
    checks: control.checks,
    ...(reason === '' ? {} : { reason }),
  };
}

/** The whole result as JSON, two spaces of indentation, always the same key order; see `schemas/report.json`. */
export const renderJson: Renderer = (result) => `${JSON.stringify(toJsonReport(result), undefined, 2)}\n`;
