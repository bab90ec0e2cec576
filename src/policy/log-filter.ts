/** Longer expressions are left undecided: nobody writes them by hand. */
const maxLength = 4096;

const maxDepth = 40;

const tokens = /\s+|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|&&|\|\||[=!<>]=|[A-Za-z_][\w.]*|\d+(?:\.\d+)?|./gsu;

/** True or false for every response of the code; undefined when that depends on more than the code. */
type Truth = boolean | undefined;

interface Reader {
  readonly words: readonly string[];
  readonly code: number;
  next: number;
}

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
};

/** `response.code >= 400` and its mirror image; all else is not decided by the code. */
function truthOf(words: readonly string[], code: number): Truth {
  const [left = '', operator = '', right = ''] = words;
  if (words.length === 1 && (left === 'true' || left === 'false')) return left === 'true';
  const holds = Object.hasOwn(comparisons, operator) ? comparisons[operator] : undefined;
  if (words.length !== 3 || holds === undefined) return undefined;
  const isNumber = (word: string): boolean => /^\d{1,9}$/.test(word);
  if (left === 'response.code' && isNumber(right)) return holds(code, Number(right));
  return right === 'response.code' && isNumber(left) ? holds(Number(left), code) : undefined;
}

const endsOperand = (word: string | undefined): boolean =>
  word === undefined || word === '&&' || word === '||' || word === ')';

function readComparison(reader: Reader): Truth {
  const start = reader.next;
  for (let open = 0; ; reader.next++) {
    const word = reader.words[reader.next];
    if (word === undefined || (open === 0 && endsOperand(word))) break;
    if ('([{'.includes(word)) open++;
    if (')]}'.includes(word)) open--;
  }
  return truthOf(reader.words.slice(start, reader.next), reader.code);
}

function readGroup(reader: Reader, depth: number): Truth {
  const start = reader.next++;
  const truth = readOr(reader, depth + 1);
  if (reader.words[reader.next] === ')' && endsOperand(reader.words[reader.next + 1])) {
    reader.next++;
    return truth;
  }
  reader.next = start;
  return readComparison(reader);
}

function readOperand(reader: Reader, depth: number): Truth {
  if (reader.words[reader.next] === '!') {
    reader.next++;
    const truth = readOperand(reader, depth + 1);
    return truth === undefined ? undefined : !truth;
  }
  const grouped = reader.words[reader.next] === '(' && depth < maxDepth;
  return grouped ? readGroup(reader, depth) : readComparison(reader);
}

function readList(reader: Reader, operator: string, readOne: () => Truth): readonly Truth[] {
  const truths = [readOne()];
  while (reader.words[reader.next] === operator) {
    reader.next++;
    truths.push(readOne());
  }
  return truths;
}

function readAnd(reader: Reader, depth: number): Truth {
  const truths = readList(reader, '&&', () => readOperand(reader, depth));
  if (truths.includes(false)) return false;
  return truths.includes(undefined) ? undefined : true;
}

function readOr(reader: Reader, depth: number): Truth {
  const truths = readList(reader, '||', () => readAnd(reader, depth));
  if (truths.includes(true)) return true;
  return truths.includes(undefined) ? undefined : false;
}

/**
 * Whether an access log filter (CEL, `filter.expression` of a Telemetry) keeps responses of a status code: true for
 * all of them, false for none, undefined when it depends on other attributes too or can not be read.
 * Source: pilot/pkg/networking/core/accesslog.go (the expression is Envoy's CEL access log filter).
 */
export function keepsResponses(expression: string, code: number): boolean | undefined {
  if (expression.length > maxLength) return undefined;
  const words = Array.from(expression.matchAll(tokens), ([word]) => word).filter(
    (word) => word.trim() !== '',
  );
  if (words.includes('?') || words.length === 0) return undefined;
  const reader: Reader = { words, code, next: 0 };
  const truth = readOr(reader, 0);
  return reader.next === words.length ? truth : undefined;
}
