import net, { type AddressInfo, type Socket } from 'node:net';

/** What a SOCKS server of tests does. */
export interface SocksOptions {
  /** User and password that it asks for; default: none. */
  readonly login?: readonly [string, string];
  /** Answer to CONNECT (RFC 1928, 6); default 0: goes on. `hang`: none. `garbage`: of another protocol. */
  readonly reply?: number | 'hang' | 'garbage';
}

/** A running SOCKS server. */
export interface SocksServer {
  readonly port: number;
  /** Destinations that were asked for, as they were written. */
  readonly asked: readonly string[];
  /** How many connections are open. */
  readonly open: () => number;
  readonly close: () => Promise<void>;
}

/** A SOCKS 5 server on loopback (RFC 1928, RFC 1929) that knows every name as 127.0.0.1. */
export async function startSocksServer({ login, reply = 0 }: SocksOptions = {}): Promise<SocksServer> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const track = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  const serve = async (client: Socket): Promise<void> => {
    const bytes = reader(client);
    if (!(await greet(client, bytes, login))) return;
    const { host, port } = await destination(bytes);
    asked.push(`${host}:${String(port)}`);
    if (reply === 'hang') return;
    if (reply === 'garbage') {
      client.end('HTTP/1.1 400 Bad Request\r\n\r\n');
      return;
    }
    const answer = Buffer.from([5, reply, 0, 1, 127, 0, 0, 1, 0, 0]);
    if (reply !== 0) {
      client.end(answer);
      return;
    }
    const upstream = track(net.connect(port, '127.0.0.1'));
    upstream.on('connect', () => {
      client.write(answer);
      upstream.pipe(client).pipe(upstream);
    });
  };
  const server = net.createServer((client) => {
    track(client);
    serve(client).catch(() => client.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    open: () => sockets.size,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Take = (count: number) => Promise<Buffer>;

/** Takes bytes off a socket, and leaves it to others when nobody waits. */
function reader(socket: Socket): Take {
  return async (count) => {
    for (;;) {
      const bytes = socket.read(count) as Buffer | null;
      if (bytes !== null) return bytes;
      await new Promise((resolve, reject) => {
        socket.once('readable', resolve);
        socket.once('close', reject);
      });
    }
  };
}

async function greet(client: Socket, take: Take, login: SocksOptions['login']): Promise<boolean> {
  const [, count = 0] = await take(2);
  const methods = await take(count);
  const wanted = login === undefined ? 0 : 2;
  if (!methods.includes(wanted)) {
    client.end(Buffer.from([5, 0xff]));
    return false;
  }
  client.write(Buffer.from([5, wanted]));
  if (login === undefined) return true;
  await take(1);
  const text = async (): Promise<string> => (await take((await take(1))[0] ?? 0)).toString('utf8');
  const given = [await text(), await text()];
  const isRight = given.join('\0') === login.join('\0');
  if (isRight) client.write(Buffer.from([1, 0]));
  else client.end(Buffer.from([1, 1]));
  return isRight;
}

async function destination(take: Take): Promise<{ readonly host: string; readonly port: number }> {
  const [, , , type] = await take(4);
  const host =
    type === 3
      ? (await take((await take(1))[0] ?? 0)).toString('utf8')
      : [...(await take(type === 1 ? 4 : 16))].join('.');
  return { host, port: (await take(2)).readUInt16BE(0) };
}
