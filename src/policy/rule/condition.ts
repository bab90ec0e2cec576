import type { FieldPath } from '#documents/document.js';
import type { AddressRange } from './address.js';
import type { Pattern } from './pattern.js';

/** A pair of patterns for the issuer and the subject of a token, both of which must match. */
export interface RequestPrincipal {
  readonly issuer: Pattern;
  readonly subject: Pattern;
}

/** A value of another filter's metadata: the string itself, or a member of a list. */
export interface MetadataValue {
  readonly inList: boolean;
  readonly pattern: Pattern;
}

/**
 * What a request dimension is compared with; one value suffices. Attributes:
 * - `identity`: URI name of the client certificate, `spiffe://…`; absent without one
 * - `sni`: TLS server name, empty without one
 * - `method`, `host`, `path` (normalized, without query), `header`: of the HTTP request
 * - `claim`: a claim of the verified token, a string or a member of a list; nested by path
 * - `request-principal`: `iss` and `sub` of that token
 * - `direct-ip`: the peer of the connection; `remote-ip`: the client behind proxies; `destination-ip`
 * - `port`: the port of the connection
 * - `metadata`: what another filter of the proxy has noted
 */
export type Comparison =
  | { readonly on: 'identity' | 'sni' | 'method' | 'host' | 'path'; readonly patterns: readonly Pattern[] }
  | { readonly on: 'header'; readonly name: string; readonly patterns: readonly Pattern[] }
  | { readonly on: 'claim'; readonly claim: readonly string[]; readonly patterns: readonly Pattern[] }
  | { readonly on: 'request-principal'; readonly principals: readonly RequestPrincipal[] }
  | { readonly on: 'direct-ip' | 'remote-ip' | 'destination-ip'; readonly ranges: readonly AddressRange[] }
  | { readonly on: 'port'; readonly ports: readonly number[] }
  | {
      readonly on: 'metadata';
      readonly filter: string;
      readonly key: string;
      readonly values: readonly MetadataValue[];
    };

/** One test of a rule: the comparison, or its negation, which also holds where the attribute is absent. */
export type Condition = Comparison & {
  readonly negated: boolean;
  /** The list of values in the policy. */
  readonly path: FieldPath;
};

/** Conditions that must all hold; none at all is always true. */
export type Conjunction = readonly Condition[];

/** Attributes that exist only where the proxy reads HTTP. */
const httpOnly: ReadonlySet<Comparison['on']> = new Set([
  'method',
  'host',
  'path',
  'header',
  'claim',
  'request-principal',
]);

/** True for a condition that only HTTP traffic can be asked. */
export function isHttpOnly({ on }: Comparison): boolean {
  return httpOnly.has(on);
}

/** True for a condition on the request's token: its principal or its claims. */
export function isAboutToken({ on }: Comparison): boolean {
  return on === 'claim' || on === 'request-principal';
}
