import { LuaSyntaxError } from './lua-tokens.js';
import type { LuaToken } from './lua-tokens.js';

/** Nesting that LuaJIT itself refuses (LJ_MAX_XLEVEL). */
const deepest = 200;

/** A place in a row of tokens, and what can be asked and taken there. */
export class LuaReader {
  protected at = 0;
  private readonly tokens: readonly LuaToken[];
  private depth = 0;

  constructor(tokens: readonly LuaToken[]) {
    this.tokens = tokens;
  }

  protected get next(): LuaToken | undefined {
    return this.tokens[this.at + 1];
  }

  protected get token(): LuaToken {
    return this.tokens[this.at] ?? { kind: 'end', text: '<eof>', line: 0 };
  }

  protected refuse(message: string): never {
    throw new LuaSyntaxError(this.token.line, `${message} near '${this.token.text}'`);
  }

  protected is(text: string): boolean {
    return (this.token.kind === 'symbol' || this.token.kind === 'keyword') && this.token.text === text;
  }

  protected accept(text: string): boolean {
    const found = this.is(text);
    if (found) this.at += 1;
    return found;
  }

  protected expect(text: string): void {
    if (!this.accept(text)) this.refuse(`'${text}' expected`);
  }

  protected name(): string {
    const { kind, text } = this.token;
    if (kind !== 'name') this.refuse('<name> expected');
    this.at += 1;
    return text;
  }

  protected nested(parse: () => void): void {
    this.depth += 1;
    if (this.depth > deepest) this.refuse('chunk has too many syntax levels');
    parse();
    this.depth -= 1;
  }
}
