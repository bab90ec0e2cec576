import type { CheckOutcome } from '#check/index.js';
import { escapeMarkup } from '#report/xml.js';

const outcomes = ['pass', 'fail', 'unknown', 'notApplicable'] as const;

/** What each check has judged: a check that found nothing because there was nothing says so. */
export function checkTable(checks: readonly CheckOutcome[]): string {
  return [
    '<section>',
    '<h2>What was judged</h2>',
    '<table>',
    '<thead><tr><th scope="col">Check</th><th scope="col">Passed</th><th scope="col">Failed</th><th scope="col">Undecided</th><th scope="col">Not applicable</th></tr></thead>',
    '<tbody>',
    ...checks.map(row),
    '</tbody>',
    '</table>',
    '</section>',
  ].join('\n');
}

function row(check: CheckOutcome): string {
  const { id, meta, reasons } = check;
  const judged = check.pass + check.fail + check.unknown;
  const why =
    judged > 0 || reasons[0] === undefined
      ? ''
      : ` <span class="quiet">${escapeMarkup(reasons.slice(0, 2).join('; '))}</span>`;
  const cells = outcomes.map(
    (outcome) => `<td class="${check[outcome] === 0 ? 'zero' : outcome}">${String(check[outcome])}</td>`,
  );
  return `<tr><th scope="row"><span class="id">${escapeMarkup(id)}</span> ${escapeMarkup(meta.title)}${why}</th>${cells.join('')}</tr>`;
}
