import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import tls, { type ConnectionOptions } from 'node:tls';
import { ClusterError } from './cluster-error.js';

/** Connections to servers that all pass through a proxy: CONNECT, then TLS with the server itself. */
export function tunnelAgent(proxy: URL, options: https.AgentOptions): https.Agent {
  const agent = new https.Agent(options);
  const open = (
    wanted: ConnectionOptions,
    done: (error: Error | null, socket?: Duplex) => void,
  ): undefined => {
    throughProxy(proxy, `${String(wanted.host)}:${String(wanted.port)}`).then(
      (socket) => {
        const secure = tls.connect({ ...wanted, socket });
        done(null, secure);
      },
      (error: unknown) => {
        done(error instanceof Error ? error : new Error(String(error)));
      },
    );
  };
  return Object.assign(agent, { createConnection: open });
}

function throughProxy(proxy: URL, authority: string): Promise<Socket> {
  const { request } = proxy.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const asking = request({
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port === '' ? undefined : proxy.port,
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...authorization(proxy) },
      agent: false,
    });
    asking.on('connect', (answer, socket) => {
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
export function authorization({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair, 'utf8').toString('base64')}` };
}
