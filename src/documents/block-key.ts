import { readQuoted } from './block-quoted.js';
import { code, codeAt, giveUp, isBreakOrSpace, skipSpaces, type Scan } from './block-scan.js';
import { scanPlain, startsPlain } from './block-scalars.js';
import { keyText, resolveScalar } from './resolve-scalar.js';
import type { Entries } from './set-entry.js';

/**
 * Reads a key and its colon. A key that the mapping has already, or that needs care (`$patch` marks a patch), is for the
 * thorough reader.
 */
export function readKey(scan: Scan, target: Entries): string {
  const { text } = scan;
  const begin = scan.pos;
  let key: string | undefined;
  if (startsPlain(scan)) {
    if (!scanPlain(scan)) giveUp();
    key = plainKey(text.slice(begin, scan.plainEnd));
  } else {
    const char = codeAt(text, begin);
    if (char !== code.doubleQuote && char !== code.singleQuote) giveUp();
    const line = scan.lineStart;
    key = readQuoted(scan);
    skipSpaces(scan);
    const single = scan.lineStart === line && codeAt(text, scan.pos) === code.colon;
    if (!single || !isBreakOrSpace(codeAt(text, scan.pos + 1))) giveUp();
  }
  if (
    codeAt(key, 0) === code.dollar ||
    key === '<<' ||
    key === '__proto__' ||
    scan.pos - begin > 1000 ||
    target[key] !== undefined
  )
    giveUp();
  scan.pos++;
  return key;
}

/** Words and numbers become the keys that Kubernetes makes of them. */
function plainKey(text: string): string {
  const first = codeAt(text, 0);
  const isLetter = (first >= 0x61 && first <= 0x7a) || (first >= 0x41 && first <= 0x5a);
  if (isLetter && text.length > 5) return text;
  const key = keyText(resolveScalar(text), text);
  if (key === undefined || text === '<<') giveUp();
  return key;
}

/** Looks ahead: whether the text at the position is a mapping key. */
export function startsKey(scan: Scan): boolean {
  const begin = scan.pos;
  const line = scan.lineStart;
  let isKey = false;
  if (startsPlain(scan)) {
    isKey = scanPlain(scan);
  } else {
    const char = codeAt(scan.text, begin);
    if (char !== code.doubleQuote && char !== code.singleQuote) return false;
    readQuoted(scan);
    skipSpaces(scan);
    isKey = codeAt(scan.text, scan.pos) === code.colon;
  }
  scan.pos = begin;
  scan.lineStart = line;
  return isKey;
}
