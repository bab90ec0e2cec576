import net, { type Socket } from 'node:net';
import { SocksClient } from 'socks';
import { ClusterError } from './cluster-error.js';
import { loginOf, placeOf } from './proxy.js';
import type { Destination, Opening } from './tunnel.js';

const usualPort = 1080;

/**
 * A connection through a proxy that speaks SOCKS 5. Names are looked up by the proxy, be it `socks5` or `socks5h`, as kubectl has it
 * (socksNewDialer in Go's net/http gets the address as written).
 *
 * @throws ClusterError when the proxy answers and refuses; other errors are those of the connection to it.
 */
export async function throughSocks(proxy: URL, to: Destination, opening: Opening): Promise<Socket> {
  const socket = await connectTo(proxy, opening);
  const login = loginOf(proxy);
  try {
    await SocksClient.createConnection({
      command: 'connect',
      destination: to,
      existing_socket: socket,
      // How long a request may take is known elsewhere.
      timeout: 2 ** 31 - 1,
      proxy: {
        type: 5,
        host: proxy.hostname,
        port: usualPort,
        ...(login === undefined ? {} : { userId: login.user, password: login.password }),
      },
    });
  } catch (error) {
    socket.destroy();
    // The error itself holds the password.
    const said = error instanceof Error ? error.message.replace(/^Socks5 (?=[a-z])/i, '') : '';
    throw new ClusterError(`the proxy ${proxy.host} does not lead to ${to.host}:${String(to.port)}: ${said}`);
  }
  opening.delete(socket);
  return socket;
}

function connectTo(proxy: URL, opening: Opening): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const { host, port = usualPort } = placeOf(proxy);
    const socket = net.connect({ host, port: Number(port) });
    opening.add(socket);
    socket.once('close', () => opening.delete(socket));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}
