import { Command } from 'commander';
import type { CliIo } from './cli-io.js';
import { clusterOptions } from './cluster-flags.js';
import type { Done } from './program.js';
import type { SnapshotFlags } from './snapshot-command.js';

const examples = `
Examples:
  Keep what an audit reads of the cluster of the current context:
    meshaudit snapshot -o cluster-2026-11
  Audit it later, elsewhere:
    meshaudit cluster-2026-11
  The same in one file:
    meshaudit snapshot -o cluster-2026-11.tar.gz

A snapshot holds the kinds that decisions read, without managedFields and
last-applied annotations; of Secrets nothing, with --secret-metadata names and
types without any value. ConfigMaps and the environment of containers are in
it as they are in the cluster.

Exit codes:
  0    written
  2    the cluster or the place cannot be used, or a kind failed to be listed
  130  interrupted; nothing was written`;

/** `meshaudit snapshot`: options and help; what it does is loaded when it runs. */
export function snapshotCommand(io: CliIo, done: Done): Command {
  const command = new Command('snapshot')
    .description('write what an audit reads of a live cluster as files, without secrets')
    .requiredOption('-o, --output <place>', 'folder to make, or archive: name.tar.gz, name.tgz')
    .option('--force', 'replace a snapshot that is there')
    .helpOption('-h, --help', 'print this help');
  for (const option of clusterOptions()) command.addOption(option);
  return command
    .option('--no-progress', 'no progress on standard error')
    .addHelpText('after', examples)
    .action(async (flags: SnapshotFlags) => {
      const { runSnapshot } = await import('./snapshot-command.js');
      done(await runSnapshot(flags, io));
    });
}
