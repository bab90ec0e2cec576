const names: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Controls, invisible and direction-changing characters, lone surrogates, line separators, private use. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** More marks on one letter than any script needs: they would run over the neighbouring lines. */
const stackedMarks = /(\p{M}{2})\p{M}+/gu;

/**
 * Text that no terminal interprets: what would move the cursor, colour the line, hide or reorder characters becomes a
 * visible escape. Longer text than `limit` characters keeps its beginning and end.
 */
export function printable(text: string, limit = 1000): string {
  // Most text is plain; the classes of the expressions below take milliseconds to build.
  if (text.length <= limit && /^[ -~]*$/.test(text)) return text;
  const ends = text.length > limit * 2 ? text.slice(0, limit) + text.slice(-limit) : text;
  const characters = Array.from(ends);
  const half = Math.floor((limit - 1) / 2);
  const shown =
    characters.length <= limit
      ? ends
      : `${characters.slice(0, half).join('')}…${characters.slice(-half).join('')}`;
  return shown.replace(unprintable, escapeOf).replace(stackedMarks, '$1');
}

function escapeOf(character: string): string {
  return names[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** A file name, a resource's name: like {@link printable}, shorter. */
export function printableName(text: string): string {
  return printable(text, 253);
}

/** A whole text for a log: CI runners read commands from it (`::error::`, `##[group]`), which none of its lines may be. */
export function inert(text: string): string {
  return text.replace(/^(\s*)::/gm, '$1\\::').replaceAll('##[', '#\\#[');
}
