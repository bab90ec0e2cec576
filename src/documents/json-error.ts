/** Where and why a text is no JSON; the offset counts UTF-16 units. */
export interface JsonError {
  readonly offset: number;
  readonly message: string;
}

/** One step of the grammar at the start of the rest: a value's beginning, or what may follow one. */
const tokens =
  /[\s]*(?:([{}[\],:])|("(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null)(?![\w.+-]))/uy;

type State = 'value' | 'firstValue' | 'key' | 'firstKey' | 'colon' | 'after' | 'end';

/** Finds the first place at which a text breaks the grammar of JSON; undefined when it is valid. Bounded by the text. */
export function findJsonError(text: string): JsonError | undefined {
  const open: string[] = [];
  let state: State = 'value';
  let at = 0;
  while (at < text.length) {
    tokens.lastIndex = at;
    const match = tokens.exec(text);
    const start = at + (/^\s*/.exec(text.slice(at, at + 10_000))?.[0].length ?? 0);
    if (start >= text.length) break;
    if (match === null) return { offset: start, message: `Unexpected text, expected ${expected(state)}` };
    const next = step(state, match, open);
    if (next === undefined) return { offset: start, message: `Unexpected text, expected ${expected(state)}` };
    state = next;
    at = tokens.lastIndex;
  }
  return state === 'end'
    ? undefined
    : { offset: text.trimEnd().length, message: `Ends too early, expected ${expected(state)}` };
}

function expected(state: State): string {
  switch (state) {
    case 'key':
    case 'firstKey':
      return 'a key in double quotes';
    case 'colon':
      return 'a colon';
    case 'after':
      return 'a comma or a closing bracket';
    case 'end':
      return 'the end';
    default:
      return 'a value';
  }
}

function step(state: State, [, mark, quoted]: RegExpExecArray, open: string[]): State | undefined {
  switch (state) {
    case 'firstKey':
    case 'key':
      if (quoted !== undefined) return 'colon';
      return state === 'firstKey' && mark === '}' ? close(mark, open) : undefined;
    case 'colon':
      return mark === ':' ? 'value' : undefined;
    case 'after':
      if (mark === ',') return open.at(-1) === '{' ? 'key' : 'value';
      return close(mark, open);
    case 'end':
      return undefined;
    default:
      return state === 'firstValue' && mark === ']' ? close(mark, open) : begin(mark, open);
  }
}

function begin(mark: string | undefined, open: string[]): State | undefined {
  if (mark === undefined) return open.length > 0 ? 'after' : 'end';
  if (mark !== '{' && mark !== '[') return undefined;
  open.push(mark);
  return mark === '{' ? 'firstKey' : 'firstValue';
}

function close(mark: string | undefined, open: string[]): State | undefined {
  const fits = (mark === '}' && open.at(-1) === '{') || (mark === ']' && open.at(-1) === '[');
  if (!fits) return undefined;
  open.pop();
  return open.length > 0 ? 'after' : 'end';
}
