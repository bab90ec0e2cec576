import type { PostureResult } from '#posture/result.js';
import type { Answer, PostureRow } from '#posture/row.js';
import { printable, printableName } from './printable.js';
import { problemsSection } from './table-inputs.js';
import type { Style } from './table-style.js';
import { counted } from './table-style.js';
import { more } from './table-undecided.js';

const shownEvidence = 5;

function tally(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([word, count]) => `${String(count)} ${word}`)
    .join(', ');
}

function answersOf({
  enrolment,
  capture,
  mtls,
  clientTls,
  authorization,
  jwt,
  exposure,
  egress,
  accessLog,
  tracing,
  metrics,
  waf,
}: PostureRow): readonly Answer[] {
  return [
    enrolment,
    capture,
    mtls,
    ...mtls.ports,
    clientTls,
    authorization,
    jwt,
    exposure,
    egress,
    accessLog,
    tracing,
    metrics,
    ...(waf.products.length === 0 ? [] : [waf]),
  ];
}

/** What the input would have to hold, most asked for first. */
function missingLines(rows: readonly PostureRow[], style: Style): readonly string[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const texts = new Set(answersOf(row).flatMap(({ missing }) => missing.map(({ text }) => text)));
    for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const most = [...counts].sort(([, a], [, b]) => b - a);
  return most.length === 0
    ? []
    : [
        `  ${style.ink.dim('Not in the input, so unknown:')}`,
        ...most
          .slice(0, shownEvidence)
          .flatMap(([text, count]) =>
            style.labelled(`${String(count).padStart(6)}  `, printable(text, 300), 2),
          ),
        ...more(most.length - shownEvidence, 'other reason', style),
      ];
}

function environmentLines({ environments, tool }: PostureResult, style: Style): readonly string[] {
  const notes = new Set(environments.flatMap(({ assumptions }) => assumptions.map(({ text }) => text)));
  const meshes = environments.slice(0, 8).flatMap(({ name, scope, workloads, istioVersion }) => {
    const version = istioVersion === undefined ? '' : ` · Istio ${printableName(istioVersion)}`;
    const whose = name === '' ? '' : `${printable(name, 200)}: `;
    const figures = `${counted(workloads, 'workload')} · ${scope} scope${version}`;
    return style.labelled('Mesh     ', `${whose}${figures}`, 2);
  });
  return [
    style.ink.dim(`  ${tool.name} ${tool.version}`),
    ...meshes,
    ...more(environments.length - 8, 'other mesh', style, 'other meshes'),
    ...[...notes].flatMap((text) => style.labelled('Note     ', printable(text), 2)),
  ];
}

/** Figures over the workloads shown, what was assumed, what could not be known or read. */
export function postureSummary(result: PostureResult, style: Style): string {
  const { workloads: rows, environments } = result;
  const all = environments.reduce((sum, { workloads }) => sum + workloads, 0);
  const shown =
    rows.length === all ? counted(all, 'workload') : `${String(rows.length)} of ${counted(all, 'workload')}`;
  const figures: readonly (readonly [string, string])[] = [
    ['Data plane     ', tally(rows.map(({ enrolment }) => enrolment.dataPlane))],
    ['mTLS           ', tally(rows.map(({ mtls }) => modesOf(mtls)))],
    ['Authorization  ', tally(rows.map(({ authorization }) => authorization.defaultAction))],
    ['JWT            ', tally(rows.map(({ jwt }) => jwt.token))],
    ...wafFigures(rows),
  ];
  const problems = problemsSection(result, style);
  return [
    ...(problems === '' ? [] : [problems, '']),
    style.heading('Summary', shown),
    ...(rows.length === 0 ? [] : figures.flatMap(([label, text]) => style.labelled(label, text, 2))),
    ...missingLines(rows, style),
    ...environmentLines(result, style),
  ].join('\n');
}

/** Verdicts on web application firewalls, where some workload has to do with one. */
function wafFigures(rows: readonly PostureRow[]): readonly (readonly [string, string])[] {
  if (rows.every(({ waf }) => waf.products.length === 0)) return [];
  return [
    ['WAF            ', tally(rows.map(({ waf }) => waf.eastWest))],
    ['WAF, ways in   ', tally(rows.map(({ waf }) => waf.waysIn))],
  ];
}

function modesOf({ ports, otherPorts }: PostureRow['mtls']): string {
  return [...new Set([...ports.map(({ mtls }) => mtls), otherPorts])].sort().join('+');
}
