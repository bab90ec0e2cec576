import { Command, Option } from 'commander';
import type { CliIo } from './cli-io.js';
import { inputOptions } from './input-options.js';
import { addList, addValue, oneOf } from './option-values.js';
import type { PostureFlags } from './posture-command.js';
import type { Done } from './program.js';

const examples = `
Properties for --where, each with the words that it takes:
  enrolment      sidecar, ambient, gateway, waypoint, ztunnel, proxyless, none
  capture        all, limited
  mtls           STRICT, PERMISSIVE, DISABLE (true when some port has it)
  client-tls     auto, plaintext, hbone, none; DISABLE, SIMPLE, MUTUAL,
                 ISTIO_MUTUAL where some DestinationRule says so
  authorization  allow, deny: what becomes of a request that no policy names
  dry-run        yes, no
  jwt            required, partly, optional, absent
  exposure       gateway, service, ingress, hostNetwork, hostPort, none
  egress         ALLOW_ANY, REGISTRY_ONLY, ALLOW_ANY_DYNAMIC_DNS
  access-log     on, off
  waf            inspected, partly, detects-only, fails-open, not-inspected:
                 what a web application firewall reads of requests from inside
                 the mesh
  waf-ways-in    the same of requests from outside; none without a way in
Each may also be unknown: the input does not hold what decides.

Examples:
  Every workload of a directory:
    meshaudit posture k8s/
  Workloads outside the mesh, or with a port that takes plaintext:
    meshaudit posture k8s/ --where enrolment=none
    meshaudit posture k8s/ --where mtls=PERMISSIVE,DISABLE
  Why one workload is as it is, with file and line:
    meshaudit posture k8s/ --workload payments/checkout
  As JSON (schema: schemas/posture.json), two namespaces only:
    meshaudit posture dump.yaml -f json -n 'team-*' -n payments

Exit codes:
  0  done
  2  input that cannot be read or is invalid, a name that the input does not
     hold, wrong usage`;

/** `meshaudit posture`: options and help; what it does is loaded when it runs. */
export function postureCommand(io: CliIo, done: Done): Command {
  const command = new Command('posture')
    .description("show each workload's effective posture, or one workload's whole story")
    .argument(
      '[paths...]',
      'files, directories, globs, archives, or - for standard input (default: the current directory)',
    )
    .helpOption('-h, --help', 'print this help')
    .addOption(
      new Option('-f, --format <format>', 'table or json')
        .argParser((typed: string) => oneOf(typed, ['table', 'json']))
        .default('table', 'table'),
    )
    .option('-w, --workload <name>', 'the whole story of namespace/name; repeatable', addValue)
    .option('-n, --namespace <name>', 'only these namespaces, stars allowed; repeatable', addList)
    .option(
      '--where <condition>',
      'only workloads with property=word or property!=word; repeatable',
      addValue,
    );
  for (const option of inputOptions()) command.addOption(option);
  return command
    .option('--no-color', 'no colours (also: NO_COLOR)')
    .option('--no-progress', 'no progress on standard error')
    .addHelpText('after', examples)
    .action(async (paths: readonly string[], flags: PostureFlags) => {
      const { runPosture } = await import('./posture-command.js');
      done(await runPosture(paths, flags, io));
    });
}
