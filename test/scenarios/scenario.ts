/** One command of a scenario and what it must do. */
export interface Step {
  readonly argv: readonly string[];
  exit: number;
  stdin: string | undefined;
  env: Record<string, string>;
  terminal: number | undefined;
  stdout: string;
  stderr: string;
  readonly wrote: Map<string, string>;
}

/** A text file that plays the command line: files, then commands with what they must print. */
export interface Scenario {
  readonly title: string;
  readonly files: ReadonlyMap<string, string>;
  readonly steps: readonly Step[];
}

const header = /^>>> (\S+) ?(.*)$/;

/**
 * Reads a scenario. Its parts begin with `>>> `: `file NAME` (`crlf` after the name: with Windows line ends), `run ARGS`,
 * and for each run `stdin`, `env NAME=VALUE`, `terminal WIDTH`, `exit CODE`, `stdout`, `stderr`, `wrote FILE`.
 */
export function readScenario(text: string): Scenario {
  const files = new Map<string, string>();
  const steps: Step[] = [];
  const [title = '', ...parts] = text.split(/^(?=>>> )/m);
  for (const part of parts) {
    const [head = '', ...lines] = part.split('\n');
    const [, word = '', argument = ''] = header.exec(head) ?? [];
    const body = lines.join('\n');
    if (word === 'file') addFile(files, argument, body);
    else if (word === 'run') steps.push(newStep(argument));
    else setPart(steps.at(-1), word, { argument, body });
  }
  return { title: title.trim(), files, steps };
}

function addFile(files: Map<string, string>, argument: string, body: string): void {
  const [name = '', ends] = argument.split(' ');
  files.set(name, ends === 'crlf' ? body.replaceAll('\n', '\r\n') : body);
}

function newStep(args: string): Step {
  const argv = [...args.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  return {
    argv,
    exit: 0,
    stdin: undefined,
    env: {},
    terminal: undefined,
    stdout: '',
    stderr: '',
    wrote: new Map(),
  };
}

interface Part {
  readonly argument: string;
  readonly body: string;
}

function setPart(step: Step | undefined, word: string, { argument, body }: Part): void {
  if (step === undefined) throw new Error(`"${word}" before any "run"`);
  if (word === 'stdin') step.stdin = body;
  else if (word === 'env') step.env = { ...step.env, ...variable(argument) };
  else if (word === 'terminal') step.terminal = Number(argument);
  else if (word === 'exit') step.exit = Number(argument);
  else if (word === 'stdout') step.stdout = body;
  else if (word === 'stderr') step.stderr = body;
  else if (word === 'wrote') step.wrote.set(argument, body);
  else throw new Error(`no such part: ${word}`);
}

function variable(assignment: string): Record<string, string> {
  const [name = '', value = ''] = assignment.split('=');
  return { [name]: value };
}

/** The expectation as a pattern: a line `...` stands for any lines, `…` for anything within a line, `␛` for ESC. */
export function pattern(expected: string): RegExp {
  const escaped = expected.trim().replace(/[\\^$*+?.()|[\]{}]/g, '\\$&');
  return new RegExp(
    `^${escaped
      .replace(/^\\\.\\\.\\\.$/gm, '[^]*?')
      .replaceAll('…', '.*')
      .replaceAll('␛', '\u001b')}$`,
  );
}
