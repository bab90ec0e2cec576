/** Where the parser saw a quoted scalar end before its closing quote. */
export interface OpenQuote {
  readonly offset: number;
  readonly quote: string;
}

/**
 * Indents the further lines of quoted scalars that the parser saw end at the given places, each at the end of its first
 * line. White space at the start of such lines means nothing, so the value stays the same; so do all line numbers.
 */
export function indentQuoted(text: string, ends: readonly OpenQuote[]): string {
  let mended = '';
  let from = 0;
  for (const end of [...ends].sort((a, b) => a.offset - b.offset)) {
    const opening = end.offset < from ? undefined : openingQuote(text, end);
    const closing = opening === undefined ? undefined : closingQuote(text, opening);
    if (opening === undefined || opening < from || closing === undefined) continue;
    const lineStart = text.lastIndexOf('\n', opening) + 1;
    const indent = ' '.repeat(opening - lineStart + 1);
    mended +=
      text.slice(from, opening) + text.slice(opening, closing + 1).replace(/\n(?=[^\n])/g, `\n${indent}`);
    from = closing + 1;
  }
  return mended + text.slice(from);
}

const furthestLines = 200;

/** The quote that begins the value that ends at a place, on that line or one before it; lines of the value may look alike. */
function openingQuote(text: string, { offset, quote }: OpenQuote): number | undefined {
  let lineEnd = offset;
  for (let lines = 0; lines < furthestLines && lineEnd >= 0; lines++) {
    const lineStart = lineEnd === 0 ? 0 : text.lastIndexOf('\n', lineEnd - 1) + 1;
    const match = beforeQuote.exec(text.slice(lineStart, lineEnd));
    const opening = lineStart + (match?.[0].length ?? 0);
    if (match !== null && text.charAt(opening) === quote) return opening;
    lineEnd = lineStart - 1;
  }
  return undefined;
}

/** What stands on a line before a quoted value: marks, and a key or none. */
const beforeQuote = /^(?:[\s-]*(?:[^\s'"#][^'"\n]*?|'[^'\n]*'|"[^"\n]*"):|[\s-]*-)\s+(?=["'])/;

function closingQuote(text: string, opening: number): number | undefined {
  const quote = text.charAt(opening);
  for (let at = opening + 1; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\\' && quote === '"') at++;
    else if (char === quote) {
      if (quote === '"' || text.charAt(at + 1) !== quote) return at;
      at++;
    }
  }
  return undefined;
}
