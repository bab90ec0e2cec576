import type { Readable, Writable } from 'node:stream';

/** Where text goes; a terminal tells so, and how wide it is. */
export interface Output extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The world around one run of the command line: nothing else of the process is touched. */
export interface CliIo {
  readonly stdin: Readable;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends a command that would run for ever; default: SIGINT and SIGTERM do. */
  readonly stop?: AbortSignal;
}

/** Writes and waits until the text is out. A reader that has gone (`| head`) is no error. */
export function send(stream: Output, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error && !isClosedPipe(error)) reject(error);
      else resolve();
    });
  });
}

function isClosedPipe(error: Error): boolean {
  return 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED');
}

/** Whether to colour: the flag, then FORCE_COLOR, then NO_COLOR, then whether a terminal is there. */
export function wantsColor(stream: Output, env: CliIo['env'], flag: boolean): boolean {
  if (!flag) return false;
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  const refused = env['NO_COLOR'];
  if (refused !== undefined && refused !== '') return false;
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}

/** Columns of the terminal, of COLUMNS where there is none, else 80. */
export function widthOf(stream: Output, env: CliIo['env']): number {
  const told = Number.parseInt(env['COLUMNS'] ?? '', 10);
  return stream.columns ?? (Number.isFinite(told) && told > 0 ? told : 80);
}
