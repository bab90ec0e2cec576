import type { Mesh } from '#mesh/mesh.js';

const truths: ReadonlySet<string> = new Set(['1', 't', 'T', 'TRUE', 'true', 'True']);
const lies: ReadonlySet<string> = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False']);

/** The boolean that Go's strconv.ParseBool reads in a text; undefined for any other text. */
export function parseGoBool(text: string): boolean | undefined {
  if (truths.has(text)) return true;
  return lies.has(text) ? false : undefined;
}

/** A boolean switch of istiod's environment; the default when it is absent or unreadable (pkg/env/var.go). */
export function istiodFlag(mesh: Mesh, name: string, byDefault: boolean): boolean {
  const { env } = mesh.settings;
  const written = Object.hasOwn(env, name) ? env[name] : undefined;
  return (written === undefined ? undefined : parseGoBool(written)) ?? byDefault;
}
