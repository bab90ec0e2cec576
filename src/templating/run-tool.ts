import { spawn } from 'node:child_process';

/** A program that renders manifests, and its first arguments. */
export interface Tool {
  readonly command: string;
  readonly args: readonly string[];
}

/** Where and how a tool runs. */
export interface ToolRun {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What it is to do, for messages: `kustomize build overlays/prod`. */
  readonly title: string;
  readonly timeout?: number;
}

/** Manifests could not be rendered; the message holds what the tool said. */
export class TemplatingError extends Error {
  override readonly name = 'TemplatingError';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

const patience = 120_000;
const mostOutput = 512 * 1024 ** 2;
const mostErrors = 64 * 1024;
const shownLines = 12;

/**
 * Runs a tool without a shell and gives what it prints.
 *
 * @throws TemplatingError when it cannot be started, fails, prints too much or takes longer than the timeout (milliseconds).
 */
export async function runTool({ command, args }: Tool, run: ToolRun): Promise<string> {
  const { cwd, env, title, timeout = patience } = run;
  const child = spawn(command, [...args], {
    cwd,
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout,
  });
  const printed: Buffer[] = [];
  let [size, errors] = [0, ''];
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > mostOutput) child.kill();
    else printed.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    if (errors.length < mostErrors) errors += chunk.toString('utf8');
  });
  const ended = await new Promise<Ended>((resolve, reject) => {
    child.once('error', (error) => {
      reject(new TemplatingError(`${title}: cannot start ${command} (${error.message})`));
    });
    child.once('close', (code, signal) => {
      resolve({ code, signal });
    });
  });
  if (ended.code === 0) return Buffer.concat(printed).toString('utf8');
  throw new TemplatingError(
    `${title} ${reasonOf(ended, size, timeout)}`,
    `${excerpt(errors)}${hintOf(title)}`,
  );
}

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
}

function reasonOf({ code, signal }: Ended, size: number, timeout: number): string {
  if (code !== null) return `failed with exit code ${String(code)}`;
  if (size > mostOutput) return 'printed more than 512 MiB';
  return `was ended by ${signal ?? 'a signal'}, after ${String(timeout / 1000)} seconds at most`;
}

function excerpt(errors: string): string {
  const lines = errors
    .replace(/\p{Cc}\[[0-9;]*m/gu, '')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '');
  return lines
    .slice(-shownLines)
    .map((line) => `  ${line}\n`)
    .join('');
}

function hintOf(title: string): string {
  return `See that "${title}" works on its own.`;
}
