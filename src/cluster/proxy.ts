import { BlockList, isIP } from 'node:net';
import { ClusterError } from './cluster-error.js';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The proxy for a server: the one of the kubeconfig, else that of HTTPS_PROXY or HTTP_PROXY unless NO_PROXY spares the host
 * (golang.org/x/net/http/httpproxy, which kubectl uses).
 *
 * @throws ClusterError for a proxy that speaks neither http, https nor SOCKS 5.
 */
export function proxyFor(server: URL, configured: string | undefined, env: Env): URL | undefined {
  const proxy = configured ?? fromEnvironment(server, env);
  if (proxy === undefined) return undefined;
  const text = proxy.includes('://') ? proxy : `http://${proxy}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === '')
    throw new ClusterError(
      'the address of the proxy cannot be read',
      'It stands in proxy-url of the kubeconfig, or in HTTPS_PROXY or HTTP_PROXY.',
    );
  if (!types.has(url.protocol))
    throw new ClusterError(
      `a proxy of the type ${url.protocol.slice(0, -1)} is not supported`,
      'A proxy of the type http, https, socks5 or socks5h is, given as proxy-url in the kubeconfig or as HTTPS_PROXY.',
    );
  return url;
}

const types: ReadonlySet<string> = new Set(['http:', 'https:', 'socks5:', 'socks5h:']);

/** True for a proxy that speaks SOCKS. */
export function isSocks({ protocol }: URL): boolean {
  return protocol.startsWith('socks');
}

/** Host and port as a connection takes them. */
export function placeOf({ hostname, port }: URL): { readonly host: string; readonly port?: string } {
  return { host: hostname.replace(/^\[|\]$/g, ''), ...(port === '' ? {} : { port }) };
}

/** User and password in the address of a proxy. */
export function loginOf({
  username,
  password,
}: URL): { readonly user: string; readonly password: string } | undefined {
  return username === '' ? undefined : { user: decoded(username), password: decoded(password) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function fromEnvironment(server: URL, env: Env): string | undefined {
  const name = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const proxy = first(env[name], env[name.toLowerCase()]);
  return proxy === undefined || isSpared(server, first(env['NO_PROXY'], env['no_proxy']) ?? '')
    ? undefined
    : proxy;
}

function first(...texts: readonly (string | undefined)[]): string | undefined {
  return texts.find((text) => text !== undefined && text !== '');
}

/** True when requests to a server go straight to it: this machine, and what NO_PROXY lists. */
export function isSpared(server: URL, noProxy: string): boolean {
  const host = server.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const port = server.port === '' ? (server.protocol === 'https:' ? '443' : '80') : server.port;
  if (host === 'localhost' || isLoopback(host)) return true;
  return noProxy
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry !== '' && spares(entry, host, port));
}

function isLoopback(host: string): boolean {
  return host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function spares(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  if (entry.includes('/')) return isInRange(entry, host);
  const [, name = entry, ownPort] = isIP(entry) === 6 ? [] : (/^\[?(.*?)\]?(?::(\d+))?$/.exec(entry) ?? []);
  if (ownPort !== undefined && ownPort !== port) return false;
  if (isIP(name) !== 0) return name === host;
  const bare = name.replace(/^\*?\./, '');
  return host.endsWith(`.${bare}`) || (host === bare && bare === name);
}

function isInRange(entry: string, host: string): boolean {
  const [address = '', bits = ''] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || isIP(host) !== family || !/^\d{1,3}$/.test(bits)) return false;
  if (Number(bits) > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(address, Number(bits), type);
  return list.check(host, type);
}
