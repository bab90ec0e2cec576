import type { JwtRule } from '#policy/jwt-rule.js';
import type { Token } from './access-request.js';

/** True when nothing can answer at the address: istiod's own loopback, or a name reserved for being invalid. */
function isUnreachable(uri: string): boolean {
  const host = /^https?:\/\/(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]*)/i.exec(uri)?.[1] ?? '';
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0|.*\.invalid)$/i.test(host);
}

/** True when two rules check tokens against one and the same key set. */
function sharesKeys(a: JwtRule, b: JwtRule): boolean {
  const [first, second] = [a.keys, b.keys];
  if (first.from === 'inline' && second.from === 'inline') return first.text === second.text;
  return (
    first.from === 'remote' && second.from === 'remote' && first.uri !== undefined && first.uri === second.uri
  );
}

/**
 * Whether a token's signature is good for a rule. A request says who signed (`issuer`) and perhaps with which key;
 * manifests hold keys without their owners, so a rule's keys are those of its issuer, and of another one where a rule
 * of that issuer has the same keys. Keys that istiod can not fetch accept no token
 * (pilot/pkg/model/jwks_resolver.go). Undefined: not known.
 */
export function isSignedFor(rule: JwtRule, token: Token, rules: readonly JwtRule[]): boolean | undefined {
  const { keys } = rule;
  if (token.problem === 'wrong-key' || keys.from === 'nowhere') return false;
  if (keys.from === 'remote' && isUnreachable(keys.uri ?? rule.issuer)) return false;
  if (token.keyId !== undefined && keys.from === 'inline' && keys.ids.length > 0)
    return keys.ids.includes(token.keyId);
  if (rule.issuer === token.issuer) return true;
  const others = rules.filter(({ issuer }) => issuer === token.issuer);
  if (others.some((other) => sharesKeys(rule, other))) return true;
  return rule.issuer === '' && others.length === 0 ? undefined : false;
}
