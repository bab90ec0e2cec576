import type { AuditResult, CheckOutcome, Finding } from '#check/index.js';
import type { ControlStatus } from '#controls/assess.js';
import { checkPage } from './check-page.js';
import { code, escapeMarkdown } from './escape-markdown.js';
import type { Renderer } from './renderer.js';
import { sentence } from './sarif-rules.js';
import { listSubjects, namesAll } from './subject-list.js';
import { countBySeverity, countFatal, isActive, severities, sumOutcomes } from './tally.js';
import { wafLine } from './waf-line.js';

/** A comment on GitHub may hold 65,536 characters; some room is left for what a workflow adds. */
const longest = 60_000;
const shownSubjects = 8;
const shownProblems = 10;

/**
 * Markdown for the comment on a change or the summary of a job: the verdict, then the findings of each check folded
 * away, gravest first. What does not fit into one comment is counted. Nothing of the input is taken for markup, a
 * mention or a reference.
 */
export const renderMarkdown: Renderer = (result, options) => {
  const head = [`## meshaudit: ${headline(result)}`, ...problems(result), severityTable(result)];
  const foot = [...frameworkLines(result), ...inspectionLines(result), counts(result)];
  const sections = options.quiet ? [] : checkSections(result);
  const room = longest - [...head, ...foot].join('\n\n').length;
  return `${[...head, ...fitting(sections, room), ...foot].filter((part) => part !== '').join('\n\n')}\n`;
};

function headline(result: AuditResult): string {
  const active = result.findings.filter(isActive).length;
  const trust = countFatal(result) > 0 ? ', not to be trusted' : '';
  return `${active === 0 ? 'no findings' : `${String(active)} finding${active === 1 ? '' : 's'}`}${trust}`;
}

function problems({ inputs }: AuditResult): readonly string[] {
  const fatal = inputs.problems.filter((problem) => problem.fatal);
  if (fatal.length === 0) return [];
  const lines = fatal.slice(0, shownProblems).map(({ file, line, message, hint }) => {
    const place = line === undefined ? file : `${file}:${String(line)}`;
    return `- ${code(place)} ${escapeMarkdown(sentence(message))}${hint === undefined ? '' : ` ${escapeMarkdown(hint)}`}`;
  });
  const rest = fatal.length - lines.length;
  if (rest > 0) lines.push(`- and ${String(rest)} more`);
  return ['**Input that could not be read, so the audit is not whole:**', lines.join('\n')];
}

function severityTable({ findings }: AuditResult): string {
  const found = countBySeverity(findings);
  const present = severities.filter((severity) => found[severity] > 0);
  if (present.length === 0) return '';
  return [
    `| ${present.join(' | ')} |`,
    `| ${present.map(() => '---:').join(' | ')} |`,
    `| ${present.map((severity) => String(found[severity])).join(' | ')} |`,
  ].join('\n');
}

/** One line for each framework that was asked for: how many of its controls fare how. */
function frameworkLines({ frameworks = [] }: AuditResult): readonly string[] {
  return frameworks.map(({ title, version, controls }) => {
    const count = (status: ControlStatus): string =>
      String(controls.filter((control) => control.status === status).length);
    return `**${escapeMarkdown(`${title} (${version})`)}:** of ${String(controls.length)} controls ${count('satisfied')} satisfied, ${count('not-satisfied')} not satisfied, ${count('not-decided')} not decided, ${count('not-assessable')} not assessable from manifests`;
  });
}

/** How much web application firewalls inspect. */
function inspectionLines({ inspection }: AuditResult): readonly string[] {
  const line = wafLine(inspection);
  if (line === undefined) return [];
  return [`**Web application firewall:** ${line.text} (${escapeMarkdown(line.aside)})`];
}

function checkSections(result: AuditResult): readonly string[] {
  const active = result.findings.filter(isActive);
  return severities.flatMap((severity) =>
    result.checks.flatMap((check) => {
      const findings = active.filter((f) => f.checkId === check.id && f.severity === severity);
      return findings.length === 0 ? [] : [section(check, findings, result.tool.homepage)];
    }),
  );
}

function section(check: CheckOutcome, findings: readonly Finding[], homepage: string | undefined): string {
  const page = checkPage(homepage, check);
  const id = page === undefined ? check.id : `<a href="${page}">${check.id}</a>`;
  const title = escapeMarkdown(check.meta.title);
  const count = findings.length > 1 ? ` (${String(findings.length)})` : '';
  return [
    `<details><summary><b>${findings[0]?.severity ?? ''}</b> ${id} ${title}${count}</summary>\n`,
    ...findings.map(item),
    '\n</details>',
  ].join('\n');
}

function item({ location, resource, message, remediation, subjects }: Finding): string {
  const place = `${location.file}:${String(location.line)}`;
  const affects = namesAll(`${resource} ${message}`, subjects)
    ? ''
    : ` Affects ${escapeMarkdown(listSubjects(subjects, shownSubjects))}.`;
  const fix = `**Fix:** ${escapeMarkdown(sentence(remediation))}`;
  return `- ${code(place)} ${escapeMarkdown(sentence(message))}${affects}<br>${fix}`;
}

function fitting(sections: readonly string[], room: number): readonly string[] {
  let left = room;
  const shown: string[] = [];
  for (const text of sections) {
    left -= text.length + 2;
    if (left < 0) {
      const rest = sections.length - shown.length;
      return [
        ...shown,
        `*${String(rest)} more checks have findings that do not fit here; see the full report.*`,
      ];
    }
    shown.push(text);
  }
  return shown;
}

function counts(result: AuditResult): string {
  const { pass, fail, unknown } = sumOutcomes(result.checks);
  const { stats } = result.inputs;
  const waived = result.findings.filter((finding) => !isActive(finding)).length;
  return [
    `<sub>${String(stats.resources)} resources in ${String(stats.files)} files`,
    `${String(pass)} subjects passed, ${String(fail)} failed, ${String(unknown)} undecided`,
    ...(waived === 0 ? [] : [`${String(waived)} finding${waived === 1 ? '' : 's'} waived`]),
    `meshaudit ${result.tool.version}</sub>`,
  ].join(' · ');
}
