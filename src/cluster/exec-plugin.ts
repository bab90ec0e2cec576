import { spawn } from 'node:child_process';
import path from 'node:path';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { listAt, objectAt, stringAt, stringsAt } from '#documents/json.js';
import { ClusterError } from './cluster-error.js';
import type { Credential, Credentials } from './credentials.js';
import type { Entry } from './kubeconfig.js';
import { nonEmpty } from './kubeconfig.js';

/** Around a plugin: what it inherits, and what it is told of the cluster. */
export interface PluginWorld {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** True when somebody sits at a terminal whose input the plugin may use. */
  readonly interactive: boolean;
  /** `spec.cluster` of what the plugin is given where it asks for it. */
  readonly cluster: JsonObject;
}

interface Plugin {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly interactive: boolean;
  readonly installHint: string | undefined;
  readonly apiVersion: string;
}

const versions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];

/**
 * Credentials that a program prints (`users[].user.exec` of a kubeconfig): run when they are first needed, when they
 * have expired, and when the API server refuses them (client-go's plugin/pkg/client/auth/exec).
 *
 * @throws ClusterError when the kubeconfig asks for what cannot be done.
 */
export function execCredentials(exec: JsonObject, user: Entry, world: PluginWorld): Credentials {
  const plugin = readPlugin(exec, user, world);
  let running: Promise<Issued> | undefined;
  let issued: Issued | undefined;
  const isFresh = (): boolean => issued !== undefined && Date.now() < issued.until;
  return {
    current: async (signal) => {
      if (!isFresh()) {
        running ??= runPlugin(plugin, signal).finally(() => {
          running = undefined;
        });
        issued = await running;
      }
      return issued?.credential ?? {};
    },
    renew: () => {
      issued = undefined;
      return true;
    },
  };
}

function readPlugin(exec: JsonObject, { file }: Entry, world: PluginWorld): Plugin {
  const command = nonEmpty(stringAt(exec, 'command'));
  const apiVersion = stringAt(exec, 'apiVersion') ?? '';
  if (command === undefined) throw new ClusterError(`${file}: exec has no command`);
  if (!versions.includes(apiVersion))
    throw new ClusterError(
      `${file}: exec plugin ${command} speaks ${apiVersion === '' ? 'no apiVersion' : apiVersion}`,
      `Known are ${versions.join(' and ')}; newer releases of the plugin speak one of them.`,
    );
  const interactive = mayInteract(exec, { command, apiVersion, file, world });
  const spec = { interactive, ...(exec['provideClusterInfo'] === true ? { cluster: world.cluster } : {}) };
  const own = listAt(exec, 'env').map((item): readonly [string, string] => [
    stringAt(item, 'name') ?? '',
    stringAt(item, 'value') ?? '',
  ]);
  const info = JSON.stringify({ kind: 'ExecCredential', apiVersion, spec });
  return {
    // A name without a slash is looked up in PATH, anything else is relative to the kubeconfig's folder.
    command: /[\\/]/.test(command) ? path.resolve(path.dirname(file), command) : command,
    args: stringsAt(exec, 'args'),
    env: { ...world.env, ...Object.fromEntries(own), KUBERNETES_EXEC_INFO: info },
    interactive,
    installHint: nonEmpty(stringAt(exec, 'installHint')),
    apiVersion,
  };
}

interface Asking {
  readonly command: string;
  readonly apiVersion: string;
  readonly file: string;
  readonly world: PluginWorld;
}

function mayInteract(exec: JsonObject, { command, apiVersion, file, world }: Asking): boolean {
  const byDefault = apiVersion.endsWith('/v1beta1') ? 'IfAvailable' : undefined;
  switch (stringAt(exec, 'interactiveMode') ?? byDefault) {
    case 'Never':
      return false;
    case 'IfAvailable':
      return world.interactive;
    case 'Always':
      if (world.interactive) return true;
      throw new ClusterError(`exec plugin ${command} wants to ask something, and there is no terminal`);
    case undefined:
      throw new ClusterError(`${file}: exec plugin ${command} has no interactiveMode`);
    default:
      throw new ClusterError(`${file}: exec plugin ${command} has an unknown interactiveMode`);
  }
}

interface Issued {
  readonly credential: Credential;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** Runs the plugin; what it says on standard error is for the user, what it prints is for nobody. */
async function runPlugin(plugin: Plugin, signal: AbortSignal | undefined): Promise<Issued> {
  const printed = await outputOf(plugin, signal);
  let answer: JsonValue;
  try {
    answer = JSON.parse(printed) as JsonValue;
  } catch {
    throw new ClusterError(`exec plugin ${plugin.command} printed no JSON`);
  }
  if (stringAt(answer, 'kind') !== 'ExecCredential' || stringAt(answer, 'apiVersion') !== plugin.apiVersion)
    throw new ClusterError(`exec plugin ${plugin.command} printed no ExecCredential of ${plugin.apiVersion}`);
  return issuedBy(plugin, objectAt(answer, 'status'));
}

function issuedBy({ command }: Plugin, status: JsonObject | undefined): Issued {
  const token = nonEmpty(stringAt(status, 'token'));
  const cert = nonEmpty(stringAt(status, 'clientCertificateData'));
  const key = nonEmpty(stringAt(status, 'clientKeyData'));
  if ((cert === undefined) !== (key === undefined))
    throw new ClusterError(`exec plugin ${command} gave a certificate without a key, or a key without one`);
  if (token === undefined && cert === undefined)
    throw new ClusterError(`exec plugin ${command} gave neither a token nor a certificate`);
  const expires = Date.parse(stringAt(status, 'expirationTimestamp') ?? '');
  return {
    until: Number.isNaN(expires) ? Infinity : expires,
    credential: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(cert === undefined || key === undefined ? {} : { certificate: { cert, key } }),
    },
  };
}

/** More than any credential takes. */
const mostPrinted = 16 * 1024 ** 2;

function outputOf(plugin: Plugin, signal: AbortSignal | undefined): Promise<string> {
  const { command, args, env, interactive, installHint } = plugin;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env,
      stdio: [interactive ? 'inherit' : 'ignore', 'pipe', 'inherit'],
      ...(signal === undefined ? {} : { signal }),
    });
    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= mostPrinted) chunks.push(chunk);
      else {
        child.stdout.destroy();
        child.kill('SIGKILL');
      }
    });
    child.on('error', (error) => {
      const code = 'code' in error ? String(error.code) : '';
      if (code === 'ABORT_ERR') {
        // What the plugin has started itself may live on and hold our end of the pipe open.
        child.stdout.destroy();
        child.unref();
        reject(error);
      } else {
        const hint =
          installHint ?? (code === 'ENOENT' ? 'Install it, and see that it is on the PATH.' : undefined);
        reject(new ClusterError(`exec plugin ${command} cannot be run (${code})`, hint));
      }
    });
    child.on('close', (code, killedBy) => {
      if (size > mostPrinted) reject(new ClusterError(`exec plugin ${command} prints without end`));
      else if (code === 0) resolve(Buffer.concat(chunks).toString('utf8'));
      else
        reject(
          new ClusterError(
            `exec plugin ${command} failed (${killedBy ?? `exit code ${String(code)}`})`,
            installHint,
          ),
        );
    });
  });
}
