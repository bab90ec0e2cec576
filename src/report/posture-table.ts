import type { PostureResult } from '#posture/result.js';
import type { PostureRow } from '#posture/row.js';
import { authorizationCell, detailLine, mtlsCell, nameCell, wafCell } from './posture-cells.js';
import { postureStory } from './posture-story.js';
import { postureSummary } from './posture-summary.js';
import { inert, printable, printableName } from './printable.js';
import type { RenderOptions } from './renderer.js';
import type { Style } from './table-style.js';
import { counted, tableStyle } from './table-style.js';
import { displayWidth, wrapText } from './wrap-text.js';

const heads = ['Workload', 'Data plane', 'mTLS', 'Authorization', 'JWT'];
const fixedWidths = [10, 18, 14, 8];

/** Room for the column on web application firewalls, which the detail line tells of too. */
const wafWidth = 15;
const widthForWaf = 100;

/** What the reports of a posture for people are written with. */
export type PostureRenderOptions = Pick<RenderOptions, 'color' | 'width'>;

function cellsOf(row: PostureRow): readonly string[] {
  const { enrolment, mtls, authorization, jwt } = row;
  const token = jwt.token === 'absent' ? '-' : jwt.token;
  return [nameCell(row), enrolment.dataPlane, mtlsCell(mtls), authorizationCell(authorization), token];
}

/** A text broken into lines of a width, each filled up to it. */
type Fill = (text: string, width: number) => readonly string[];

/** Few texts fill most cells of a large mesh, so each is broken once. */
function createFill(): Fill {
  const kept = new Map<string, readonly string[]>();
  return (text, width) => {
    const key = `${String(width)} ${text}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const lines = text.split('\n').flatMap((line) => wrapText(line, width));
    const filled = lines.map((line) => line + ' '.repeat(Math.max(0, width - displayWidth(line))));
    kept.set(key, filled);
    return filled;
  };
}

/**
 * Cells side by side, each wrapped into its width. Drawn by hand: `cli-table3` takes longer over ten thousand rows than
 * everything else together.
 */
function drawRow(cells: readonly string[], widths: readonly number[], fill: Fill): readonly string[] {
  const columns = cells.map((cell, index) => fill(cell, widths[index] ?? 1));
  const height = Math.max(...columns.map((lines) => lines.length));
  return Array.from({ length: height }, (_, row) => {
    const parts = columns.map((lines, index) => lines[row] ?? ' '.repeat(widths[index] ?? 0));
    return `  ${parts.join('  ').trimEnd()}`;
  });
}

interface Sheet {
  readonly style: Style;
  readonly fill: Fill;
  /** Some workload has to do with a web application firewall, and there is room to say so. */
  readonly showsWaf: boolean;
}

function tableOf(rows: readonly PostureRow[], { style, fill, showsWaf }: Sheet, isFirst: boolean): string {
  const fixed = showsWaf ? [...fixedWidths, wafWidth] : fixedWidths;
  const nameWidth = style.width - 2 - fixed.reduce((sum, width) => sum + width + 2, 0);
  const widths = [nameWidth, ...fixed];
  const titles = showsWaf ? [...heads, 'WAF'] : heads;
  const head = isFirst ? drawRow(titles, widths, fill).map((line) => style.ink.dim(line)) : [];
  const lines = rows.flatMap((row) => [
    ...drawRow(showsWaf ? [...cellsOf(row), wafCell(row.waf)] : cellsOf(row), widths, fill),
    ...fill(detailLine(row), style.width - 4).map((line) => `    ${style.ink.dim(line.trimEnd())}`),
  ]);
  return [...head, ...lines].join('\n');
}

function groupsOf(rows: readonly PostureRow[]): readonly (readonly PostureRow[])[] {
  const groups = new Map<string, PostureRow[]>();
  for (const row of rows) {
    const key = `${row.environment}\0${row.namespace}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}

function groupSection(rows: readonly PostureRow[], sheet: Sheet, isFirst: boolean): string {
  const { style } = sheet;
  const [first] = rows;
  if (first === undefined) return '';
  const { environment, namespace } = first;
  const where =
    environment === ''
      ? printableName(namespace)
      : `${printable(environment, 200)}: ${printableName(namespace)}`;
  return `${style.heading(where, counted(rows.length, 'workload'))}\n${tableOf(rows, sheet, isFirst)}`;
}

/** The posture for people at a terminal: a row for each workload by namespace, or the story of those asked for. */
export function renderPostureTable(result: PostureResult, options: PostureRenderOptions): string {
  const style = tableStyle(options);
  const usesWaf = result.workloads.some(({ waf }) => waf.products.length > 0);
  const sheet = { style, fill: createFill(), showsWaf: usesWaf && style.width >= widthForWaf };
  const told = result.workloads.filter(({ story }) => story !== undefined);
  const sections =
    told.length > 0
      ? told.map((row) => postureStory(row, style))
      : groupsOf(result.workloads).map((rows, index) => groupSection(rows, sheet, index === 0));
  return `${inert([...sections, postureSummary(result, style)].filter((text) => text !== '').join('\n\n'))}\n`;
}
