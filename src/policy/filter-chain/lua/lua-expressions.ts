import { LuaReader } from './lua-reader.js';

const unary: ReadonlySet<string> = new Set(['not', '-', '#']);
const binary: ReadonlySet<string> = new Set('+ - * / % ^ .. < <= > >= == ~= and or'.split(' '));
const literals: ReadonlySet<string> = new Set(['nil', 'true', 'false', '...']);

/** The expressions of Lua; precedence does not matter for what is right. */
export abstract class LuaExpressions extends LuaReader {
  /** Modules that are required outside of every function. */
  readonly requiredAtLoad: string[] = [];
  protected functions = 0;

  protected abstract functionBody(): void;

  protected expressions(): void {
    this.expression();
    while (this.accept(',')) this.expression();
  }

  protected expression(): void {
    this.nested(() => {
      for (;;) {
        while (this.token.kind !== 'string' && unary.has(this.token.text)) this.at += 1;
        this.operand();
        if (this.token.kind === 'string' || !binary.has(this.token.text)) return;
        this.at += 1;
      }
    });
  }

  protected operand(): void {
    const { kind, text } = this.token;
    if (kind === 'string' || kind === 'number' || literals.has(text)) this.at += 1;
    else if (this.is('{')) this.table();
    else if (this.accept('function')) this.functionBody();
    else this.suffixed();
  }

  protected table(): void {
    this.expect('{');
    while (!this.is('}')) {
      const { next } = this;
      if (this.accept('[')) {
        this.expression();
        this.expect(']');
        this.expect('=');
      } else if (this.token.kind === 'name' && next?.kind === 'symbol' && next.text === '=') this.at += 2;
      this.expression();
      if (!this.accept(',') && !this.accept(';')) break;
    }
    this.expect('}');
  }

  /** A variable with what follows it: fields, calls. */
  protected suffixed(): 'variable' | 'call' | 'other' {
    const required = this.token.kind === 'name' && this.token.text === 'require';
    let kind: 'variable' | 'call' | 'other' = 'variable';
    if (this.accept('(')) {
      this.expression();
      this.expect(')');
      kind = 'other';
    } else if (this.token.kind === 'name') this.at += 1;
    else this.refuse('unexpected symbol');
    if (required) this.noteRequire();
    for (;;) {
      if (this.accept('.')) {
        this.name();
        kind = 'variable';
      } else if (this.accept('[')) {
        this.expression();
        this.expect(']');
        kind = 'variable';
      } else if (this.accept(':')) {
        this.name();
        this.argumentsOf();
        kind = 'call';
      } else if (this.is('(') || this.is('{') || this.token.kind === 'string') {
        this.argumentsOf();
        kind = 'call';
      } else return kind;
    }
  }

  protected noteRequire(): void {
    if (this.functions > 0) return;
    const name = this.is('(') ? this.next : this.token;
    if (name?.kind === 'string') this.requiredAtLoad.push(name.text);
  }

  protected argumentsOf(): void {
    if (this.token.kind === 'string') this.at += 1;
    else if (this.is('{')) this.table();
    else {
      this.expect('(');
      if (!this.is(')')) this.expressions();
      this.expect(')');
    }
  }
}
