import {
  actionOf,
  defineCheck,
  describe,
  fail,
  fieldsOf,
  isDryRun,
  notApplicable,
  pass,
  resources,
  rulesOf,
} from '#check';
import type { RuleField } from '#check';

/** `not…: ["*"]` asks that there be none at all: it forgets nothing. */
const asksForNone = ({ values }: RuleField): boolean => values.length === 1 && values[0] === '*';

export default defineCheck({
  meta: {
    id: 'AUTHZ-003',
    title: 'ALLOW rule matches by exclusion',
    severity: 'medium',
    confidence: 'high',
    examines: 'enforced ALLOW policies with rules',
    messages: {
      negative:
        '{policy} allows whatever is not {values} ({field}): what the list forgets, and what lacks the attribute, is let in.',
    },
    remediation:
      'In {policy}, list what is allowed in the positive field instead of {field}; if only {values} is to be kept out, say so in a DENY policy.',
    controls: [
      'nist-800-53-r5/SC-7(5)',
      'nist-800-53-r5/AC-6',
      'pci-dss-4.0.1/7.2.2',
      'istio-best-practices/safe-patterns',
    ],
    aliases: ['snowcat/safe-allow', 'AsmAuthzPolicySafePattern'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, { mesh }) => {
    const rules = rulesOf(policy);
    if (actionOf(policy) !== 'ALLOW') return notApplicable('action is not ALLOW');
    if (isDryRun(policy)) return notApplicable('policy is in dry run');
    if (rules.length === 0) return notApplicable('policy allows nothing');
    const negative = rules.flatMap(fieldsOf).filter((field) => field.negative && !asksForNone(field));
    if (negative.length === 0) return pass;
    return fail(
      ...negative.map(({ at, values }) => ({
        message: 'negative' as const,
        at,
        data: { policy: describe(mesh, policy), field: String(at.path.at(-1)), values: values.join(', ') },
      })),
    );
  },
});
