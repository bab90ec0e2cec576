import { Option } from 'commander';
import { inputOptions } from './input-options.js';
import { addFormat, addList, addValue, formatNames, parseThreshold } from './option-values.js';

/** The options of `meshaudit audit`, in the order in which the help lists them. */
export function auditOptions(): readonly Option[] {
  return [...reportOptions(), ...checkOptions(), ...inputOptions(), ...settingOptions(), ...outputOptions()];
}

function reportOptions(): readonly Option[] {
  return [
    new Option(
      '-f, --format <format>',
      `report format: ${formatNames.join(', ')}; repeatable (default: table)`,
    ).argParser(addFormat),
    new Option(
      '-o, --output <file>',
      'file for the report, - for standard output; the n-th belongs to the n-th format',
    ).argParser(addValue),
    new Option(
      '--fail-on <severity>',
      'least severity that makes the exit code 1: critical, high, medium, low, info, never (default: low)',
    ).argParser(parseThreshold),
  ];
}

function checkOptions(): readonly Option[] {
  return [
    new Option(
      '--select <checks>',
      'only these checks: ids or families, comma-separated, repeatable',
    ).argParser(addList),
    new Option('--ignore <checks>', 'all but these checks').argParser(addList),
    new Option(
      '--profile <profile>',
      'baseline: what a reviewer would act on; strict: every check; or one of the config (default: baseline, strict with --framework)',
    ),
    new Option(
      '--framework <id>',
      'report control by control on a framework, such as pci-dss-4.0.1 or nist-800-53-r5:moderate; repeatable',
    ).argParser(addList),
  ];
}

/** What else a repository says about its audits. */
function settingOptions(): readonly Option[] {
  return [
    new Option(
      '--config <file>',
      'settings (default: .meshaudit.yaml here or above, in the same repository)',
    ),
    new Option('--no-config', 'no settings but those on the command line'),
    new Option(
      '--waivers <file>',
      'findings that are accepted, with reason, owner and expiry; repeatable',
    ).argParser(addValue),
    new Option('--baseline <file>', 'let only findings count that this file does not hold'),
    new Option('--since <rev>', 'let only findings count that the change since a revision of git brings'),
    new Option('--write-baseline <file>', 'write the findings that count now as a baseline'),
  ];
}

function outputOptions(): readonly Option[] {
  return [
    new Option('--category <name>', 'SARIF: tells the uploads of one repository apart'),
    new Option('--watch', 'audit again whenever a file changes, until Ctrl-C'),
    new Option('-q, --quiet', 'only the summary'),
    new Option('--no-color', 'no colours (also: NO_COLOR)'),
    new Option('--no-progress', 'no progress on standard error'),
  ];
}
