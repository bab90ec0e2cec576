import type { RequestPrincipal } from './condition.js';
import { any, exactly, literal, pattern, present } from './pattern.js';
import type { Pattern } from './pattern.js';

/** A suffix or prefix without its star; an empty one is a match that Envoy refuses and that would hold for any text. */
const suffix = (text: string): Pattern => pattern([any, literal(text)]);
const prefix = (text: string): Pattern => pattern([literal(text), any]);

const trimStart = (text: string): string => (text.startsWith('*') ? text.slice(1) : text);
const trimEnd = (text: string): string => (text.endsWith('*') ? text.slice(0, -1) : text);

function withoutSubject(value: string): RequestPrincipal {
  if (value.startsWith('*')) return { issuer: present, subject: suffix(trimStart(value)) };
  if (value.endsWith('*')) return { issuer: prefix(trimEnd(value)), subject: present };
  return { issuer: exactly(value), subject: exactly('') };
}

/**
 * `requestPrincipals`: issuer and subject around the last slash. The star is looked for at the ends of the whole
 * value, so `iss/*` is any subject, `*` before the slash any issuer, and an issuer that ends in a star is that very text
 * (pilot/pkg/security/authz/model/generator.go, requestPrincipalGenerator).
 */
export function requestPrincipal(value: string): RequestPrincipal {
  if (value === '*') return { issuer: present, subject: present };
  const slash = value.lastIndexOf('/');
  if (slash < 0) return withoutSubject(value);
  const [issuer, subject] = [value.slice(0, slash), value.slice(slash + 1)];
  if (value.startsWith('*'))
    return { issuer: issuer === '*' ? present : suffix(trimStart(issuer)), subject: exactly(subject) };
  if (value.endsWith('*'))
    return { issuer: exactly(issuer), subject: subject === '*' ? present : prefix(trimEnd(subject)) };
  return { issuer: exactly(issuer), subject: exactly(subject) };
}
