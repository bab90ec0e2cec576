import {
  actionOf,
  allOf,
  constraintsOf,
  deadValue,
  defineCheck,
  describe,
  fail,
  isDryRun,
  notApplicable,
  opensWhenDead,
  pass,
  resources,
  templateVariableIn,
  unknown,
} from '#check';
import type { CheckContext, Resource, RuleField } from '#check';

/** `/a/**` beside `/a/*`: it matches nothing, and nothing is missed. */
const saysItAgain = ({ values }: RuleField, value: string): boolean =>
  value.endsWith('**') && values.includes(value.replace(/\*+$/, '*'));

function judgeField(policy: Resource, field: RuleField, { mesh }: CheckContext) {
  const { at } = field;
  const action = actionOf(policy) ?? 'unknown';
  return allOf(
    field.values.map((value, index) => {
      const reason = deadValue(mesh, field, value);
      if (reason === undefined || saysItAgain(field, value)) return pass;
      const variable = templateVariableIn(value);
      if (variable !== undefined && field.name !== 'paths')
        return unknown([{ key: 'template-variable', text: `value of ${variable}` }]);
      const opens = opensWhenDead(actionOf(policy), field);
      return fail({
        message: opens ? ('open' as const) : ('closed' as const),
        at: { ...at, path: [...at.path, index] },
        like: JSON.stringify([at.resource.origin.file, action, at.path.at(-1), value]),
        data: {
          policy: describe(mesh, policy),
          action,
          field: at.path.includes('when') ? field.name : String(at.path.at(-1)),
          value: JSON.stringify(value),
          reason,
        },
        ...(opens ? {} : { severity: 'low' as const }),
      });
    }),
  );
}

export default defineCheck({
  meta: {
    id: 'AUTHZ-007',
    title: 'Rule compares with a value that no request has',
    severity: 'high',
    confidence: 'high',
    examines: 'enforced AuthorizationPolicies with values',
    messages: {
      open: '{field} {value} of {policy} does not match what is meant ({reason}): what the {action} rule is to keep out is not kept out.',
      closed:
        '{field} {value} of {policy} does not match what is meant ({reason}): the {action} rule refuses what it is to let through.',
    },
    remediation: 'Write {field} {value} of {policy} in the form that is compared: {reason}.',
    controls: [
      'nist-800-53-r5/AC-3',
      'nist-800-53-r5/CM-6',
      'pci-dss-4.0.1/7.3.2',
      'istio-best-practices/validate-configuration',
    ],
    aliases: ['KIA0102', 'KIA0106'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, context) => {
    if (isDryRun(policy)) return notApplicable('policy is in dry run');
    if (actionOf(policy) === 'AUDIT') return notApplicable('policy only logs');
    const fields = constraintsOf(policy);
    if (fields.length === 0) return notApplicable('policy compares nothing');
    return allOf(fields.map((field) => judgeField(policy, field, context)));
  },
});
