import type { Problem } from '#documents/document.js';
import type { Limits } from '#documents/limits.js';

/** A file of an archive. */
export interface ArchiveEntry {
  /** Relative to the top of the archive, `/` as separator. */
  readonly name: string;
  readonly bytes: Buffer;
}

/** Something amiss with an archive, or with the entry of that name. */
export interface ArchiveProblem extends Pick<Problem, 'code' | 'message' | 'hint' | 'fatal'> {
  /** Undefined: the archive as a whole. */
  readonly name: string | undefined;
}

/** What an archive yields, in its own order. */
export type ArchiveItem = { readonly entry: ArchiveEntry } | { readonly problem: ArchiveProblem };

/** How an archive is read. */
export interface ArchiveOptions {
  readonly limits: Limits;
  /** True for files whose content is wanted, by name. */
  readonly wanted: (name: string) => boolean;
}

/** Thrown on the way through an archive: nothing more of it is read. What was read before stands. */
export class ArchiveStop extends Error {
  override readonly name = 'ArchiveStop';
  readonly problem: ArchiveProblem;

  constructor(problem: Omit<ArchiveProblem, 'name' | 'fatal'>) {
    super(problem.message);
    this.problem = { ...problem, name: undefined, fatal: true };
  }
}

/** An error of a reader as the problem that ends the reading of an archive. */
export function stopOf(error: unknown): ArchiveProblem {
  if (error instanceof ArchiveStop) return error.problem;
  const reason = error instanceof Error ? error.message : String(error);
  return {
    code: 'broken-archive',
    name: undefined,
    message: `The archive cannot be read to its end (${reason}); what came before is audited`,
    hint: 'Fetch or pack it again.',
    fatal: true,
  };
}
