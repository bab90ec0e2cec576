import { frameworkNames, frameworks, selectFramework } from '#index.js';
import { suggestName } from '#schemas/suggest.js';
import { UsageError } from './usage-error.js';

/** The ids of all frameworks. */
export function allFrameworks(): readonly string[] {
  return frameworks.map(({ id }) => id);
}

/** The full names of frameworks that words name; refuses a word that names none, with the one that was probably meant. */
export function requireFrameworks(words: readonly string[]): readonly string[] {
  return [...new Set(words.map(requireFramework))];
}

function requireFramework(word: string): string {
  const found = selectFramework(word);
  if (found !== undefined) return found.id;
  const closest = suggestName(word, frameworkNames);
  throw new UsageError(
    `--framework: there is no framework "${word}"`,
    closest === undefined
      ? 'See "meshaudit checks --framework" for all of them.'
      : `Did you mean ${closest}?`,
  );
}
