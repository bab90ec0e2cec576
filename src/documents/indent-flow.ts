/** More lines than a flow collection of any manifest has. */
const furthestLines = 2000;

/** The last bracket of a line that is opened and not closed there. */
const bracket = /[[{][^[\]{}]*$/;

/** The offset of the bracket that begins the collection that ends at an offset, on one of the lines before it. */
function opening(text: string, end: number): number | undefined {
  let lineEnd = text.lastIndexOf('\n', end - 1);
  for (let lines = 0; lines < furthestLines && lineEnd > 0; lines++) {
    const lineStart = text.lastIndexOf('\n', lineEnd - 1) + 1;
    const match = bracket.exec(text.slice(lineStart, lineEnd));
    if (match !== null) return lineStart + match.index;
    lineEnd = lineStart - 1;
  }
  return undefined;
}

/** The offset behind the bracket that closes what opens at an offset; undefined: none within reach. */
function closing(text: string, start: number): number | undefined {
  let depth = 0;
  let lines = 0;
  for (let at = start; at < text.length && lines < furthestLines; at++) {
    const char = text.charAt(at);
    if (char === '\n') lines++;
    else if (char === '"' || char === "'") at = endOfQuote(text, at);
    else if (char === '#' && /\s/.test(text.charAt(at - 1)))
      at = (text.indexOf('\n', at) + 1 || text.length + 1) - 2;
    else if (char === '[' || char === '{') depth++;
    else if ((char === ']' || char === '}') && --depth === 0) return at + 1;
  }
  return undefined;
}

function endOfQuote(text: string, start: number): number {
  const quote = text.charAt(start);
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\\' && quote === '"') at++;
    else if (char === quote) return at;
  }
  return text.length;
}

/**
 * Indents the further lines of flow collections that the parser saw end at the given offsets, each behind its opening
 * bracket: libyaml and what comes of it take such lines at any indentation. The value and all line numbers stay the same.
 */
export function indentFlow(text: string, ends: readonly number[]): string {
  let mended = '';
  let from = 0;
  for (const end of [...ends].sort((a, b) => a - b)) {
    const start = end < from ? undefined : opening(text, end);
    const stop = start === undefined || start < from ? undefined : closing(text, start);
    if (start === undefined || stop === undefined) continue;
    const indent = ' '.repeat(start - text.lastIndexOf('\n', start));
    mended += text.slice(from, start) + text.slice(start, stop).replace(/\n(?=[^\n])/g, `\n${indent}`);
    from = stop;
  }
  return mended + text.slice(from);
}
