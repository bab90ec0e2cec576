import Table from 'cli-table3';

/** How a column is set: `width` bounds it, and its cells wrap at words. */
export interface Column {
  readonly align?: 'left' | 'right';
  readonly width?: number;
}

const none = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '  ',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '   ',
} as const;

/** Rows in aligned columns without lines around them, indented by two. */
export function columns(rows: readonly (readonly string[])[], layout: readonly Column[]): string {
  const table = new Table({
    chars: none,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colAligns: layout.map(({ align }) => align ?? 'left'),
    colWidths: layout.map(({ width }) => width ?? null),
    wordWrap: true,
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
