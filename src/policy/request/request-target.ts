/** Characters that Envoy's HTTP/1 parser takes in a path or query: printable ASCII, tab and form feed. */
const pathCharacters = /^[\t\f!-~]*$/;
const hostCharacters = /^[a-zA-Z0-9!$%&'()*+,\-.:;=@[\]_~]*$/;
const absolute = /^([a-zA-Z]+):\/\/([^/?]*)(.*)$/s;

/**
 * Whether the text may be the target of a request line; where a proxy detects the protocol, a first line with another
 * target is not taken for HTTP (isUrlValid in Envoy's source/common/http/http1/balsa_parser.cc).
 */
export function isRequestTarget(target: string): boolean {
  if (/^[/*]/.test(target)) return pathCharacters.test(target);
  const [, scheme, host, rest] = absolute.exec(target) ?? [];
  if (scheme === undefined || host === undefined || rest === undefined) return false;
  return hostCharacters.test(host) && !host.includes('@@') && pathCharacters.test(rest);
}

/** The host and path that filters see. */
export interface Destination {
  readonly host: string;
  readonly path: string;
}

/** Host and path of a request: a target in absolute form brings its own host, and the Host header is not looked at. */
export function destinationOf(target: string, hostHeader: string): Destination {
  const [, , host, rest] = target.startsWith('/') ? [] : (absolute.exec(target) ?? []);
  if (host === undefined || rest === undefined) return { host: hostHeader, path: target };
  return { host, path: rest.startsWith('/') ? rest : `/${rest}` };
}
