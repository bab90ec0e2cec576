import { Lexer } from 'yaml';

/**
 * How deeply a YAML text nests, at most: an upper bound where it is small, a count over the tokens where the bound is
 * above the limit. Guards the parser, which recurses.
 */
export function deepestLevel(text: string, limit: number): number {
  const bound = upperBound(text, limit);
  return bound <= limit ? bound : countTokens(text, limit);
}

/** Open brackets, not minding quotes, plus the longest run of characters that can open a block level. */
function upperBound(text: string, limit: number): number {
  let [brackets, most, run, longest] = [0, 0, 0, 0];
  for (let at = 0; at < text.length && most + longest <= limit; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5b || code === 0x7b) most = Math.max(most, ++brackets);
    else if ((code === 0x5d || code === 0x7d) && brackets > 0) brackets--;
    run = code === 0x20 || code === 0x2d || code === 0x3f || code === 0x3a || code === 0x09 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return most + longest;
}

function countTokens(text: string, limit: number): number {
  let flow = 0;
  let column = 0;
  let deepest = 0;
  const blocks: number[] = [];
  const lexer = new Lexer();
  for (const token of lexer.lex(text)) {
    const first = token[0] ?? '';
    if (first === '\n') column = 0;
    else if (token === '[' || token === '{') flow++;
    else if (token === ']' || token === '}') flow = Math.max(0, flow - 1);
    else if (token === '-' || token === '?' || token === ':') openBlock(blocks, column, flow);
    deepest = Math.max(deepest, flow + blocks.length);
    if (deepest > limit) return deepest;
    column = first === '\n' ? 0 : column + token.length;
  }
  return deepest;
}

/** A block collection ends where something begins at a smaller column. */
function openBlock(blocks: number[], column: number, flow: number): void {
  if (flow > 0) return;
  while ((blocks.at(-1) ?? -1) >= column) blocks.pop();
  blocks.push(column);
}
