import { Chalk } from 'chalk';
import type { ChalkInstance } from 'chalk';
import type { Severity } from '#check/index.js';
import type { RenderOptions } from './renderer.js';
import { wrapText } from './wrap-text.js';

/** What every part of the terminal report writes with. */
export interface Style {
  readonly ink: ChalkInstance;
  /** Columns to write in. */
  readonly width: number;
  /** A severity's colour. */
  readonly severity: Readonly<Record<Severity, ChalkInstance>>;
  /** Heading of a section, with a rule to the right edge. */
  readonly heading: (title: string, note?: string) => string;
  /**
   * Lines of a text behind a label, all indented to the same column, not broken at no-break spaces; the caller makes
   * the text printable.
   */
  readonly labelled: (label: string, text: string, indent: number) => readonly string[];
}

const narrowest = 60;
const widest = 120;

/** Sixteen colours at most, so that the terminal's own theme decides; lines no longer than people read with ease. */
export function tableStyle({ color, width }: Pick<RenderOptions, 'color' | 'width'>): Style {
  const ink = new Chalk({ level: color ? 1 : 0 });
  const columns = Math.min(widest, Math.max(narrowest, width));
  return {
    ink,
    width: columns,
    severity: {
      critical: ink.bold.magenta,
      high: ink.bold.red,
      medium: ink.bold.yellow,
      low: ink.bold.cyan,
      info: ink.bold.blue,
    },
    heading: (title, note = '') => {
      const tail = note === '' ? '' : ` ${note}`;
      const rule = '─'.repeat(Math.max(3, columns - title.length - tail.length - 1));
      return `${ink.bold(title)} ${ink.dim(`${rule}${tail}`)}`;
    },
    labelled: (label, text, indent) => {
      const margin = ' '.repeat(indent + label.length);
      return wrapText(text, columns - margin.length)
        .map((line) => line.replaceAll('\u00a0', ' '))
        .map((line, index) =>
          index === 0 ? `${' '.repeat(indent)}${ink.dim(label)}${line}` : `${margin}${line}`,
        );
    },
  };
}

/** `1 finding`, `2 findings`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}
