import { getOrMake } from '#mesh/lazy.js';
import { byCodeUnit } from './order.js';
import type { MessageData } from './verdict.js';

const placeholder = /\{([a-z][A-Za-z0-9]*)\}/g;

/** Nouns that a placeholder after them counts: `port {port}` becomes `ports 80 and 443`. */
const counted = /\b(port|namespace|revision|host|header|subset|key) \{([a-z][A-Za-z0-9]*)\}/g;

/** How many different values of a placeholder are written out before the rest is counted. */
const shown = 3;

/** Names of the placeholders of a template, in order, each once. */
export function placeholdersOf(template: string): readonly string[] {
  return [...new Set(Array.from(template.matchAll(placeholder), ([, name]) => name ?? ''))];
}

/** Joins different values for reading: `a`, `a and b`, `a, b, c and 37 more`. */
export function enumerate<T>(values: readonly T[], textOf: (value: T) => string): string {
  return enumerateSome(values.slice(0, shown).map(textOf), values.length);
}

/** As `enumerate`, where the first of `count` values are given. */
function enumerateSome(first: readonly string[], count: number): string {
  const visible = [...first];
  const rest = count - visible.length;
  const last = rest > 0 ? `${String(rest)} more` : visible.pop();
  return visible.length === 0 ? (last ?? '') : `${visible.join(', ')} and ${last ?? ''}`;
}

const byValue = (a: string | number, b: string | number): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : byCodeUnit(String(a), String(b));

/** The first of many values, in order: those that are written out. */
function firstOf(values: ReadonlySet<string | number>): readonly (string | number)[] {
  const least: (string | number)[] = [];
  values.forEach((value) => {
    const last = least[shown - 1];
    if (last !== undefined && byValue(value, last) >= 0) return;
    const place = least.findIndex((other) => byValue(value, other) < 0);
    least.splice(place < 0 ? least.length : place, 0, value);
    if (least.length > shown) least.pop();
  });
  return least;
}

function valuesOf(name: string, data: readonly (MessageData | undefined)[]): string {
  const values = new Set<string | number>();
  let latest: string | number | undefined;
  data.forEach((one) => {
    const value = one !== undefined && Object.hasOwn(one, name) ? one[name] : undefined;
    if (value === undefined || value === latest) return;
    values.add(value);
    latest = value;
  });
  return enumerateSome(firstOf(values).map(String), values.size);
}

/**
 * Fills the placeholders of templates from the data of all failures that make up one finding; where they differ
 * the different values are enumerated, so that the sentence stays true of all of them.
 */
export function renderer(data: readonly (MessageData | undefined)[]): (template: string) => string {
  const filled = new Map<string, string>();
  const fill = (name: string): string => getOrMake(filled, name, () => valuesOf(name, data));
  return (template) =>
    template
      .replace(counted, (_, noun: string, name: string) => `${inNumber(noun, fill(name))} {${name}}`)
      .replace(placeholder, (_, name: string) => fill(name));
}

/** A noun in the number that the values after it ask for. */
const inNumber = (noun: string, values: string): string => (/,| and /.test(values) ? `${noun}s` : noun);

/** Fills the placeholders of one template. */
export function renderMessage(template: string, data: readonly (MessageData | undefined)[]): string {
  return renderer(data)(template);
}

/** The first placeholder for which the data hold no value; undefined when all can be filled. */
export function missingPlaceholder(
  placeholders: readonly string[],
  data: MessageData | undefined,
): string | undefined {
  return placeholders.find(
    (name) => name !== 'subjects' && (data === undefined || !Object.hasOwn(data, name)),
  );
}
