import { InvalidArgumentError, Option } from 'commander';
import { addList, addValue } from './option-values.js';

/** Options that say which live cluster to read, as whom, and how patiently. */
export interface ClusterFlags {
  readonly cluster?: true;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly as?: string;
  readonly asGroup?: readonly string[];
  readonly inNamespace?: readonly string[];
  readonly secretMetadata?: true;
  /** Milliseconds. */
  readonly requestTimeout?: number;
}

/** The options of every command that can read a live cluster. */
export function clusterOptions(): readonly Option[] {
  return [
    new Option('--cluster', 'read the live cluster of the current context instead of files'),
    new Option('--context <name>', 'read the live cluster of this context of the kubeconfig'),
    new Option(
      '--kubeconfig <file>',
      'read a live cluster with this kubeconfig (default: KUBECONFIG, else ~/.kube/config)',
    ),
    new Option('--in-namespace <name>', 'of a live cluster only these namespaces; repeatable').argParser(
      addList,
    ),
    new Option(
      '--secret-metadata',
      'of a live cluster list the names and types of Secrets, too; never their values',
    ),
    new Option('--as <user>', 'act as another user towards a live cluster'),
    new Option('--as-group <group>', 'act as a member of a group, with --as; repeatable').argParser(addValue),
    new Option(
      '--request-timeout <time>',
      'for one request to a live cluster: 30s, 2m; 0: no limit (default: 60s)',
    ).argParser(parseTime),
  ];
}

/** True when the options ask for a live cluster. */
export function wantsCluster({ cluster, context, kubeconfig }: ClusterFlags): boolean {
  return cluster === true || context !== undefined || kubeconfig !== undefined;
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds in `30s`, `2m`, `1h`, `500ms`; a number alone is in seconds, as for kubectl. */
export function parseTime(typed: string): number {
  const [, figure, unit = 's'] = /^(\d{1,6})(ms|s|m|h)?$/.exec(typed.trim()) ?? [];
  if (figure === undefined) throw new InvalidArgumentError('Write 30s, 2m or 0.');
  return Number(figure) * (units[unit] ?? 1000);
}
