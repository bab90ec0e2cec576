import { Command, Option } from 'commander';
import type { CliIo } from './cli-io.js';
import type { InitFlags } from './init-command.js';
import { addList, oneOf } from './option-values.js';
import type { Done } from './program.js';

const examples = `
Examples:
  Answer a few questions (on a terminal), then audit:
    meshaudit init && meshaudit
  Without questions, with a job for GitHub Actions and the hook of pre-commit:
    meshaudit init --yes --ci github --pre-commit

Exit codes:
  0  written
  2  a file is there already and --force was not given, wrong usage
  130  interrupted: nothing was written`;

/** `meshaudit init`: options and help; what it does is loaded when it runs. */
export function initCommand(io: CliIo, done: Done): Command {
  return new Command('init')
    .description('write .meshaudit.yaml for this directory, and what CI needs')
    .helpOption('-h, --help', 'print this help')
    .option('-y, --yes', 'ask nothing: take what is found, and the options')
    .option('--paths <paths>', 'what to audit, comma-separated, repeatable (default: what is found)', addList)
    .option('--profile <profile>', 'baseline or strict (default: baseline)', (typed: string) =>
      oneOf(typed, ['baseline', 'strict']),
    )
    .addOption(
      new Option('--ci <system>', 'also write a job for github or gitlab; none (default: none)').argParser(
        (typed: string) => oneOf(typed, ['github', 'gitlab', 'none']),
      ),
    )
    .option('--pre-commit', 'also add the hook to .pre-commit-config.yaml')
    .option('--force', 'replace files that are there already')
    .addHelpText('after', examples)
    .action(async (flags: InitFlags) => {
      const { runInit } = await import('./init-command.js');
      done(await runInit(flags, io));
    });
}
