import type { JsonValue } from '#documents/json.js';
import { isObject } from '#documents/json.js';

/**
 * Marks that a tool fills in before the manifest is applied: envsubst, Argo CD and make (`${A}`, `$(A)`, `$A`),
 * Helm and Jinja (`{{ a }}`), documentation (`<a>`, `{a}`), sed scripts (`@A@`, `__A__`, `$$a$$`, `###A###`).
 */
const variable =
  /\$\{[^}]*\}|\$\([^)]*\)|\$\$\w+\$\$|\$[A-Za-z_]\w*|\{\{[^}]*\}\}|<[^<>]+>|\{[A-Za-z_]\w*\}|@[A-Z_]+@|__[A-Z_]+__|###\w+###/;

/** An unquoted `{a}`, which YAML reads as a mapping of one key to nothing. */
function unquoted(value: JsonValue | undefined): string | undefined {
  if (!isObject(value)) return undefined;
  const [key, ...others] = Object.keys(value);
  const isAlone = key !== undefined && others.length === 0 && value[key] === null;
  return isAlone && /^[A-Za-z_]\w*$/.test(key) ? `{${key}}` : undefined;
}

/** The first variable in a text that is still to be filled in; undefined when there is none or it is no text. */
export function templateVariableIn(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' ? variable.exec(value)?.[0] : unquoted(value);
}

/** The first variable in a value or, a few levels deep, in what it holds. */
export function templateVariableWithin(value: JsonValue | undefined, levels = 3): string | undefined {
  const own = templateVariableIn(value);
  if (own !== undefined || levels === 0 || typeof value !== 'object' || value === null) return own;
  for (const inner of Object.values(value)) {
    const found = templateVariableWithin(inner, levels - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
