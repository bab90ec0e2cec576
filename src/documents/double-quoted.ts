import { giveUp } from './block-scan.js';

const simple = new Map<string, string>([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\x1b'],
  [' ', ' '],
  ['"', '"'],
  ['/', '/'],
  ['\\', '\\'],
  ['N', '\x85'],
  ['_', '\xa0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
]);

const widths = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

/** Resolves the escapes of a double-quoted scalar whose lines are folded already. */
export function unescape(raw: string): string {
  let text = '';
  let from = 0;
  for (let at = raw.indexOf('\\'); at >= 0; at = raw.indexOf('\\', from)) {
    text += raw.slice(from, at);
    const letter = raw.charAt(at + 1);
    const plain = simple.get(letter);
    const width = widths.get(letter) ?? 0;
    text += plain ?? fromHex(raw.slice(at + 2, at + 2 + width), width);
    from = at + 2 + (plain === undefined ? width : 0);
  }
  return text + raw.slice(from);
}

function fromHex(digits: string, width: number): string {
  if (width === 0 || digits.length !== width || !/^[0-9a-fA-F]+$/.test(digits)) giveUp();
  const point = Number.parseInt(digits, 16);
  if ((point >= 0xd800 && point <= 0xdfff) || point > 0x10ffff) giveUp();
  return String.fromCodePoint(point);
}
