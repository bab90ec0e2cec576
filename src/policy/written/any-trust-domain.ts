import type { Clause, RuleField } from './written-rule.js';

const byName = new Set(['namespaces', 'serviceAccounts', 'source.namespace', 'source.serviceAccount']);
const byDomain = new Set(['principals', 'trustDomains', 'source.principal', 'source.trustDomain']);

/**
 * Namespaces and accounts that a clause of an ALLOW rule asks for without asking for a trust domain: their patterns begin
 * with any (pilot/pkg/security/authz/matcher, namespace and service account principals).
 */
export function namesNoTrustDomain({ fields }: Clause): readonly RuleField[] {
  return fields.some(({ name, negative }) => !negative && byDomain.has(name))
    ? []
    : fields.filter(({ name, negative, values }) => !negative && byName.has(name) && !values.includes('*'));
}
