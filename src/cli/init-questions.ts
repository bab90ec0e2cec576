import { createInterface } from 'node:readline/promises';
import type { CliIo } from './cli-io.js';
import { didYouMean } from './did-you-mean.js';

/** What `meshaudit init` has to know. */
export interface InitAnswers {
  readonly paths: readonly string[];
  readonly profile: 'baseline' | 'strict';
  readonly ci: 'github' | 'gitlab' | 'none';
  readonly preCommit: boolean;
}

/** Puts a question and gives the line that is answered; an empty one means the default. */
type Ask = (question: string, byDefault: string) => Promise<string>;

async function choice<T extends string>(
  ask: Ask,
  question: string,
  { words, byDefault }: { readonly words: readonly T[]; readonly byDefault: T },
): Promise<T> {
  let hint = '';
  for (;;) {
    const typed = (await ask(`${hint}${question} (${words.join(', ')})`, byDefault)).toLowerCase();
    const found = words.find((word) => word === typed);
    if (found !== undefined) return found;
    hint = `"${typed}" is none of them.${didYouMean(typed, words)} `;
  }
}

/**
 * Asks at the terminal for what the command line left open, showing what was found as the default. Undefined when the
 * questions were broken off (Ctrl-C, end of input).
 */
export async function askAtTerminal(io: CliIo, found: InitAnswers): Promise<InitAnswers | undefined> {
  const terminal = createInterface({ input: io.stdin, output: io.stdout, terminal: true });
  const brokenOff = new AbortController();
  terminal.once('close', () => {
    brokenOff.abort();
  });
  const ask: Ask = async (question, byDefault) => {
    const typed = await terminal.question(`${question} [${byDefault}] `, { signal: brokenOff.signal });
    return typed.trim() === '' ? byDefault : typed.trim();
  };
  try {
    const paths = await ask('What to audit, separated by spaces?', found.paths.join(' '));
    const profile = await choice(ask, 'Which checks?', {
      words: ['baseline', 'strict'],
      byDefault: found.profile,
    });
    const ci = await choice(ask, 'Write a job for CI?', {
      words: ['github', 'gitlab', 'none'],
      byDefault: found.ci,
    });
    const hook = await choice(ask, 'Add the hook of pre-commit?', {
      words: ['yes', 'no'],
      byDefault: found.preCommit ? 'yes' : 'no',
    });
    return { paths: paths.split(/\s+/), profile, ci, preCommit: hook === 'yes' };
  } catch (error) {
    if (brokenOff.signal.aborted) return undefined;
    throw error;
  } finally {
    terminal.close();
  }
}
