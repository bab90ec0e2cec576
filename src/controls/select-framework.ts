import { frameworks } from './controls.js';
import type { Framework } from './framework.js';

/** A framework, or one baseline of it. */
export interface FrameworkSelection {
  /** As it is asked for: `pci-dss-4.0.1`, `nist-800-53-r5:moderate`. */
  readonly id: string;
  readonly framework: Framework;
  /** Undefined: the whole framework. */
  readonly baseline: string | undefined;
  /** The clauses to report on, in the order of the framework. */
  readonly clauses: readonly string[];
}

/** Every word that names a framework or a baseline of one. */
export const frameworkNames: readonly string[] = frameworks.flatMap(({ id, baselines = {} }) => [
  id,
  ...Object.keys(baselines).map((baseline) => `${id}:${baseline}`),
]);

/** The framework of the id, or the only one whose id begins with the word: `pci-dss`. */
function frameworkOf(word: string): Framework | undefined {
  const exact = frameworks.find(({ id }) => id === word);
  const begun = frameworks.filter(({ id }) => id.startsWith(`${word}-`));
  return exact ?? (begun.length === 1 ? begun[0] : undefined);
}

/** The framework that a word names, whatever its case, with a baseline after a colon; undefined when there is none. */
export function selectFramework(word: string): FrameworkSelection | undefined {
  const [name = '', baseline] = word.trim().toLowerCase().split(':');
  const framework = frameworkOf(name);
  if (framework === undefined) return undefined;
  const clauses = Object.keys(framework.clauses);
  if (baseline === undefined) return { id: framework.id, framework, baseline, clauses };
  const { baselines = {} } = framework;
  const chosen = Object.hasOwn(baselines, baseline) ? baselines[baseline] : undefined;
  return chosen && { id: `${framework.id}:${baseline}`, framework, baseline, clauses: chosen };
}

/** @throws RangeError when no framework, or no baseline of it, has the name. */
export function requireFramework(word: string): FrameworkSelection {
  const found = selectFramework(word);
  if (found === undefined) throw new RangeError(`there is no framework "${word}"`);
  return found;
}
