import { printable } from './printable.js';

/** A zero-width space: it keeps `@name` from notifying somebody and `#1` from pointing somewhere. */
const gap = '&#8203;';

/** Text that Markdown shows as it is. */
export function escapeMarkdown(text: string): string {
  return printable(text, 2000)
    .replace(/[\\`*_{}[\]()|~]/g, '\\$&')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[@#](?=\w)/g, `$&${gap}`)
    .replace(/:\/\//g, `:${gap}//`);
}

/** Text as inline code, whatever quotes it holds; a table cell may hold it too. */
export function code(text: string): string {
  const shown = printable(text, 500).replaceAll('|', '\\|');
  const longest = Math.max(0, ...Array.from(shown.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const space = longest > 0 ? ' ' : '';
  return `${fence}${space}${shown}${space}${fence}`;
}
