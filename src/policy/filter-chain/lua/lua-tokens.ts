/** One token of a Lua script. */
export interface LuaToken {
  readonly kind: 'name' | 'keyword' | 'number' | 'string' | 'symbol' | 'end';
  /** As written; of a string what stands between its quotes. */
  readonly text: string;
  readonly line: number;
}

/** Thrown for what is no Lua. */
export class LuaSyntaxError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

const keywords: ReadonlySet<string> = new Set(
  'and break do else elseif end false for function goto if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
);

const blank = /\s+/y;
const longOpen = /\[(=*)\[/y;
const name = /[A-Za-z_]\w*/y;
const number =
  /(?:0[xX][\da-fA-F]+(?:\.[\da-fA-F]*)?(?:[pP][+-]?\d+)?|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?:[uU]?[lL][lL]|[iI])?/y;
const symbol = /\.\.\.|\.\.|::|==|~=|<=|>=|[-+*/%^#<>=(){}[\];:,.]/y;

/** Reads a script from left to right; every pattern is tried at one place only, so the work grows with the text. */
class LuaLexer {
  private readonly code: string;
  private at = 0;
  private line = 1;

  constructor(code: string) {
    this.code = code;
  }

  all(): readonly LuaToken[] {
    const tokens: LuaToken[] = [];
    for (;;) {
      this.countLines(this.take(blank)?.[0] ?? '');
      if (this.at >= this.code.length) break;
      if (this.code.startsWith('--', this.at)) this.skipComment();
      else tokens.push(this.next());
    }
    return [...tokens, { kind: 'end', text: '<eof>', line: this.line }];
  }

  private take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.code);
    if (found !== null) this.at += found[0].length;
    return found;
  }

  private countLines(text: string): void {
    this.line += text.split('\n').length - 1;
  }

  /** The text of a long string or comment whose opening bracket was taken. */
  private longText(level: string): string {
    const close = this.code.indexOf(`]${level}]`, this.at);
    if (close < 0) throw new LuaSyntaxError(this.line, 'unfinished long string or comment');
    const text = this.code.slice(this.at, close);
    this.at = close + level.length + 2;
    this.countLines(text);
    return text;
  }

  private shortString(quote: string): string {
    const start = this.at;
    for (; this.at < this.code.length; this.at += 1) {
      const character = this.code[this.at];
      if (character === '\\') this.at += 1;
      else if (character === '\n') break;
      else if (character === quote) {
        this.at += 1;
        return this.code.slice(start, this.at - 1);
      }
    }
    throw new LuaSyntaxError(this.line, 'unfinished string');
  }

  private skipComment(): void {
    this.at += 2;
    const long = this.take(longOpen);
    if (long !== null) this.longText(long[1] ?? '');
    else {
      const end = this.code.indexOf('\n', this.at);
      this.at = end < 0 ? this.code.length : end;
    }
  }

  private stringText(): string | undefined {
    const quote = this.code[this.at];
    if (quote === '"' || quote === "'") {
      this.at += 1;
      return this.shortString(quote);
    }
    const long = this.take(longOpen);
    return long === null ? undefined : this.longText(long[1] ?? '');
  }

  private next(): LuaToken {
    const { line } = this;
    const text = this.stringText();
    if (text !== undefined) return { kind: 'string', text, line };
    const word = this.take(name)?.[0];
    if (word !== undefined) return { kind: keywords.has(word) ? 'keyword' : 'name', text: word, line };
    const digits = this.take(number)?.[0];
    if (digits !== undefined) return { kind: 'number', text: digits, line };
    const sign = this.take(symbol)?.[0];
    if (sign !== undefined) return { kind: 'symbol', text: sign, line };
    throw new LuaSyntaxError(line, `unexpected symbol near '${this.code[this.at] ?? ''}'`);
  }
}

/** The tokens of a script, the last of them `end`. Throws a LuaSyntaxError. */
export function luaTokens(code: string): readonly LuaToken[] {
  return new LuaLexer(code).all();
}
