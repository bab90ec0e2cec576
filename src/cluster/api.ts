import { setTimeout as sleep } from 'node:timers/promises';
import { stringAt, type JsonValue } from '#documents/json.js';
import { ClusterError } from './cluster-error.js';
import type { Connection } from './connection.js';
import { createHttpClient, TimeoutError, TooLargeError, type Answer } from './http-client.js';
import { isLasting, isPassing, sayFailure } from './failures.js';

/** An answer of the API server in JSON. */
export interface ApiAnswer {
  readonly status: number;
  readonly json: JsonValue | undefined;
  /** What the server says is wrong, in one line; empty when nothing is. */
  readonly message: string;
}

/** In which form an answer is asked for. */
export interface AnswerForm {
  /** Value of the header `accept`. */
  readonly accept: string;
  /** True: values that a Secret may hold are left out of the answer while it comes in; whatever the server sends, none is held. */
  readonly hides?: boolean;
}

/** How patient to be with an API server. */
export interface Patience {
  /** Milliseconds for one request; 0: as long as it takes. */
  readonly timeout: number;
  /** Milliseconds before the first repetition, twice as long before each further one. */
  readonly pause: number;
  /** How often a request that failed is sent again. */
  readonly repeats: number;
}

/** One API server, asked with patience. */
export interface Api {
  /**
   * @throws ClusterError when the server cannot be reached or refuses the credentials; other refusals are answers.
   */
  readonly get: (path: string, form?: AnswerForm) => Promise<ApiAnswer>;
  readonly close: () => void;
}

/** What talking to a server takes beside its connection. */
export interface ApiOptions {
  readonly patience: Patience;
  readonly signal: AbortSignal | undefined;
  /** How many requests may be under way at once. */
  readonly concurrency: number;
  readonly userAgent: string;
}

/** As patient as an audit may be. */
export const defaultPatience: Patience = { timeout: 60_000, pause: 250, repeats: 5 };

const longestPause = 30_000;

/** Opens the way to an API server; nothing is sent yet. */
export function createApi(connection: Connection, options: ApiOptions): Api {
  const client = createHttpClient(connection, options.concurrency);
  const ask = async (path: string, { accept, hides = false }: AnswerForm): Promise<Answer> => {
    const { signal, userAgent, patience } = options;
    const credential = await connection.credentials.current(signal);
    return client.get({ path, accept, hides, credential, userAgent, timeout: patience.timeout, signal });
  };
  return {
    get: (path, form = { accept: 'application/json' }) =>
      askPatiently(() => ask(path, form), connection, options),
    close: client.close,
  };
}

/** Asks until the server answers for good: not busy, not out of order, not gone. */
async function askPatiently(
  ask: () => Promise<Answer>,
  connection: Connection,
  options: ApiOptions,
): Promise<ApiAnswer> {
  const { patience, signal } = options;
  let renewed = false;
  for (let repeat = 0; ; repeat++) {
    const outcome = await ask().catch((error: unknown) => error);
    signal?.throwIfAborted();
    const isLast = repeat >= patience.repeats;
    if (outcome instanceof TooLargeError) return tooLarge;
    if (!isAnswer(outcome)) {
      if (isLast || endsAsking(outcome, repeat)) throw sayFailure(outcome, connection);
      await pause(repeat, undefined, options);
    } else if (outcome.status === 401 && !renewed && connection.credentials.renew()) renewed = true;
    else if (outcome.status === 401) throw refused(connection);
    else if (isLast || !isPassing(outcome)) return read(outcome);
    else await pause(repeat, outcome.headers['retry-after'], options);
  }
}

/** True for a failure after which asking again is of no use, or has been tried long enough. */
function endsAsking(failure: unknown, repeat: number): boolean {
  return isLasting(failure) || (failure instanceof TimeoutError && repeat >= 2);
}

const tooLarge: ApiAnswer = { status: 502, json: undefined, message: 'the answer is too large' };

function isAnswer(outcome: unknown): outcome is Answer {
  return typeof outcome === 'object' && outcome !== null && 'status' in outcome && 'body' in outcome;
}

/** Waits as long as the server asks for, else longer with each repetition; never as long as everybody else. */
async function pause(
  repeat: number,
  retryAfter: string | undefined,
  { patience, signal }: ApiOptions,
): Promise<void> {
  const asked = Number(retryAfter ?? Number.NaN);
  const own = patience.pause * 2 ** repeat * (0.5 + Math.random());
  const wait = Number.isFinite(asked) && asked >= 0 ? asked * 1000 + own * 0.2 : own;
  await sleep(Math.min(wait, longestPause), undefined, signal === undefined ? {} : { signal });
}

function refused({ name, server }: Connection): ClusterError {
  return new ClusterError(
    `the API server ${server.host} refuses the credentials of context "${name}" (401)`,
    'They may have expired: log in again.',
  );
}

function read({ status, body }: Answer): ApiAnswer {
  let json: JsonValue | undefined;
  try {
    json = JSON.parse(body) as JsonValue;
  } catch {
    json = undefined;
  }
  if (status === 200 && json !== undefined) return { status, json, message: '' };
  const said = stringAt(json, 'message') ?? (status === 200 ? 'the answer is no JSON' : body);
  const line = said.replace(/\s+/g, ' ').trim().slice(0, 300);
  return {
    status: status === 200 ? 502 : status,
    json,
    message: line === '' ? `status ${String(status)}` : line,
  };
}
