import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { pipeline } from 'node:stream/promises';
import { Writable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Connection } from './connection.js';
import type { Credential } from './credentials.js';
import { hideValues } from './hide-values.js';
import { isSocks, placeOf } from './proxy.js';
import { authorization, plainTunnelAgent, tunnelAgent } from './tunnel.js';

/** What a server answered, with its whole body, unpacked. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One GET. */
export interface Request {
  readonly path: string;
  readonly accept: string;
  readonly credential: Credential;
  readonly userAgent: string;
  /** Milliseconds until the answer must be here; 0: as long as it takes. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
  /** True: values that a Secret may hold are left out of the body while it comes in. */
  readonly hides: boolean;
}

/** Sends requests to one API server over connections that are kept. */
export interface HttpClient {
  readonly get: (request: Request) => Promise<Answer>;
  readonly close: () => void;
}

/** The largest answer that is held: a page of 500 objects, each as large as an API server stores them, is larger. */
const mostBytes = 384 * 1024 ** 2;

/** The server kept silent for longer than it may. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/** The server answered with more than is held. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError';
}

/** A client for the server of a connection; at most `sockets` requests are under way at once. */
export function createHttpClient(connection: Connection, sockets: number): HttpClient {
  const agent = agentFor(connection, sockets);
  return {
    get: (request) => send(connection, request, agent),
    close: () => {
      agent.destroy();
    },
  };
}

function agentFor(connection: Connection, maxSockets: number): http.Agent {
  const { server, proxy, ca, serverName, insecure } = connection;
  const kept = { keepAlive: true, maxSockets };
  if (server.protocol !== 'https:')
    return proxy !== undefined && isSocks(proxy) ? plainTunnelAgent(proxy, kept) : new http.Agent(kept);
  const settings: https.AgentOptions = {
    ...kept,
    rejectUnauthorized: !insecure,
    ...(ca === undefined ? {} : { ca }),
    ...(serverName === undefined ? {} : { servername: serverName }),
  };
  return proxy === undefined ? new https.Agent(settings) : tunnelAgent(proxy, settings);
}

function send(connection: Connection, request: Request, agent: http.Agent): Promise<Answer> {
  const { signal, timeout } = request;
  return new Promise((resolve, reject) => {
    const asking = open(connection, request, agent);
    // A request that has no socket yet, as a proxy keeps silent, tells nobody that it was given up.
    const giveUp = (error: Error): void => {
      asking.destroy(error);
      fail(error);
    };
    const clock =
      timeout === 0
        ? undefined
        : setTimeout(() => {
            giveUp(new TimeoutError(`no answer within ${String(timeout / 1000)} s`));
          }, timeout);
    const abort = (): void => {
      giveUp(new Error('aborted'));
    };
    const settle = (): void => {
      clearTimeout(clock);
      signal?.removeEventListener('abort', abort);
    };
    const fail = (error: Error): void => {
      settle();
      reject(error);
    };
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort, { once: true });
    asking.on('error', fail);
    asking.on('response', (answer) => {
      readBody(answer, request).then((body) => {
        settle();
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body });
      }, fail);
    });
    asking.end();
  });
}

function open(connection: Connection, request: Request, agent: http.Agent): http.ClientRequest {
  const { server, proxy, headers } = connection;
  const { credential } = request;
  const prefix = server.pathname.replace(/\/+$/, '');
  const sent = {
    ...headers,
    accept: request.accept,
    'accept-encoding': 'gzip',
    'user-agent': request.userAgent,
    ...(credential.authorization === undefined ? {} : { authorization: credential.authorization }),
  };
  const target = { method: 'GET', agent, path: `${prefix}${request.path}` };
  if (server.protocol === 'https:')
    return https.request({ ...target, ...placeOf(server), headers: sent, ...credential.certificate });
  if (proxy === undefined || isSocks(proxy))
    return http.request({ ...target, ...placeOf(server), headers: sent });
  // A request without TLS names its server in full to the proxy.
  return http.request({
    ...target,
    ...placeOf(proxy),
    path: `${server.origin}${target.path}`,
    headers: { ...sent, host: server.host, ...authorization(proxy) },
  });
}

/** Reads to the end; a body that stops early is an error, as is one that is too large once it is unpacked. */
async function readBody(answer: IncomingMessage, { hides }: Request): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      size += chunk.length;
      chunks.push(chunk);
      done(size > mostBytes ? new TooLargeError() : null);
    },
  });
  const unpack = answer.headers['content-encoding'] === 'gzip' ? [createGunzip()] : [];
  await pipeline([answer, ...unpack, ...(hides ? [hideValues()] : []), sink]);
  return Buffer.concat(chunks, size).toString('utf8');
}
