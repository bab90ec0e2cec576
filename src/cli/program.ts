import { Command, Help, Option } from 'commander';
import { version } from '#version.js';
import { canCommand } from './can-options.js';
import type { CliIo } from './cli-io.js';
import type { AuditFlags } from './audit-command.js';
import { istioVersionOption } from './input-options.js';
import { addFormat, addList, addValue, parseScope, parseThreshold } from './option-values.js';
import { postureCommand } from './posture-options.js';

const examples = `
Examples:
  Audit all manifests under a directory:
    meshaudit k8s/
  Audit a cluster's dump from standard input:
    kubectl get ns,svc,deploy,sts,ds,pods,cm,istio-io -A -o yaml | meshaudit -
  A report to read and one for code scanning:
    meshaudit k8s/ -f table -f sarif -o - -o audit.sarif
  Judge apps/, knowing what platform/ holds; fail on grave findings only:
    meshaudit apps/ --also platform/ --fail-on high

Exit codes:
  0  no finding at or above --fail-on
  1  findings
  2  the audit cannot be trusted: input that cannot be read or is invalid,
     a check that crashed, wrong usage`;

/** Stores the exit code of the command that ran. */
export type Done = (exitCode: number) => void;

/** The command line: options and help; what a command does is loaded when it runs. */
export function createProgram(io: CliIo, done: Done): Command {
  const program = new Command('meshaudit');
  const audit = auditCommand(io, done);
  program
    .description('Static auditor for Istio: judges manifests with the semantics of Istio itself.')
    .usage('[audit] [options] [paths...]')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .addCommand(audit, { isDefault: true })
    .addCommand(checksCommand(io, done))
    .addCommand(postureCommand(io, done))
    .addCommand(canCommand(io, done))
    .configureHelp({
      // The default command's options are what most people look for.
      visibleOptions: () => [...audit.options, ...new Help().visibleOptions(program)],
      visibleArguments: () => [...audit.registeredArguments],
    })
    .addHelpText('after', examples);
  return program;
}

function auditCommand(io: CliIo, done: Done): Command {
  return new Command('audit')
    .description('judge manifests and report what is wrong (default command)')
    .argument(
      '[paths...]',
      'files, directories, globs, or - for standard input (default: the current directory)',
    )
    .helpOption('-h, --help', 'print this help')
    .option(
      '-f, --format <format>',
      'report format: table, json, sarif; repeatable (default: table)',
      addFormat,
    )
    .option(
      '-o, --output <file>',
      'file for the report, - for standard output; the n-th belongs to the n-th format',
      addValue,
    )
    .addOption(
      new Option(
        '--fail-on <severity>',
        'least severity that makes the exit code 1: critical, high, medium, low, info, never',
      )
        .argParser(parseThreshold)
        .default('low', 'low'),
    )
    .option('--select <checks>', 'only these checks: ids or families, comma-separated, repeatable', addList)
    .option('--ignore <checks>', 'all but these checks', addList)
    .addOption(
      new Option(
        '--scope <scope>',
        'complete: what is not in the input does not exist; partial: it may live elsewhere; auto',
      )
        .argParser(parseScope)
        .default('auto', 'auto'),
    )
    .option('--also <path>', 'resources that complete the mesh but are not reported on; repeatable', addValue)
    .option('--stored', 'take every object as one the API server has let in')
    .addOption(istioVersionOption())
    .option('--category <name>', 'SARIF: tells the uploads of one repository apart')
    .option('-q, --quiet', 'only the summary')
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .option('--no-progress', 'no progress on standard error')
    .action(async (paths: readonly string[], flags: AuditFlags) => {
      const { runAudit } = await import('./audit-command.js');
      done(await runAudit(paths, flags, io));
    });
}

function checksCommand(io: CliIo, done: Done): Command {
  return new Command('checks')
    .description('list the checks, or print one of them')
    .argument('[id]', 'id of a check, or a family')
    .helpOption('-h, --help', 'print this help')
    .action(async (id: string | undefined) => {
      const { runChecksCommand } = await import('./checks-command.js');
      done(await runChecksCommand(id, io));
    });
}
