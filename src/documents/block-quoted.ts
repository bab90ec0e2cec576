import { code, codeAt, giveUp, isLineEnd, nextLineStart, takeText, type Scan } from './block-scan.js';
import { unescape } from './double-quoted.js';

/** Readers differ on what an escaped line break of two characters, or one before a blank line, comes to. */
const escapedBreak = /\\\r|\\\n *\r?\n/;

/** Reads a quoted scalar; the position is left behind the closing quote. It may run over lines, whatever their indent. */
export function readQuoted(scan: Scan): string {
  const { text } = scan;
  const quote = codeAt(text, scan.pos);
  const start = scan.pos + 1;
  const end = quotedEnd(scan);
  const raw = takeText(scan, start, end);
  scan.pos = end + 1;
  const simple = quote === code.doubleQuote ? !raw.includes('\\') : !raw.includes("'");
  if (!raw.includes('\n'))
    return simple ? raw : quote === code.doubleQuote ? unescape(raw) : raw.replaceAll("''", "'");
  if ((scan.tabs && raw.includes('\t')) || escapedBreak.test(raw)) giveUp();
  scan.lineStart = text.lastIndexOf('\n', end) + 1;
  if (quote === code.doubleQuote) return unescape(foldQuoted(raw, true));
  return foldQuoted(raw, false).replaceAll("''", "'");
}

/**
 * Reads a quoted scalar whose further lines are deeper than its parent. libyaml minds no indentation in quotes; where it
 * matters, the thorough reader settles what is meant.
 */
export function readIndentedQuoted(scan: Scan, parent: number): string {
  const { text, pos, lineStart } = scan;
  const value = readQuoted(scan);
  if (scan.lineStart === lineStart) return value;
  for (let line = nextLineStart(text, pos); line < scan.pos; line = nextLineStart(text, line)) {
    let at = line;
    while (codeAt(text, at) === code.space) at++;
    if (at - line <= parent && !isLineEnd(codeAt(text, at))) giveUp();
  }
  return value;
}

/** Offset of the quote that closes the scalar at the position. */
export function quotedEnd(scan: Scan): number {
  const { text } = scan;
  const quote = codeAt(text, scan.pos);
  let at = scan.pos + 1;
  for (;;) {
    const char = codeAt(text, at);
    if (char === quote) {
      if (quote === code.doubleQuote || codeAt(text, at + 1) !== quote) return at;
      at++;
    } else if (char === code.backslash && quote === code.doubleQuote) {
      at++;
    } else if (char === code.end) giveUp();
    at++;
  }
}

/** Folds the lines of a quoted scalar; in double quotes a backslash at the end of a line joins without a space. */
function foldQuoted(raw: string, escapes: boolean): string {
  const lines = raw.split(/\r?\n/);
  let folded = '';
  let breaks = 0;
  let joined = false;
  lines.forEach((line, index) => {
    const last = index === lines.length - 1;
    let content = index === 0 ? line : line.replace(/^ +/, '');
    if (!last) content = trimEnd(content, escapes);
    if (index > 0 && content === '' && !last) {
      breaks++;
      return;
    }
    if (index > 0) folded += breaks > 0 ? '\n'.repeat(breaks) : joined ? '' : ' ';
    breaks = 0;
    joined = escapes && !last && /(?:^|[^\\])(?:\\\\)*\\$/.test(content);
    folded += joined ? content.slice(0, -1) : content;
  });
  return folded;
}

/** Drops trailing spaces, but for one that a backslash escapes. */
function trimEnd(content: string, escapes: boolean): string {
  const trimmed = content.replace(/ +$/, '');
  const escaped = escapes && trimmed !== content && /(?:^|[^\\])(?:\\\\)*\\$/.test(trimmed);
  return escaped ? `${trimmed} ` : trimmed;
}
