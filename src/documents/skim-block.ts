import {
  code,
  codeAt,
  endLine,
  giveUp,
  isBreakOrSpace,
  isDash,
  isLineEnd,
  nextLineStart,
  toContent,
  type Scan,
} from './block-scan.js';
import { quotedEnd, scanPlain, startsPlain } from './block-scalars.js';
import { readFlow } from './read-flow.js';

/**
 * Moves over the value of a mapping entry without building it, minding quotes and block scalars, so that nothing in
 * them is taken for structure. The position is behind the key's colon; the mapping's keys stand at `column`.
 */
export function skimValue(scan: Scan, column: number): void {
  skimScalar(scan, column);
  while (scan.indent > column || (scan.indent === column && isDash(scan))) skimLine(scan);
}

/** One line of structure: `- ` marks, then a key with or without value, or a scalar. */
export function skimLine(scan: Scan): void {
  const { text } = scan;
  let parent = scan.indent - 1;
  for (;;) {
    const char = codeAt(text, scan.pos);
    const mark = char === code.dash || char === code.question || char === code.colon;
    if (!mark || !isBreakOrSpace(codeAt(text, scan.pos + 1))) break;
    parent = scan.pos - scan.lineStart;
    scan.pos++;
    while (codeAt(text, scan.pos) === code.space) scan.pos++;
    if (isLineEnd(codeAt(text, scan.pos)) || codeAt(text, scan.pos) === code.hash) {
      endLine(scan);
      return;
    }
  }
  skimKeyOrScalar(scan, parent);
}

function skimKeyOrScalar(scan: Scan, parent: number): void {
  const { text } = scan;
  const column = scan.pos - scan.lineStart;
  if (startsPlain(scan)) {
    if (!scanPlain(scan)) {
      skipDeeper(scan, parent);
      return;
    }
  } else if (isQuote(codeAt(text, scan.pos))) {
    skimQuoted(scan);
    const after = scan.pos;
    while (codeAt(text, scan.pos) === code.space) scan.pos++;
    if (codeAt(text, scan.pos) !== code.colon) {
      scan.pos = after;
      endLine(scan);
      return;
    }
  } else {
    skimScalar(scan, parent);
    return;
  }
  scan.pos++;
  skimScalar(scan, column);
}

function isQuote(char: number): boolean {
  return char === code.doubleQuote || char === code.singleQuote;
}

function skimQuoted(scan: Scan): void {
  const end = quotedEnd(scan);
  scan.lineStart = Math.max(scan.lineStart, scan.text.lastIndexOf('\n', end) + 1);
  scan.pos = end + 1;
}

/** A scalar, or nothing, on the rest of the line; lines deeper than the parent belong to it. */
function skimScalar(scan: Scan, parent: number): void {
  const { text } = scan;
  while (codeAt(text, scan.pos) === code.space) scan.pos++;
  const char = codeAt(text, scan.pos);
  if (isLineEnd(char) || char === code.hash) {
    endLine(scan);
  } else if (isQuote(char)) {
    skimQuoted(scan);
    endLine(scan);
  } else if (char === code.pipe || char === 0x3e) {
    skipDeeper(scan, parent);
  } else if (char === code.openBrace || char === code.openBracket) {
    readFlow(scan);
    endLine(scan);
  } else {
    if (!startsPlain(scan) || scanPlain(scan)) giveUp();
    skipDeeper(scan, parent);
  }
}

/** Over the lines of a block scalar, or the further lines of a plain one, whatever they hold. */
function skipDeeper(scan: Scan, parent: number): void {
  const { text } = scan;
  let line = nextLineStart(text, scan.pos);
  for (; line < text.length; line = nextLineStart(text, line)) {
    let at = line;
    while (codeAt(text, at) === code.space) at++;
    const char = codeAt(text, at);
    if (at - line <= parent && !isLineEnd(char)) {
      if (char === code.tab) giveUp();
      break;
    }
  }
  scan.lineStart = line;
  toContent(scan);
}
