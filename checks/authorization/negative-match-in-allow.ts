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
import type { Clause, WrittenRule, RuleField } from '#check';

interface Exclusion {
  readonly field: RuleField;
  readonly message: 'absent' | 'forgotten';
}

/** `not…: ["*"]` asks that there be none at all: it forgets nothing. */
const asksForNone = ({ values }: RuleField): boolean => values.length === 1 && values[0] === '*';

/** Fields that compare something a request may come without. */
const maybeAbsent = (field: RuleField): boolean =>
  isIdentity(field) || /^(?:requestPrincipals|request\.headers\[.*|request\.auth\..*)$/s.test(field.name);

/** True when a caller without what the field compares is let in: no other field of the clause asks for it. */
const letsAbsentIn = (field: RuleField, { fields }: Clause): boolean =>
  maybeAbsent(field) &&
  !fields.some(
    (other) => !other.negative && (other.name === field.name || (isIdentity(field) && isIdentity(other))),
  );

function exclusions({ sources, operations, conditions }: WrittenRule): readonly Exclusion[] {
  return [...sources, ...operations, ...conditions].flatMap((clause) =>
    clause.fields
      .filter((field) => field.negative && !asksForNone(field))
      .map((field) => ({ field, message: letsAbsentIn(field, clause) ? 'absent' : 'forgotten' })),
  );
}

export default defineCheck({
  meta: {
    id: 'AUTHZ-003',
    title: 'ALLOW rule matches by exclusion',
    severity: 'medium',
    confidence: 'high',
    examines: 'enforced ALLOW policies with rules',
    messages: {
      absent:
        'A rule of {policy} takes all but {values} ({field}): also what the list forgets, and what has nothing to compare.',
      forgotten: 'A rule of {policy} takes all but {values} ({field}): also what the list forgets.',
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
    const negative = rules.flatMap(exclusions);
    if (negative.length === 0) return pass;
    return fail(
      ...negative.map(({ message, field: { at, values } }) => ({
        message,
        at,
        data: { policy: describe(mesh, policy), field: String(at.path.at(-1)), values: values.join(', ') },
      })),
    );
  },
});
