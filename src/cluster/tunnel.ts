import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import tls, { type ConnectionOptions } from 'node:tls';
import { ClusterError } from './cluster-error.js';
import { isSocks, loginOf, placeOf } from './proxy.js';

/** Where a connection is to lead. */
export interface Destination {
  readonly host: string;
  readonly port: number;
}

/** What is on its way and has to end when nobody waits for it any more. */
export type Opening = Set<{ readonly destroy: () => void }>;

/** Connections to servers that all pass through a proxy: CONNECT or SOCKS, then TLS with the server itself. */
export function tunnelAgent(proxy: URL, options: https.AgentOptions): https.Agent {
  return leadThrough(proxy, new https.Agent(options), (socket, wanted) => tls.connect({ ...wanted, socket }));
}

/** Likewise to servers without TLS, through a proxy that speaks SOCKS. */
export function plainTunnelAgent(proxy: URL, options: http.AgentOptions): http.Agent {
  return leadThrough(proxy, new http.Agent(options), (socket) => socket);
}

function leadThrough<A extends http.Agent>(
  proxy: URL,
  agent: A,
  finish: (socket: Socket, wanted: ConnectionOptions) => Duplex,
): A {
  const opening: Opening = new Set();
  const open = (
    wanted: ConnectionOptions,
    done: (error: Error | null, socket?: Duplex) => void,
  ): undefined => {
    openThrough(proxy, { host: String(wanted.host), port: Number(wanted.port) }, opening).then(
      (socket) => {
        done(null, finish(socket, wanted));
      },
      (error: unknown) => {
        done(error instanceof Error ? error : new Error(String(error)));
      },
    );
  };
  const end = agent.destroy.bind(agent);
  const destroy = (): void => {
    end();
    for (const one of opening) one.destroy();
  };
  Object.assign(agent, { createConnection: open, destroy });
  return agent;
}

async function openThrough(proxy: URL, to: Destination, opening: Opening): Promise<Socket> {
  if (!isSocks(proxy)) return throughConnect(proxy, to, opening);
  const { throughSocks } = await import('./socks.js');
  return throughSocks(proxy, to, opening);
}

function throughConnect(proxy: URL, { host, port }: Destination, opening: Opening): Promise<Socket> {
  const { request } = proxy.protocol === 'https:' ? https : http;
  const authority = `${host.includes(':') ? `[${host}]` : host}:${String(port)}`;
  return new Promise((resolve, reject) => {
    const asking = request({
      ...placeOf(proxy),
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...authorization(proxy) },
      agent: false,
    });
    opening.add(asking);
    asking.on('close', () => opening.delete(asking));
    asking.on('connect', (answer, socket) => {
      opening.delete(asking);
      if (answer.statusCode === 200) resolve(socket);
      else {
        socket.destroy();
        reject(new ClusterError(`the proxy ${proxy.host} answered ${String(answer.statusCode)} to CONNECT`));
      }
    });
    asking.on('response', (answer) => {
      answer.destroy();
      reject(new ClusterError(`the proxy ${proxy.host} answered ${String(answer.statusCode)} to CONNECT`));
    });
    asking.on('error', reject);
    asking.end();
  });
}

/** Basic authentication where the proxy's address holds a user. */
export function authorization(proxy: URL): Readonly<Record<string, string>> {
  const login = loginOf(proxy);
  if (login === undefined) return {};
  const pair = Buffer.from(`${login.user}:${login.password}`, 'utf8').toString('base64');
  return { 'proxy-authorization': `Basic ${pair}` };
}
