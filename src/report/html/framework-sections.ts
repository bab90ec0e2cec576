import type { AuditResult } from '#check/index.js';
import type { ControlAssessment, ControlStatus } from '#controls/assess.js';
import { escapeMarkup } from '#report/xml.js';

const words: Readonly<Record<ControlStatus, string>> = {
  satisfied: 'satisfied',
  'not-satisfied': 'not satisfied',
  'not-decided': 'not decided',
  'not-assessable': 'not assessable from manifests',
};

/** One section for each framework that was asked for: its controls, how each fares, and by which checks. */
export function frameworkSections({ frameworks = [] }: AuditResult): readonly string[] {
  return frameworks.map(({ title, version, controls }) =>
    [
      '<section>',
      `<h2>${escapeMarkup(title)} (${escapeMarkup(version)})</h2>`,
      '<table>',
      '<thead><tr><th scope="col">Control</th><th scope="col">Status</th><th scope="col">Passed</th><th scope="col">Failed</th><th scope="col">Undecided</th></tr></thead>',
      '<tbody>',
      ...controls.map(row),
      '</tbody>',
      '</table>',
      '</section>',
    ].join('\n'),
  );
}

function row({ clause, title, status, reason, subjects, checks }: ControlAssessment): string {
  const by = checks.map(({ id }) => id).join(', ');
  const notes = [reason, by].filter((note) => note !== '').map(escapeMarkup);
  const note = notes.length === 0 ? '' : ` <span class="quiet">${notes.join(' · ')}</span>`;
  const counts = [subjects.pass, subjects.fail, subjects.unknown].map((count) => `<td>${String(count)}</td>`);
  return `<tr><th scope="row"><span class="id">${escapeMarkup(clause)}</span> ${escapeMarkup(title)}${note}</th><td class="${status}">${words[status]}</td>${counts.join('')}</tr>`;
}
