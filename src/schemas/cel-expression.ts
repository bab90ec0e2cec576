import { parsesAsCel } from './cel-rules.js';

const literal = /[rRbB]{0,2}(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')/;

/** What the grammar has and the library lacks: names and fractions that begin with a dot, quoted field names. */
const leading = /(?<![\w.)\]}`"']\s{0,8}|\?)\.(?=[A-Za-z_])/;
const fraction = /(?<![\w.)\]}`"'])\.(?=\d)/;
const quoted = /\.`[A-Za-z0-9_.\-/ ]+`/;
const replaced = new RegExp([literal, leading, fraction, quoted].map(({ source }) => `(${source})`).join('|'), 'g');

function inLibraryGrammar(text: string): string {
  return text.replaceAll(replaced, (...[, string, name, number]: readonly (string | undefined)[]) => {
    if (string !== undefined) return string;
    if (name !== undefined) return '';
    return number === undefined ? '.quoted' : '0.';
  });
}

const greatest = 2n ** 63n - 1n;

/** True when an integer does not fit 64 bits; the least one is written with its sign. */
function hasLongInteger(code: string): boolean {
  const integers = code.match(/(?<![\w.])-?\d{19,}(?![\w.])/g) ?? [];
  return integers.some((text) => {
    const digits = text.replace('-', '');
    return digits.length > 19 || BigInt(digits) > (text.startsWith('-') ? greatest + 1n : greatest);
  });
}

/** Where the parenthesis that opens before `start` is closed. */
function closing(code: string, start: number): number {
  let depth = 1;
  for (let index = start; index < code.length; index += 1) {
    if (code[index] === '(') depth += 1;
    if (code[index] === ')') depth -= 1;
    if (depth === 0) return index;
  }
  return code.length;
}

/** True when `has` is asked of something that is no field of anything. */
function hasWithoutField(code: string): boolean {
  return [...code.matchAll(/(?<![.\w])has\(/g)].some(({ index }) => {
    const start = index + 'has('.length;
    const argument = code.slice(start, closing(code, start)).replace(/^[\s(]+|[\s)]+$/g, '');
    return !/[\w)\]}"`]\s*\.\s*(?:[A-Za-z_]\w*|`[^`]*`)$/.test(argument) || /^[-!]/.test(argument);
  });
}

/** True when a condition stands between `?` and `:` of another without parentheses. */
function hasBareCondition(code: string): boolean {
  const open = [false];
  for (const [mark] of code.matchAll(/[([{]\??|[)\]}]|\?(?!\.)|:/g)) {
    if (/^[([{]/.test(mark)) open.push(false);
    else if (/^[)\]}]/.test(mark)) open.pop();
    else if (mark === '?' && open.at(-1)) return true;
    else open[open.length - 1] = mark === '?';
  }
  return false;
}

/** `!` and the `-` of a sign cannot follow each other; `-` of a number is part of it. */
const mixedSigns = /(?:^|[^\w)\]}"'`\s])\s{0,8}-\s{0,8}!|!\s{0,8}-\s{0,8}[^\d\s.]/;

const longest = 20_000;

/** True for a text that parses as CEL, whatever it means. Source: github.com/google/cel-go parser. */
export function isCelExpression(text: string): boolean {
  const code = text.replaceAll(new RegExp(literal, 'g'), '""');
  if (hasLongInteger(code) || hasBareCondition(code) || mixedSigns.test(code)) return false;
  if (text.length <= longest && hasWithoutField(code)) return false;
  return parsesAsCel(inLibraryGrammar(text));
}
