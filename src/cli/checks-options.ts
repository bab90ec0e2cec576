import { Command, Option } from 'commander';
import type { ChecksFlags } from './checks-command.js';
import type { CliIo } from './cli-io.js';
import { addList, addSeverity, oneOf, parseProfile } from './option-values.js';
import type { Done } from './program.js';

const examples = `
Examples:
  All checks, or those of one family:
    meshaudit checks
    meshaudit checks mtls
  What one check means, why it matters and how to fix it:
    meshaudit checks MTLS-001
  The grave ones, as JSON (schema: schemas/checks.json):
    meshaudit checks --severity critical,high -f json
  Which frameworks there are, and which checks their controls have:
    meshaudit checks --framework
    meshaudit checks --framework pci-dss-4.0.1
    meshaudit checks --framework nist-800-53-r5:moderate -f markdown`;

/** `meshaudit checks`: options and help; what it does is loaded when it runs. */
export function checksCommand(io: CliIo, done: Done): Command {
  return new Command('checks')
    .description('list the checks, print one of them, or show which controls they are held against')
    .argument('[id]', 'id of a check, or a family')
    .helpOption('-h, --help', 'print this help')
    .addOption(
      new Option('-f, --format <format>', 'table, json or markdown')
        .argParser((typed: string) => oneOf(typed, ['table', 'json', 'markdown']))
        .default('table', 'table'),
    )
    .option('--family <families>', 'only these families, comma-separated, repeatable', addList)
    .option('--severity <severities>', 'only these severities, comma-separated, repeatable', addSeverity)
    .addOption(
      new Option('--profile <profile>', 'only those of baseline, or strict: all').argParser(parseProfile),
    )
    .option(
      '--framework [id]',
      'the controls of a framework with their checks; without id, the frameworks',
      addList,
    )
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .addHelpText('after', examples)
    .action(async (word: string | undefined, flags: ChecksFlags) => {
      const { runChecksCommand } = await import('./checks-command.js');
      done(await runChecksCommand(word, flags, io));
    });
}
