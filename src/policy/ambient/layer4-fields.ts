import { addresses, ports } from '#policy/rule/attribute.js';
import type { Attribute } from '#policy/rule/attribute.js';
import { principalPattern } from '#policy/rule/identity-pattern.js';
import { any, exactly, literal, pattern } from '#policy/rule/pattern.js';
import type { Pattern, Piece } from '#policy/rule/pattern.js';

const identity =
  (read: (value: string, policyNamespace: string) => Pattern): Attribute =>
  (values, { policyNamespace }) => ({
    comparison: { on: 'identity', patterns: values.map((value) => read(value, policyNamespace)) },
    failed: [],
  });

/** Names are compared as they are written: no trust domain stands for another (StringMatch::matches_principal). */
const principals = identity(principalPattern);

const name: Piece = { wildcard: 'name' };

/** The certificate's name with these pieces as its namespace, of any trust domain and account. */
function inNamespace(pieces: readonly Piece[]): Pattern {
  return pattern([literal('spiffe://'), name, literal('/ns/'), ...pieces, literal('/sa/'), name]);
}

/**
 * Stars at one end only (stringToMatch). A connection without identity has the namespace '' to ztunnel, so that the
 * empty value stands for it (Authorization::matches).
 */
const namespaces = identity((value) => {
  if (value === '') return exactly('');
  if (value === '*') return pattern([literal('spiffe://'), any]);
  if (value.startsWith('*')) return inNamespace([name, literal(value.slice(1))]);
  return inNamespace(value.endsWith('*') ? [literal(value.slice(0, -1)), name] : [literal(value)]);
});

/** `name` in the policy's own namespace, or `namespace/name`, nothing else (stringToServiceAccountMatch). */
const serviceAccounts = identity((value, policyNamespace) => {
  const slash = value.indexOf('/');
  const namespace = slash < 0 ? policyNamespace : value.slice(0, slash);
  const account = value.slice(slash + 1);
  return pattern([literal('spiffe://'), name, literal(`/ns/${namespace}/sa/${account}`)]);
});

const directIp = addresses('direct-ip');

/** The fields of a source that reach ztunnel (handleRule in pilot/pkg/serviceregistry/ambient/authorization.go). */
export const sourceFields: ReadonlyMap<string, Attribute> = new Map([
  ['principals', principals],
  ['namespaces', namespaces],
  ['serviceAccounts', serviceAccounts],
  ['ipBlocks', directIp],
]);

/** The one field of an operation that does. */
export const operationFields: ReadonlyMap<string, Attribute> = new Map([['ports', ports]]);

/** The `when` keys about the caller that do (l4WhenAttributes). */
export const sourceKeys: ReadonlyMap<string, Attribute> = new Map([
  ['source.principal', principals],
  ['source.namespace', namespaces],
  ['source.ip', directIp],
]);

/** The `when` keys about what is called that do. */
export const destinationKeys: ReadonlyMap<string, Attribute> = new Map([
  ['destination.ip', addresses('destination-ip')],
  ['destination.port', ports],
]);

/** True for a field (without `not`) or `when` key that ztunnel is told of. */
export function isLayer4(field: string): boolean {
  return [sourceFields, operationFields, sourceKeys, destinationKeys].some((known) => known.has(field));
}
