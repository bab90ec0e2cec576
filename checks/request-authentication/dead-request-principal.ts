import {
  actionOf,
  allOf,
  constraintsOf,
  defineCheck,
  describe,
  fail,
  isDryRun,
  judgeReached,
  jwtRulesAt,
  notApplicable,
  opensWhenDead,
  pass,
  resources,
  templateVariableIn,
  unknown,
  whenKnown,
  writtenIssuer,
} from '#check';
import type { CheckContext, Resource, RuleField, Selection } from '#check';

interface Value {
  readonly text: string;
  readonly index: number;
  readonly field: RuleField;
}

function failure(policy: Resource, { text, index, field }: Value, reason: string, { mesh }: CheckContext) {
  const action = actionOf(policy);
  const opens = opensWhenDead(action, field);
  return fail({
    message: opens ? ('open' as const) : ('closed' as const),
    at: { ...field.at, path: [...field.at.path, index] },
    data: { policy: describe(mesh, policy), action: action ?? 'unknown', value: text, reason },
    ...(opens ? {} : { severity: 'low' as const }),
  });
}

/** Judges the issuers that are named in full: some RequestAuthentication has to verify their tokens. */
function judgeIssuer(policy: Resource, value: Value, selection: Selection, context: CheckContext) {
  const { mesh, policies } = context;
  const issuer = writtenIssuer(value.text).exactly;
  if (issuer === undefined) return pass;
  return judgeReached(selection, context, (workload, dataPlane) => {
    if (dataPlane !== 'sidecar' && dataPlane !== 'gateway')
      return notApplicable('no proxy of the workload reads tokens');
    const { rules, missing } = jwtRulesAt(mesh, workload, policies.enrolment(workload));
    if (rules.some((rule) => rule.issuer === issuer || rule.issuer === '')) return pass;
    if (missing.length > 0) return unknown(missing);
    const reason = `no RequestAuthentication verifies tokens of ${issuer} there`;
    return failure(policy, value, reason, context);
  });
}

export default defineCheck({
  meta: {
    id: 'JWT-004',
    title: 'Request principal that no token has',
    severity: 'high',
    confidence: 'high',
    examines: 'enforced AuthorizationPolicies with request principals',
    messages: {
      open: '{value} in {policy} never matches ({reason}): what the {action} rule is to keep out is not kept out.',
      closed:
        '{value} in {policy} never matches ({reason}): the {action} rule refuses what it is to let through.',
    },
    remediation:
      'Write {value} of {policy} as <issuer>/<subject> or <issuer>/*, with an issuer that a RequestAuthentication of the same workloads has.',
    controls: [
      'nist-800-53-r5/AC-3',
      'nist-800-53-r5/IA-8',
      'nist-800-204b/EAUN-SR-1',
      'istio-best-practices/mandatory-token',
    ],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, context) => {
    if (isDryRun(policy)) return notApplicable('policy is in dry run');
    if (actionOf(policy) === 'AUDIT') return notApplicable('policy only logs');
    const values = constraintsOf(policy)
      .filter(({ name }) => name === 'requestPrincipals' || name === 'request.auth.principal')
      .flatMap((field) => field.values.map((text, index) => ({ text, index, field })))
      .filter(({ text }) => templateVariableIn(text) === undefined);
    if (values.length === 0) return notApplicable('policy names no request principals');
    const dead = values.flatMap((value) => {
      const reason = writtenIssuer(value.text).dead;
      return reason === undefined ? [] : [failure(policy, value, reason, context)];
    });
    if (dead.length > 0) return allOf(dead);
    if (values.every(({ text }) => writtenIssuer(text).exactly === undefined)) return pass;
    return whenKnown(context.policies.selection(policy), ({ value: selection }) =>
      selection.scope === 'target-refs'
        ? notApplicable('policy is for a Gateway or a waypoint')
        : allOf(values.map((value) => judgeIssuer(policy, value, selection, context))),
    );
  },
});
