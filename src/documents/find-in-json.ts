import type { FindSpan, Span } from './find-span.js';

/** Finds paths in a valid JSON text by walking along them; what lies beside the path is passed over unread. */
export function findInJson(text: string): FindSpan {
  return (path) => {
    let at = skipSpace(text, 0);
    let span: Span = { start: at, end: text.trimEnd().length };
    for (const step of path) {
      const found =
        text[at] === '{' ? findMember(text, at, String(step)) : findElement(text, at, Number(step));
      if (found === undefined) break;
      span = found.span;
      at = found.value;
    }
    return span;
  };
}

interface Found {
  readonly span: Span;
  /** Offset of the value. */
  readonly value: number;
}

/** The last member of that name, which is the one that counts. */
function findMember(text: string, object: number, name: string): Found | undefined {
  let found: Found | undefined;
  let at = skipSpace(text, object + 1);
  while (text[at] === '"') {
    const start = at;
    const end = skipString(text, at);
    const value = skipSpace(text, skipSpace(text, end) + 1);
    const after = skipValue(text, value);
    if (nameIs(text.slice(start, end), name)) {
      const nested = text[value] === '{' || text[value] === '[';
      found = { span: { start, end: nested ? end : after }, value };
    }
    at = skipSpace(text, after);
    if (text[at] !== ',') break;
    at = skipSpace(text, at + 1);
  }
  return found;
}

function nameIs(quoted: string, name: string): boolean {
  return quoted.includes('\\') ? JSON.parse(quoted) === name : quoted.slice(1, -1) === name;
}

function findElement(text: string, array: number, index: number): Found | undefined {
  if (text[array] !== '[') return undefined;
  let at = skipSpace(text, array + 1);
  for (let count = 0; at < text.length && text[at] !== ']'; count++) {
    const end = skipValue(text, at);
    if (count === index) return { span: { start: at, end }, value: at };
    at = skipSpace(text, end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return undefined;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\r' || text[at] === '\t') at++;
  return at;
}

function skipString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function skipValue(text: string, from: number): number {
  if (text[from] === '"') return skipString(text, from);
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === '"') at = skipString(text, at) - 1;
    else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') {
      if (depth <= 1) return depth === 0 ? at : at + 1;
      depth--;
    } else if (depth === 0 && (char === ',' || skipSpace(text, at) > at)) return at;
  }
  return text.length;
}
