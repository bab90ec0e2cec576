import type { AuditResult, Finding, Severity } from '#check/index.js';
import { checkPage } from '#report/check-page.js';
import type { Renderer } from '#report/renderer.js';
import { sentence } from '#report/sarif-rules.js';
import { listSubjects } from '#report/subject-list.js';
import { countFatal, isActive } from '#report/tally.js';
import { uuidOf } from '#report/uuid.js';

/** Version of GitLab's security report schemas that this follows. */
const schemaVersion = '15.2.1';

const severities: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  info: 'Info',
};

/** GitLab's SAST report: a vulnerability for each finding that nobody has waived; ids stay the same from run to run. */
export const renderSast: Renderer = (result, { now }) => {
  const time = now.toISOString().slice(0, 19);
  const tool = {
    id: 'meshaudit',
    name: 'meshaudit',
    version: result.tool.version,
    vendor: { name: 'meshaudit' },
    ...(result.tool.homepage === undefined ? {} : { url: result.tool.homepage }),
  };
  const report = {
    version: schemaVersion,
    scan: {
      analyzer: tool,
      scanner: tool,
      type: 'sast',
      start_time: time,
      end_time: time,
      status: countFatal(result) === 0 ? 'success' : 'failure',
      messages: result.inputs.problems
        .filter(({ fatal }) => fatal)
        .map(({ file, message }) => ({ level: 'fatal', value: `${file}: ${message}` })),
    },
    vulnerabilities: result.findings.filter(isActive).map((finding) => vulnerability(finding, result)),
    remediations: [],
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
};

function vulnerability(finding: Finding, { checks, tool }: AuditResult) {
  const { checkId, message, remediation, severity, location, subjects } = finding;
  const check = checks.find(({ id }) => id === checkId);
  const page = check === undefined ? undefined : checkPage(tool.homepage, check);
  return {
    id: uuidOf('gitlab-sast', finding.fingerprint),
    name: `${checkId}: ${check?.meta.title ?? message}`.slice(0, 255),
    description: `${sentence(message)}\n\nAffects ${listSubjects(subjects, 20)}.`,
    severity: severities[severity],
    solution: sentence(remediation).slice(0, 7000),
    location: {
      file: location.file,
      start_line: location.line,
      end_line: location.endLine ?? location.line,
    },
    identifiers: [
      { type: 'meshaudit', name: checkId, value: checkId, ...(page === undefined ? {} : { url: page }) },
    ],
  };
}
