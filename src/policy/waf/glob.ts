import { getOrMake } from '#mesh/lazy.js';

/** Parts of patterns between their stars; patterns come from the products, so that there are few. */
const parted = new Map<string, readonly string[]>();

function partsOf(pattern: string): readonly string[] {
  return getOrMake(parted, pattern, () => pattern.toLowerCase().split('*'));
}

/** Whether a text fits a pattern in which `*` stands for any text; case counts not. Linear in text times parts. */
export function fitsGlob(pattern: string, text: string): boolean {
  const parts = partsOf(pattern);
  const lower = text.toLowerCase();
  const first = parts[0] ?? '';
  if (parts.length === 1) return lower === first;
  const last = parts[parts.length - 1] ?? '';
  const end = lower.length - last.length;
  if (!lower.startsWith(first) || !lower.endsWith(last) || first.length > end) return false;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = lower.indexOf(part, from);
    if (found < 0 || found + part.length > end) return false;
    from = found + part.length;
  }
  return true;
}

/** Whether a text fits one of the patterns; an absent text fits none. */
export function fitsSome(patterns: readonly string[], text: string | undefined): boolean {
  return text !== undefined && patterns.some((pattern) => fitsGlob(pattern, text));
}
