import { printable } from './printable.js';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Longest text that a report page takes over from the input as it is. */
const longestText = 4000;

/** Text for XML and HTML, in content and in attributes: no markup, no character that XML 1.0 forbids. */
export function escapeMarkup(text: string): string {
  return printable(text, longestText).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** ` name="value"` for each member that has a value, in order. */
export function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${escapeMarkup(String(value))}"`))
    .join('');
}
