import type { Command } from 'commander';
import { CommanderError } from 'commander';
import type { CliIo } from './cli-io.js';
import { send, widthOf } from './cli-io.js';
import { InterruptedError } from './interrupted-error.js';
import { createProgram } from './program.js';
import { UsageError } from './usage-error.js';

/** Runs one command line (without `node` and the script) and resolves with its exit code; never ends the process. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<number> {
  let exitCode = 0;
  const written: Promise<void>[] = [];
  const program = createProgram(io, (code) => {
    exitCode = code;
  });
  for (const command of [program, ...program.commands]) configure(command, io, written);
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    exitCode = await explain(error, io);
  }
  await Promise.all(written);
  return exitCode;
}

function configure(command: Command, io: CliIo, written: Promise<void>[]): void {
  command.exitOverride().configureOutput({
    writeOut: (text) => void written.push(send(io.stdout, text)),
    writeErr: (text) => void written.push(send(io.stderr, text)),
    outputError: (text, write) => {
      write(`${text.replace(/^error: /, 'meshaudit: ').trimEnd()}\nSee "meshaudit --help".\n`);
    },
    getOutHelpWidth: () => Math.min(110, widthOf(io.stdout, io.env)),
    getErrHelpWidth: () => Math.min(110, widthOf(io.stderr, io.env)),
  });
}

/** Tells what went wrong; the exit code is 2 for all but help and version, which commander "throws" too. */
async function explain(error: unknown, io: CliIo): Promise<number> {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof InterruptedError) {
    await send(io.stderr, 'meshaudit: interrupted\n');
    return 130;
  }
  if (error instanceof UsageError) {
    const stop = /[.?!]$/.test(error.message) ? '' : '.';
    await send(
      io.stderr,
      `meshaudit: ${error.message}${stop}${error.hint === undefined ? '' : `\n${error.hint}`}\n`,
    );
    return 2;
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  await send(io.stderr, `meshaudit: this is a bug, please report it: ${trace}\n`);
  return 2;
}
