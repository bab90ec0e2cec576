import { LuaExpressions } from './lua-expressions.js';
import { LuaSyntaxError, luaTokens } from './lua-tokens.js';

/** What parsing a script shows. */
export interface LuaParse {
  /** Why LuaJIT does not load it; undefined when its syntax is right. */
  readonly problem: string | undefined;
  /** Modules that it requires as it is loaded, outside of every function. */
  readonly requiredAtLoad: readonly string[];
}

const blockEnds: ReadonlySet<string> = new Set(['end', 'else', 'elseif', 'until', '<eof>']);

/** Goes through a script by the grammar of Lua 5.1, with LuaJIT's labels. */
class LuaParser extends LuaExpressions {
  chunk(): void {
    this.block();
    if (this.token.kind !== 'end') this.refuse("'<eof>' expected");
  }

  private block(): void {
    this.nested(() => {
      while (!(this.token.kind !== 'string' && blockEnds.has(this.token.text))) {
        const last = this.is('return');
        this.statement();
        this.accept(';');
        if (last && !blockEnds.has(this.token.text)) this.refuse("'end' expected");
      }
    });
  }

  private blockUntil(end: string): void {
    this.block();
    this.expect(end);
  }

  private statement(): void {
    const { kind, text } = this.token;
    if (kind === 'symbol' && text === '::') this.label();
    else if (kind !== 'keyword') this.expressionStatement();
    else this.keywordStatement(text);
  }

  private label(): void {
    this.expect('::');
    this.name();
    this.expect('::');
  }

  private keywordStatement(keyword: string): void {
    const statements: Readonly<Record<string, () => void>> = {
      if: () => {
        this.conditional();
      },
      while: () => {
        this.expression();
        this.expect('do');
        this.blockUntil('end');
      },
      do: () => {
        this.blockUntil('end');
      },
      for: () => {
        this.loop();
      },
      repeat: () => {
        this.blockUntil('until');
        this.expression();
      },
      function: () => {
        this.namedFunction();
      },
      local: () => {
        this.declaration();
      },
      return: () => {
        if (!this.is(';') && !blockEnds.has(this.token.text)) this.expressions();
      },
      break: () => undefined,
      goto: () => {
        this.name();
      },
    };
    const parse = Object.hasOwn(statements, keyword) ? statements[keyword] : undefined;
    if (parse === undefined) this.refuse('unexpected symbol');
    this.at += 1;
    parse();
  }

  private conditional(): void {
    do {
      this.expression();
      this.expect('then');
      this.block();
    } while (this.accept('elseif'));
    if (this.accept('else')) this.block();
    this.expect('end');
  }

  private loop(): void {
    this.name();
    if (this.accept('=')) {
      this.expression();
      this.expect(',');
      this.expression();
      if (this.accept(',')) this.expression();
    } else {
      while (this.accept(',')) this.name();
      this.expect('in');
      this.expressions();
    }
    this.expect('do');
    this.blockUntil('end');
  }

  private namedFunction(): void {
    this.name();
    while (this.accept('.')) this.name();
    if (this.accept(':')) this.name();
    this.functionBody();
  }

  protected override functionBody(): void {
    this.expect('(');
    while (!this.is(')')) {
      if (this.accept('...')) break;
      this.name();
      if (!this.accept(',')) break;
      if (this.is(')')) this.refuse('<name> expected');
    }
    this.expect(')');
    this.functions += 1;
    this.blockUntil('end');
    this.functions -= 1;
  }

  private declaration(): void {
    if (this.accept('function')) {
      this.name();
      this.functionBody();
      return;
    }
    this.name();
    while (this.accept(',')) this.name();
    if (this.accept('=')) this.expressions();
  }

  private expressionStatement(): void {
    const first = this.suffixed();
    if (!this.is('=') && !this.is(',')) {
      if (first !== 'call') this.refuse('syntax error');
      return;
    }
    if (first !== 'variable') this.refuse('syntax error');
    while (this.accept(',')) if (this.suffixed() !== 'variable') this.refuse('syntax error');
    this.expect('=');
    this.expressions();
  }
}

/** Parses a script as LuaJIT does when it loads it, without running it. */
export function parseLua(code: string): LuaParse {
  try {
    const parser = new LuaParser(luaTokens(code));
    parser.chunk();
    return { problem: undefined, requiredAtLoad: parser.requiredAtLoad };
  } catch (error) {
    if (!(error instanceof LuaSyntaxError)) throw error;
    return { problem: `line ${error.line}: ${error.message}`, requiredAtLoad: [] };
  }
}
