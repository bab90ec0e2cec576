import type { AuditResult, Undecided } from '#check/index.js';
import { listSubjects } from '#report/subject-list.js';
import { escapeMarkup } from '#report/xml.js';

const shownSubjects = 20;

/** What could not be decided and why, what was assumed, what was not read. Sections without content are left out. */
export function inputSections({ undecided, environments, inputs }: AuditResult): readonly string[] {
  const assumptions = environments.flatMap((environment) =>
    environment.assumptions.map(
      ({ text }) =>
        `${environment.name === '' ? '' : `${escapeMarkup(environment.name)}: `}${escapeMarkup(text)}`,
    ),
  );
  const problems = inputs.problems.map(({ file, line, message, hint }) => {
    const place = line === undefined ? file : `${file}:${String(line)}`;
    const advice = hint === undefined ? '' : ` <span class="quiet">${escapeMarkup(hint)}</span>`;
    return `<code>${escapeMarkup(place)}</code> ${escapeMarkup(message)}${advice}`;
  });
  const skipped = inputs.skipped.map(({ reason, path, files, documents, detail }) => {
    const what = detail === undefined ? reason : `${reason}: ${detail}`;
    return `<code>${escapeMarkup(path)}</code> ${escapeMarkup(what)} <span class="quiet">${String(files)} files, ${String(documents)} documents</span>`;
  });
  return [
    ...list('undecided', 'Could not be decided', undecided.map(undecidedItem)),
    ...list('assumptions', 'Assumed', assumptions),
    ...list('problems', 'Problems with the input', problems),
    ...list('skipped', 'Left alone', skipped),
  ];
}

function undecidedItem({ checkId, missing, subjects }: Undecided): string {
  const evidence = escapeMarkup(missing.map(({ text }) => text).join('; '));
  return `<span class="id">${escapeMarkup(checkId)}</span> ${evidence} <span class="quiet">${escapeMarkup(listSubjects(subjects, shownSubjects))}</span>`;
}

function list(id: string, title: string, items: readonly string[]): readonly string[] {
  if (items.length === 0) return [];
  const lines = items.map((item) => `<li>${item}</li>`).join('\n');
  return [`<section id="${id}">\n<h2>${title}</h2>\n<ul class="list">\n${lines}\n</ul>\n</section>`];
}
