import { Argument, Command, Help } from 'commander';
import { version } from '#version.js';
import { canCommand } from './can-options.js';
import { checksCommand } from './checks-options.js';
import { send, type CliIo } from './cli-io.js';
import type { Shell } from './completion.js';
import { initCommand } from './init-options.js';
import type { AuditFlags } from './audit-command.js';
import { auditOptions } from './audit-options.js';
import { snapshotCommand } from './snapshot-options.js';
import { postureCommand } from './posture-options.js';

const examples = `
Examples:
  Audit all manifests under a directory:
    meshaudit k8s/
  Audit a cluster's dump from standard input:
    kubectl get ns,svc,deploy,sts,ds,pods,cm,istio-io -A -o yaml | meshaudit -
  Audit a dump that was packed, or what kustomize or helm make of your sources:
    meshaudit must-gather.tar.gz
    meshaudit --kustomize overlays/prod
    meshaudit --helm charts/shop --values prod.yaml
  Audit the live cluster of the current context:
    meshaudit --cluster
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
    .addCommand(snapshotCommand(io, done))
    .addCommand(initCommand(io, done))
    .addCommand(completionCommand(program, io, done))
    .configureHelp({
      // The default command's options are what most people look for.
      visibleOptions: () => [...audit.options, ...new Help().visibleOptions(program)],
      visibleArguments: () => [...audit.registeredArguments],
    })
    .addHelpText('after', examples);
  return program;
}

function auditCommand(io: CliIo, done: Done): Command {
  const command = new Command('audit')
    .description('judge manifests and report what is wrong (default command)')
    .argument(
      '[paths...]',
      'files, directories, globs, archives, or - for standard input (default: the current directory)',
    )
    .helpOption('-h, --help', 'print this help')
    .action(async (paths: readonly string[], flags: AuditFlags) => {
      const { runAudit } = await import('./audit-command.js');
      done(await runAudit(paths, flags, io));
    });
  for (const option of auditOptions()) command.addOption(option);
  return command;
}

function completionCommand(program: Command, io: CliIo, done: Done): Command {
  return new Command('completion')
    .description('print a completion script: source <(meshaudit completion bash)')
    .addArgument(new Argument('<shell>', 'the shell to write it for').choices(['bash', 'zsh', 'fish']))
    .helpOption('-h, --help', 'print this help')
    .action(async (shell: Shell) => {
      const { completionScript } = await import('./completion.js');
      await send(io.stdout, completionScript(program, shell));
      done(0);
    });
}
