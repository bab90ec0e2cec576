import type { Readable } from 'node:stream';
import type { TextSource } from '#documents/read-source.js';
import type { ClusterFlags } from './cluster-flags.js';
import { liveSources, type LiveCommand } from './live-cluster.js';
import { renderedSources } from './rendered-sources.js';
import type { TemplateFlags } from './template-flags.js';

/** A command, and what was typed for it to read. */
export interface InputCommand extends LiveCommand {
  readonly flags: ClusterFlags & TemplateFlags & LiveCommand['flags'];
}

/** What to load. */
export interface GivenInput {
  readonly paths?: readonly string[];
  readonly stdin?: Readable;
  readonly sources: readonly TextSource[];
}

/**
 * What a command is to read: the paths, what a live cluster holds, or what was rendered, which paths may stand beside. The
 * working directory when nothing was given.
 */
export async function givenInput({ paths: typed, flags, io }: InputCommand): Promise<GivenInput> {
  const live = await liveSources({ paths: typed, flags, io });
  const rendered = await renderedSources(flags, io);
  const sources = [...(live ?? []), ...rendered];
  if (live !== undefined || (typed.length === 0 && rendered.length > 0)) return { sources };
  const paths = typed.length === 0 ? ['.'] : typed;
  return { paths, sources, ...(paths.includes('-') ? { stdin: io.stdin } : {}) };
}
