import type { AuditResult, CheckOutcome, Finding } from '#check/index.js';
import type { Location } from '#documents/document.js';
import { sentence } from '#report/sarif-rules.js';
import { listSubjects, namesAll } from '#report/subject-list.js';
import { isActive, severities } from '#report/tally.js';
import { escapeMarkup } from '#report/xml.js';

const shownSubjects = 40;

/** Findings by severity, then by check; waived ones at the end with the reason. */
export function findingSections({ findings, checks }: AuditResult): readonly string[] {
  const active = findings.filter(isActive);
  const waived = findings.filter((finding) => !isActive(finding));
  const sections = severities.flatMap((severity) => {
    const graded = active.filter((finding) => finding.severity === severity);
    return graded.length === 0 ? [] : [section(severity, severity, bodies(graded, checks))];
  });
  return [
    ...(active.length === 0 ? [section('Findings', 'none', ['<p>No findings.</p>'])] : sections),
    ...(waived.length === 0 ? [] : [section('Waived', 'none', bodies(waived, checks))]),
  ];
}

function section(title: string, kind: string, parts: readonly string[]): string {
  const heading = `${title.charAt(0).toUpperCase()}${title.slice(1)}`;
  return `<section class="${kind}">\n<h2>${heading}</h2>\n${parts.join('\n')}\n</section>`;
}

function bodies(findings: readonly Finding[], checks: readonly CheckOutcome[]): readonly string[] {
  return checks.flatMap(({ id, meta }) => {
    const own = findings.filter(({ checkId }) => checkId === id);
    if (own.length === 0) return [];
    return [
      `<h3><span class="id">${escapeMarkup(id)}</span> ${escapeMarkup(meta.title)}</h3>`,
      ...own.map(article),
    ];
  });
}

function article(finding: Finding): string {
  const { message, resource, subjects, remediation, related, confidence, suppression, environments } =
    finding;
  const rows: readonly (readonly [string, string])[] = [
    ...(namesAll(`${resource} ${message}`, subjects)
      ? []
      : [['Affects', escapeMarkup(listSubjects(subjects, shownSubjects))] as const]),
    ...related.map(
      ({ location, note }) => ['See', `${place(location)} ${escapeMarkup(sentence(note))}`] as const,
    ),
    ...(environments.every((name) => name === '')
      ? []
      : [['In', escapeMarkup(environments.join(', '))] as const]),
    ['Fix', escapeMarkup(sentence(remediation))],
    ...(suppression === undefined ? [] : [['Waived', escapeMarkup(suppression.justification)] as const]),
  ];
  const doubt = confidence === 'high' ? '' : ` <span class="quiet">(${confidence} confidence)</span>`;
  return [
    '<article>',
    `<p class="place">${place(finding.location)} <span class="quiet">${escapeMarkup(resource)}</span></p>`,
    `<p>${escapeMarkup(sentence(message))}${doubt}</p>`,
    `<dl>${rows.map(([term, text]) => `<dt>${term}</dt><dd>${text}</dd>`).join('')}</dl>`,
    '</article>',
  ].join('\n');
}

function place({ file, line, column }: Location): string {
  return `<code>${escapeMarkup(file)}:${String(line)}:${String(column)}</code>`;
}
