import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { readCluster, type ClusterOptions } from '#cluster/read-cluster.js';
import { startApiServer } from './api-server.js';
import { namespaces } from './serve.js';
import { startSocksServer, type SocksOptions, type SocksServer } from './socks-server.js';
import { temporaryFolders } from './temporary-folder.js';

const folder = temporaryFolders();
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()));
});

interface Way {
  readonly socks: SocksServer;
  readonly target: ClusterOptions;
  /** Name and port of the API server, which only the proxy knows. */
  readonly server: string;
}

/** A cluster that only the proxy finds: its name is none of DNS. */
async function behind(
  options: SocksOptions,
  { login = '', scheme = 'socks5', byEnv = false } = {},
): Promise<Way> {
  const api = await startApiServer({ objects: namespaces, certificate: 'elsewhere' });
  ends.push(api.close);
  const socks = await startSocksServer(options);
  ends.push(socks.close);
  const server = `elsewhere.example.test:${String(api.port)}`;
  const proxy = `${scheme}://${login}127.0.0.1:${String(socks.port)}`;
  const cluster = { server: `https://${server}`, ...(byEnv ? {} : { 'proxy-url': proxy }) };
  const target = {
    kubeconfig: 'config',
    cwd: await folder({ config: api.kubeconfig({ token: 't' }, cluster) }),
    env: byEnv ? { HTTPS_PROXY: proxy } : {},
    ...{ interactive: false, userAgent: 'test', patience: { pause: 1 } },
  };
  return { socks, target, server };
}

describe('a proxy that speaks SOCKS', () => {
  it.each([
    ['proxy-url of the kubeconfig', { scheme: 'socks5' }],
    ['proxy-url with socks5h', { scheme: 'socks5h' }],
    ['HTTPS_PROXY', { byEnv: true }],
    ['HTTPS_PROXY with socks5h', { byEnv: true, scheme: 'socks5h' }],
  ])('is taken from %s and looks the name up itself', async (_name, where) => {
    const { socks, target, server } = await behind({}, where);
    expect((await readCluster(target)).reading.kinds).toHaveLength(1);
    expect(new Set(socks.asked)).toEqual(new Set([server]));
  });

  it('gets user and password', async () => {
    const { target } = await behind({ login: ['user', 'p@ss'] }, { login: 'user:p%40ss@' });
    expect((await readCluster(target)).reading.kinds).toHaveLength(1);
  });

  it.each<readonly [string, SocksOptions, RegExp]>([
    ['refuses the password', { login: ['user', 'other'] }, /Authentication failed/i],
    ['refuses the way', { reply: 2 }, /NotAllowed/],
    ['does not reach the server', { reply: 4 }, /HostUnreachable/],
    ['speaks something else', { reply: 'garbage' }, /does not lead to/],
  ])('that %s is told, without the password', async (_name, options, said) => {
    const { target, server } = await behind(options, { login: 'user:p%40ss@' });
    const failure: unknown = await readCluster(target).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'ClusterError', message: expect.stringMatching(said) as string });
    expect(String(failure)).toContain(`does not lead to ${server}`);
    expect(JSON.stringify(failure) + String(failure)).not.toMatch(/p@ss|p%40ss/);
  });

  it('that hangs is given up in time, and no connection stays open', async () => {
    const { socks, target } = await behind({ reply: 'hang' });
    const reading = readCluster({ ...target, patience: { pause: 1, timeout: 100 } });
    await expect(reading).rejects.toThrow(
      /cannot be reached through the proxy .* \(no answer within 0.1 s\)/,
    );
    await expect.poll(socks.open).toBe(0);
  });

  it('that nobody runs is told', async () => {
    const { socks, target } = await behind({});
    await socks.close();
    await expect(readCluster({ ...target, patience: { pause: 1 } })).rejects.toThrow(
      /cannot be reached through the proxy 127\.0\.0\.1:\d+ \(ECONNREFUSED\)/,
    );
  });

  it('leads to servers without TLS, too', async () => {
    const plain = http.createServer((_request, response) =>
      response.writeHead(403).end('{"message": "plain"}'),
    );
    await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
    ends.push(async () => {
      plain.closeAllConnections();
      await new Promise((resolve) => plain.close(resolve));
    });
    const { socks, target } = await behind({});
    const server = `plain.example.test:${String((plain.address() as AddressInfo).port)}`;
    const cluster = { server: `http://${server}`, 'proxy-url': `socks5://127.0.0.1:${String(socks.port)}` };
    const config = JSON.stringify({
      ...{ kind: 'Config', 'current-context': 'c', users: [] },
      clusters: [{ name: 'c', cluster }],
      contexts: [{ name: 'c', context: { cluster: 'c' } }],
    });
    const cwd = await folder({ config });
    await expect(readCluster({ ...target, cwd })).rejects.toThrow('403 plain');
    expect(socks.asked).toEqual([server]);
  });
});
