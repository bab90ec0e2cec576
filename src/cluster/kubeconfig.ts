import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isObject, listAt, objectAt, stringAt, type JsonObject } from '#documents/json.js';
import { ClusterError } from './cluster-error.js';

/** A cluster, context or user of a kubeconfig. */
export interface Entry {
  readonly value: JsonObject;
  /** The file it stands in, as paths in it are relative to its folder. */
  readonly file: string;
}

/** One kubeconfig, merged from all files that make it up. */
export interface Kubeconfig {
  /** The files that were there. */
  readonly files: readonly string[];
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly contexts: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
}

/** Where kubeconfigs are looked for. */
export interface KubeconfigPlace {
  /** The one file that counts, as typed; it must be there. */
  readonly kubeconfig?: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The files to read and whether each must be there (NewDefaultClientConfigLoadingRules in client-go's clientcmd). */
function filesOf({ kubeconfig, cwd, env }: KubeconfigPlace): {
  readonly files: readonly string[];
  readonly required: boolean;
} {
  if (kubeconfig !== undefined) return { files: [path.resolve(cwd, kubeconfig)], required: true };
  const listed = (env['KUBECONFIG'] ?? '').split(path.delimiter).filter((name) => name !== '');
  if (listed.length > 0)
    return { files: [...new Set(listed)].map((name) => path.resolve(cwd, name)), required: false };
  return { files: [path.join(env['HOME'] ?? os.homedir(), '.kube', 'config')], required: false };
}

/**
 * Reads the kubeconfig as kubectl does: one file that was named, else those that KUBECONFIG lists, else
 * `~/.kube/config`. Of several files the first that has a name gives the whole entry, and the first current context counts
 * (ClientConfigLoadingRules.Load in client-go's clientcmd).
 *
 * @throws ClusterError when a file cannot be read or holds no kubeconfig.
 */
export async function readKubeconfig(place: KubeconfigPlace): Promise<Kubeconfig> {
  const { files, required } = filesOf(place);
  const found: string[] = [];
  const clusters = new Map<string, Entry>();
  const contexts = new Map<string, Entry>();
  const users = new Map<string, Entry>();
  let currentContext: string | undefined;
  for (const file of files) {
    const text = await readIfThere(file, required);
    if (text === undefined) continue;
    found.push(file);
    const config = await parseConfig(file, text);
    currentContext ??= nonEmpty(stringAt(config, 'current-context'));
    addEntries(clusters, { config, list: 'clusters', member: 'cluster', file });
    addEntries(contexts, { config, list: 'contexts', member: 'context', file });
    addEntries(users, { config, list: 'users', member: 'user', file });
  }
  return { files: found, currentContext, clusters, contexts, users };
}

/** A text, or undefined when it is empty. */
export function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

async function readIfThere(file: string, required: boolean): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (!required && (code === 'ENOENT' || code === 'ENOTDIR')) return undefined;
    throw new ClusterError(`cannot read the kubeconfig ${file} (${code})`);
  }
}

async function parseConfig(file: string, text: string): Promise<JsonObject> {
  const { parseYaml } = await import('./parse-yaml.js');
  const config = parseYaml(text);
  if (typeof config === 'number')
    throw new ClusterError(`${file} is not valid YAML near line ${String(config)}`);
  const kind = stringAt(config, 'kind');
  if (!isObject(config) || (kind !== undefined && kind !== 'Config'))
    throw new ClusterError(`${file} is no kubeconfig`, 'A kubeconfig has kind: Config.');
  return config;
}

interface EntryList {
  readonly config: JsonObject;
  readonly list: string;
  readonly member: string;
  readonly file: string;
}

/** Of entries with one name the first counts, within a file as among files. */
function addEntries(entries: Map<string, Entry>, { config, list, member, file }: EntryList): void {
  for (const item of listAt(config, list)) {
    const name = stringAt(item, 'name');
    if (name === undefined || entries.has(name)) continue;
    entries.set(name, { value: objectAt(item, member) ?? {}, file });
  }
}
