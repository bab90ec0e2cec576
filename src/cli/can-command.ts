import type { Scope } from '#mesh/mesh.js';
import type { Token } from '#policy/request/access-request.js';
import type { Question } from '#posture/can/question.js';
import type { DecideResult } from '#posture/can/decided.js';
import type { CliIo } from './cli-io.js';
import { send, wantsColor, widthOf } from './cli-io.js';
import { didYouMean } from './did-you-mean.js';
import type { ClusterFlags } from './cluster-flags.js';
import { givenInput } from './given-input.js';
import type { TemplateFlags } from './template-flags.js';
import { createProgress } from './progress.js';
import { readRequests } from './read-requests.js';
import { UsageError } from './usage-error.js';

/** Options of `meshaudit can`, as the command line gives them. */
export interface CanFlags extends ClusterFlags, TemplateFlags {
  readonly in?: readonly string[];
  readonly requests?: string;
  readonly format: 'table' | 'json' | 'jsonl';
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly header?: readonly (readonly [string, string])[];
  readonly jwt?: readonly Token[];
  readonly tcp?: true;
  readonly plaintext?: true;
  readonly fromIp?: string;
  readonly sni?: string;
  readonly via?: string;
  readonly clientCert?: readonly string[];
  readonly proxyProtocol?: string;
  readonly extAuthz?: 'allow' | 'deny';
  readonly scope?: Scope | 'auto';
  readonly also?: readonly string[];
  readonly stored?: true;
  readonly istioVersion?: string;
  readonly color: boolean;
  readonly progress: boolean;
}

/** Who asks for whom. */
export interface CanNames {
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** Decides one request or a file of them; 0 allowed, 1 denied, 2 unknown, or input that cannot be trusted. */
export async function runCan(names: CanNames, flags: CanFlags, io: CliIo): Promise<number> {
  const question = questionOf(names, flags);
  const requests = flags.requests === undefined ? [] : await readRequests(flags.requests, io);
  const result = await decideOn({ requests, questions: question === undefined ? [] : [question] }, flags, io);
  const { renderDecisions } = await import('#index.js');
  const color = wantsColor(io.stdout, io.env, flags.color);
  await send(
    io.stdout,
    await renderDecisions(result, flags.format, { color, width: widthOf(io.stdout, io.env) }),
  );
  if (flags.format !== 'table') await sayProblems(result, io);
  return exitCodeOf(result);
}

interface Asked {
  readonly requests: Awaited<ReturnType<typeof readRequests>>;
  readonly questions: readonly Question[];
}

async function decideOn(asked: Asked, flags: CanFlags, io: CliIo): Promise<DecideResult> {
  const { decide, MisnamedError } = await import('#index.js');
  const paths = flags.in ?? [];
  if (paths.includes('-') && flags.requests === '-')
    throw new UsageError('standard input cannot be both the manifests and the requests');
  const given = await givenInput({ paths, flags, io });
  const progress = createProgress(io.stderr, flags.progress);
  try {
    return await decide({
      ...asked,
      cwd: io.cwd,
      ...given,
      also: flags.also ?? [],
      scope: flags.scope ?? 'auto',
      stored: flags.stored === true,
      ...(flags.istioVersion === undefined ? {} : { istioVersion: flags.istioVersion }),
      ...(flags.extAuthz === undefined ? {} : { extAuthz: flags.extAuthz }),
      onProgress: ({ done, total }) => {
        progress.update(`Reading ${String(done)} of ${String(total)} files`);
      },
    });
  } catch (error) {
    if (!(error instanceof MisnamedError)) throw error;
    const { problem, hint, named, candidates } = error.misnamed;
    throw new UsageError(
      problem,
      [didYouMean(named, candidates).trim(), hint ?? ''].filter(Boolean).join(' '),
    );
  } finally {
    progress.clear();
  }
}

const ofOneRequest = [
  'method',
  'path',
  'host',
  'header',
  'jwt',
  'tcp',
  'plaintext',
  'fromIp',
  'sni',
  'via',
  'clientCert',
  'proxyProtocol',
] as const;

function questionOf({ from, to }: CanNames, flags: CanFlags): Question | undefined {
  if (flags.requests !== undefined) {
    const given = ofOneRequest.filter((name) => flags[name] !== undefined);
    if (from === undefined && given.length === 0) return undefined;
    throw new UsageError(
      '--requests holds all there is to say of its requests',
      'Leave out <from>, <to> and the options of a single request.',
    );
  }
  if (from === undefined || to === undefined) {
    throw new UsageError(
      'who asks for whom is missing',
      'Write meshaudit can <from> <to>, e.g. meshaudit can payments/checkout ledger/api:8080, or --requests <file>.',
    );
  }
  const { host, jwt, fromIp, sni, via, clientCert, proxyProtocol } = flags;
  return {
    from,
    to,
    ...(flags.tcp === true ? {} : { http: { ...httpOf(flags), ...(host === undefined ? {} : { host }) } }),
    tokens: jwt ?? [],
    ...(fromIp === undefined ? {} : { ip: fromIp }),
    ...(sni === undefined ? {} : { sni }),
    ...(via === undefined ? {} : { via }),
    ...(clientCert === undefined ? {} : { certificate: clientCert }),
    ...(proxyProtocol === undefined ? {} : { proxyProtocol }),
    plaintext: flags.plaintext === true,
  };
}

function httpOf(flags: CanFlags): Omit<NonNullable<Question['http']>, 'host'> {
  const path = flags.path ?? '/';
  if (!/^(\/|\*$|[a-z]+:\/\/)/i.test(path)) {
    throw new UsageError(`--path: ${JSON.stringify(path)} is no path`, 'A path begins with a slash.');
  }
  return { method: flags.method ?? 'GET', path, headers: Object.fromEntries(flags.header ?? []) };
}

/** On standard error, where the output is for programs. */
async function sayProblems({ problems }: DecideResult, io: CliIo): Promise<void> {
  const fatal = problems.filter((problem) => problem.fatal);
  for (const { file, line, message } of fatal.slice(0, 10)) {
    const place = line === undefined ? file : `${file}:${String(line)}`;
    await send(io.stderr, `meshaudit: ${JSON.stringify(place)}: ${JSON.stringify(message)}\n`);
  }
}

function exitCodeOf({ decisions, problems }: DecideResult): number {
  if (problems.some(({ fatal }) => fatal) || decisions.some(({ verdict }) => verdict === 'unknown')) return 2;
  return decisions.some(({ verdict }) => verdict === 'denied') ? 1 : 0;
}
