import { addressFamily } from './ip-address.js';

/** A URL in the parts that Go's net/url gives. */
export interface GoUrl {
  /** Lower case; empty when there is none. */
  readonly scheme: string;
  readonly opaque: string;
  /** Host with port, without user information. */
  readonly host: string;
  /** Host without port and brackets. */
  readonly hostname: string;
  /** Empty when there is none. */
  readonly port: string;
  readonly path: string;
}

interface Rest {
  readonly scheme: string;
  readonly rest: string;
}

/** Splits off the scheme; undefined where Go says "missing protocol scheme". */
function splitScheme(text: string): Rest | undefined {
  const end = text.search(/[^a-zA-Z0-9+.-]/);
  if (end < 0 || text[end] !== ':') return { scheme: '', rest: text };
  if (end === 0) return undefined;
  // A leading digit or sign means that it is no scheme but a relative reference.
  if (!/^[a-zA-Z]/.test(text)) return { scheme: '', rest: text };
  return { scheme: text.slice(0, end).toLowerCase(), rest: text.slice(end + 1) };
}

function hasControlCharacter(text: string): boolean {
  for (const character of text) {
    const code = character.charCodeAt(0);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

function escapesAreValid(text: string): boolean {
  return !/%(?![0-9a-fA-F]{2})/.test(text);
}

/** Hosts may hold escapes of non-ASCII bytes (and of `%`) only, and none of the characters that no host can have. */
function hostIsValid(host: string): boolean {
  return escapesAreValid(host) && !/%(?!25)[0-7][0-9a-fA-F]/.test(host) && !/[ #?@\\^`{|}]/.test(host);
}

function portIsValid(port: string): boolean {
  return port === '' || /^:[0-9]*$/.test(port);
}

function bracketedHost(host: string): Pick<GoUrl, 'hostname' | 'port'> | undefined {
  const close = host.lastIndexOf(']');
  if (close < 0 || !host.startsWith('[')) return undefined;
  const port = host.slice(close + 1);
  const address = host.slice(1, close);
  const zone = address.indexOf('%25');
  const plain = zone < 0 ? address : address.slice(0, zone);
  if (!portIsValid(port) || addressFamily(plain) !== 6 || plain.includes('%') || !escapesAreValid(address)) return undefined;
  return { hostname: address.replace('%25', '%'), port: port.slice(1) };
}

function parseHost(host: string): Pick<GoUrl, 'hostname' | 'port'> | undefined {
  if (host.includes('[')) return bracketedHost(host);
  const colon = host.lastIndexOf(':');
  const port = colon < 0 ? '' : host.slice(colon);
  const hostname = colon < 0 ? host : host.slice(0, colon);
  if (!portIsValid(port) || !hostIsValid(host) || hostname.includes(':')) return undefined;
  return { hostname, port: port.slice(1) };
}

/** Only these characters may stand in user information. Source: net/url validUserinfo. */
function userIsValid(user: string): boolean {
  return /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user) && escapesAreValid(user);
}

function parseAuthority(authority: string): Pick<GoUrl, 'host' | 'hostname' | 'port'> | undefined {
  const at = authority.lastIndexOf('@');
  const host = authority.slice(at + 1);
  const parsed = parseHost(host);
  if (!parsed || (at >= 0 && !userIsValid(authority.slice(0, at)))) return undefined;
  return { host, ...parsed };
}

const noAuthority = { host: '', hostname: '', port: '' } as const;

/** A relative reference whose first segment has a colon could be taken for a scheme. */
function colonInFirstSegment(rest: string): boolean {
  return (rest.split('/', 1)[0] ?? '').includes(':');
}

function parseHierarchical(split: Rest, asRequest: boolean): GoUrl | undefined {
  const { scheme, rest } = split;
  const hasAuthority = rest.startsWith('//') && (scheme !== '' || (!asRequest && !rest.startsWith('///')));
  const slash = hasAuthority ? rest.indexOf('/', 2) : -1;
  const authority = hasAuthority ? rest.slice(2, slash < 0 ? undefined : slash) : undefined;
  const path = hasAuthority ? (slash < 0 ? '' : rest.slice(slash)) : rest;
  const parsed = authority === undefined ? noAuthority : parseAuthority(authority);
  if (!parsed || !escapesAreValid(path)) return undefined;
  return { scheme, opaque: '', ...parsed, path };
}

function parseWithoutFragment(text: string, asRequest: boolean): GoUrl | undefined {
  if (hasControlCharacter(text) || (asRequest && text === '')) return undefined;
  if (text === '*') return { scheme: '', opaque: '', ...noAuthority, path: '*' };
  const split = splitScheme(text);
  if (!split) return undefined;
  const query = split.rest.indexOf('?');
  const rest = query < 0 ? split.rest : split.rest.slice(0, query);
  if (!rest.startsWith('/')) {
    if (split.scheme !== '') return { scheme: split.scheme, opaque: rest, ...noAuthority, path: '' };
    if (asRequest || colonInFirstSegment(rest)) return undefined;
  }
  return parseHierarchical({ scheme: split.scheme, rest }, asRequest);
}

/** A URL as Go's url.Parse reads it, or undefined when it refuses. */
export function parseGoUrl(text: string): GoUrl | undefined {
  const hash = text.indexOf('#');
  if (hash >= 0 && !escapesAreValid(text.slice(hash + 1))) return undefined;
  return parseWithoutFragment(hash < 0 ? text : text.slice(0, hash), false);
}

/** An absolute URL or absolute path as Go's url.ParseRequestURI reads it (`#` has no meaning), or undefined. */
export function parseGoRequestUri(text: string): GoUrl | undefined {
  return parseWithoutFragment(text, true);
}
