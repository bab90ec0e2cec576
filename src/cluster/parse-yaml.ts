import { parseDocument } from 'yaml';
import type { JsonObject, JsonValue } from '#documents/json.js';

/**
 * The value of a YAML text, `{}` for an empty one, or the number of the line where it cannot be read: the parser's own message
 * quotes the text, which may hold credentials.
 */
export function parseYaml(text: string): Exclude<JsonValue, number> | JsonObject | number {
  const document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) return text.slice(0, error.pos[0]).split('\n').length;
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return typeof value === 'number' ? String(value) : ((value ?? {}) as Exclude<JsonValue, number>);
  } catch {
    return 1;
  }
}
