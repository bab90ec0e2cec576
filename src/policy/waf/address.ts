/** Where something listens or is called: a host and port, or the path of a socket. */
export interface Address {
  /** Lower case, without brackets; empty: every address of the pod. Undefined for a socket. */
  readonly host: string | undefined;
  readonly port: number | undefined;
  /** Path of a Unix socket. */
  readonly socket: string | undefined;
}

function socketOf(text: string): Address | undefined {
  const path = /^unix:(?:\/\/)?(\/.*)$/.exec(text)?.[1] ?? (text.startsWith('/') ? text : undefined);
  return path === undefined ? undefined : { host: undefined, port: undefined, socket: path };
}

/** Schemes of gRPC names and of URLs; `dns://authority/name` has an authority of its own. */
const scheme = /^(?:(?:dns|ipv4|ipv6|passthrough|xds):(?:\/\/[^/]*\/)?|[a-z][a-z\d+.-]*:\/\/)/i;

/**
 * An address as it is written: `127.0.0.1:9999`, `localhost:9999`, `:9999`, `[::]:9999`, `9999`, `unix:/path`,
 * `http://host:port/path`, `dns:///host:port` (gRPC's naming). Undefined where no port can be read and no scheme gives one.
 */
export function parseAddress(written: string): Address | undefined {
  const text = written.trim();
  const socket = socketOf(text);
  if (socket !== undefined) return socket;
  const bare = text.replace(scheme, '').split('/', 1)[0] ?? '';
  if (/^\d{1,5}$/.test(bare)) return { host: '', port: Number(bare), socket: undefined };
  const parts = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(bare);
  if (parts !== null)
    return { host: (parts[1] ?? parts[2] ?? '').toLowerCase(), port: Number(parts[3]), socket: undefined };
  const standard = /^https:/i.test(text) ? 443 : /^http:/i.test(text) ? 80 : undefined;
  return standard === undefined || bare === ''
    ? undefined
    : { host: bare.toLowerCase(), port: standard, socket: undefined };
}

/** True for the pod's own loopback addresses. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || /^127(?:\.\d{1,3}){3}$/.test(host) || host === '::1';
}

/** True for the addresses that stand for all of the pod's: listened on, everybody gets there; called, the pod itself answers. */
export function isAny(host: string): boolean {
  return host === '' || host === '0.0.0.0' || host === '::' || host === '*';
}

/** True for literal addresses, which no name service is asked about. */
export function isIp(host: string): boolean {
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(host) || host.includes(':');
}

/** The address as people write it. */
export function addressText({ host, port, socket }: Address): string {
  if (socket !== undefined) return `unix:${socket}`;
  const shown = host?.includes(':') === true ? `[${host}]` : (host ?? '');
  return port === undefined ? shown : `${shown}:${port}`;
}
