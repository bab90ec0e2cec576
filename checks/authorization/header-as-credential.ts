import {
  actionOf,
  defineCheck,
  describe,
  fail,
  isDryRun,
  isIdentity,
  notApplicable,
  pass,
  resources,
  rulesOf,
} from '#check';
import type { RuleField, WrittenRule } from '#check';

const isHeader = ({ name }: RuleField): boolean => name.startsWith('request.headers[');

const proves = (field: RuleField): boolean =>
  !field.negative &&
  (isIdentity(field) || /^(?:requestPrincipals|request\.auth\..*|ipBlocks|source\.ip)$/s.test(field.name));

/** The header that a rule asks for, where nothing else in it says who the caller is. */
function credential({ sources, conditions }: WrittenRule): RuleField | undefined {
  const fields = conditions.flatMap((condition) => condition.fields);
  const isProven =
    fields.some(proves) || (sources.length > 0 && sources.every((source) => source.fields.some(proves)));
  return isProven ? undefined : fields.find((field) => isHeader(field) && !field.negative);
}

export default defineCheck({
  meta: {
    id: 'AUTHZ-032',
    title: 'ALLOW rule takes a request header for a proof',
    severity: 'medium',
    confidence: 'low',
    profile: 'strict',
    examines: 'enforced ALLOW policies with rules',
    messages: {
      header:
        'A rule of {policy} lets in by {header} and asks for no identity or token: each client can send that header.',
    },
    remediation:
      'Ask in the rule of {policy} for principals or requestPrincipals too, and let the gateway remove {header} from requests of clients.',
    controls: ['nist-800-53-r5/AC-3', 'nist-800-53-r5/IA-9', 'nist-800-204b/SAUZ-SR-1'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, { mesh }) => {
    if (actionOf(policy) !== 'ALLOW') return notApplicable('action is not ALLOW');
    if (isDryRun(policy)) return notApplicable('policy is in dry run');
    const rules = rulesOf(policy);
    if (rules.length === 0) return notApplicable('policy allows nothing');
    const headers = rules.map(credential).filter((field) => field !== undefined);
    if (headers.length === 0) return pass;
    return fail(
      ...headers.map(({ at, name }) => ({
        message: 'header' as const,
        at,
        data: { policy: describe(mesh, policy), header: name },
      })),
    );
  },
});
