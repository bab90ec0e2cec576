/** What a look at a Lua script shows without running it. */
export interface LuaOutline {
  /** Modules that it asks for, in the order of the script. */
  readonly requires: readonly string[];
  /** True when it defines `envoy_on_request`. */
  readonly handlesRequests: boolean;
}

const request = /\brequire\s*\(?\s*(?:"([^"\n]*)"|'([^'\n]*)')/g;
const handler = /\bfunction\s+envoy_on_request\b|\benvoy_on_request\s*=/;

/** Comments of Lua, so that what they say does not count. */
const comments = /--\[\[[^]*?\]\]|--[^\n]*/g;

/** Finds the modules that a script requires, and whether it handles requests. */
export function luaOutline(code: string): LuaOutline {
  const text = code.replaceAll(comments, '');
  const requires = [...text.matchAll(request)].map(([, double, single]) => double ?? single ?? '');
  return { requires, handlesRequests: handler.test(text) };
}
