import { Readable, Writable } from 'node:stream';
import type { Output } from '#cli/cli-io.js';
import { runCli } from '#cli/run-cli.js';

/** What a run of the command line left behind. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The world of a run; everything has a default but the directory. */
export interface World {
  readonly cwd: string;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Width of the terminal on standard output and standard error; none by default. */
  readonly terminal?: number;
}

/** A stream that keeps what is written to it. */
export function memory(terminal?: number): { readonly stream: Output; readonly text: () => string } {
  const chunks: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk: string, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
  });
  const tty = terminal === undefined ? {} : { isTTY: true, columns: terminal };
  return { stream: Object.assign(stream, tty), text: () => chunks.join('') };
}

/** Runs a command line in this process, with streams in memory. */
export async function runInMemory(argv: readonly string[], world: World): Promise<Ran> {
  const [stdout, stderr] = [memory(world.terminal), memory(world.terminal)];
  const exitCode = await runCli(argv, {
    stdin: Readable.from(world.stdin === undefined ? [] : [Buffer.from(world.stdin)]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    cwd: world.cwd,
    env: world.env ?? {},
  });
  return { exitCode, stdout: stdout.text(), stderr: stderr.text() };
}
