import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { isSpared, proxyFor } from '#cluster/proxy.js';
import { readCluster } from '#cluster/read-cluster.js';
import { startApiServer } from './api-server.js';
import { temporaryFolders } from './temporary-folder.js';

const folder = temporaryFolders();
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()));
});

describe('NO_PROXY', () => {
  it.each([
    ['https://a.example.test', 'example.test', true],
    ['https://example.test', 'example.test', true],
    ['https://example.test', '.example.test', false],
    ['https://a.example.test', '.example.test', true],
    ['https://a.example.test', '*.example.test', true],
    ['https://badexample.test', 'example.test', false],
    ['https://a.test:6443', 'a.test:6443', true],
    ['https://a.test:6443', 'a.test:443', false],
    ['https://a.test', 'b.test, a.test:443', true],
    ['https://10.1.2.3', '10.0.0.0/8', true],
    ['https://11.1.2.3', '10.0.0.0/8', false],
    ['https://10.1.2.3', '10.1.2.3', true],
    ['https://[fd00::1]', 'fd00::/8', true],
    ['https://[fd00::1]', 'fd00::1', true],
    ['https://a.test', '*', true],
    ['https://a.test', '', false],
    ['https://localhost:6443', '', true],
    ['https://127.0.0.1:6443', '', true],
    ['https://[::1]:6443', '', true],
    ['https://10.1.2.3', '10.0.0.0/99', false],
  ])('for %s is "%s": %s', (server, list, expected) => {
    expect(isSpared(new URL(server), list)).toBe(expected);
  });
});

describe('the proxy', () => {
  const server = new URL('https://cluster.example.test');

  it.each([
    [undefined, {}, undefined],
    [undefined, { HTTPS_PROXY: 'http://p.test:3128' }, 'http://p.test:3128/'],
    [undefined, { https_proxy: 'p.test:3128' }, 'http://p.test:3128/'],
    [undefined, { HTTP_PROXY: 'http://p.test' }, undefined],
    [undefined, { HTTPS_PROXY: 'http://p.test', NO_PROXY: 'example.test' }, undefined],
    ['https://own.test', { HTTPS_PROXY: 'http://p.test', NO_PROXY: '*' }, 'https://own.test/'],
  ])('of the kubeconfig %s and %j is %s', (configured, env, expected) => {
    expect(proxyFor(server, configured, env)?.href).toBe(expected);
  });

  it.each([
    ['socks4://p.test', 'type socks4 is not supported'],
    ['ftp://p.test', 'type ftp is not supported'],
    ['socks5://', 'cannot be read'],
    ['http://[', 'cannot be read'],
  ])('%s is refused', (configured, said) => {
    expect(() => proxyFor(server, configured, {})).toThrow(said);
  });
});

describe('a request through a proxy', () => {
  /** A proxy that notes what it was asked, and lets through or refuses. */
  async function startProxy(
    status: number | 'never',
  ): Promise<{ readonly url: string; readonly asked: string[] }> {
    const asked: string[] = [];
    const proxy = http.createServer();
    const sockets = new Set<net.Socket>();
    proxy.on('connect', (request, client: net.Socket) => {
      asked.push(`${String(request.url)} ${String(request.headers['proxy-authorization'])}`);
      if (status === 'never') {
        sockets.add(client);
        return;
      }
      if (status !== 200) {
        client.end(`HTTP/1.1 ${String(status)} No\r\n\r\n`);
        return;
      }
      const [host = '', port = ''] = (request.url ?? '').split(':');
      const upstream = net.connect(Number(port), host, () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      for (const socket of [client, upstream]) {
        sockets.add(socket);
        socket.on('error', () => socket.destroy());
      }
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    ends.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
    });
    return { url: `http://user:p%40ss@127.0.0.1:${String((proxy.address() as AddressInfo).port)}`, asked };
  }

  async function readThrough(status: number | 'never', timeout = 60_000) {
    const objects = [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } }];
    const api = await startApiServer({ objects });
    ends.push(api.close);
    const proxy = await startProxy(status);
    const cwd = await folder({ config: api.kubeconfig({ token: 't' }, { 'proxy-url': proxy.url }) });
    const patience = { pause: 1, timeout };
    const target = { kubeconfig: 'config', cwd, env: {}, interactive: false, userAgent: 'test', patience };
    return { api, proxy, reading: readCluster(target) };
  }

  it('goes by CONNECT, and TLS is with the server itself', async () => {
    const { api, proxy, reading } = await readThrough(200);
    expect((await reading).reading.kinds).toHaveLength(1);
    const login = Buffer.from('user:p@ss').toString('base64');
    expect(proxy.asked[0]).toBe(`127.0.0.1:${String(api.port)} Basic ${login}`);
  });

  it('that is never answered is given up in time', async () => {
    const { reading } = await readThrough('never', 100);
    await expect(reading).rejects.toThrow(/through the proxy 127\.0\.0\.1:\d+ \(no answer within 0\.1 s\)/);
  });

  it('that is refused says so, without the password', async () => {
    const { reading } = await readThrough(407);
    const failure = await reading.catch((error: unknown) => error);
    expect(String(failure)).toContain('answered 407 to CONNECT');
    expect(String(failure)).not.toMatch(/p@ss|p%40ss/);
  });
});
