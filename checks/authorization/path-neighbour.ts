import {
  actionOf,
  defineCheck,
  describe,
  fail,
  isDryRun,
  leftOutPaths,
  notApplicable,
  pass,
  resources,
  rulesOf,
} from '#check';

export default defineCheck({
  meta: {
    id: 'AUTHZ-036',
    title: 'DENY rule on a path leaves its neighbour out',
    severity: 'low',
    confidence: 'low',
    profile: 'strict',
    examines: 'enforced DENY policies with paths',
    messages: {
      neighbour:
        'DENY rule of {policy} names {value}, which does not match {neighbour}: many servers take the two for one.',
    },
    remediation: 'Add {neighbour} to the paths of {policy} beside {value}.',
    controls: ['nist-800-53-r5/AC-3', 'nist-800-53-r5/SI-10', 'istio-best-practices/path-normalization'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, { mesh }) => {
    if (actionOf(policy) !== 'DENY' || isDryRun(policy)) return notApplicable('action is not DENY');
    const rules = rulesOf(policy);
    // A path that any rule of the policy names is not left out.
    const named = new Set(
      rules.flatMap(({ operations }) =>
        operations.flatMap(({ fields }) => fields.flatMap(({ values }) => values)),
      ),
    );
    const left = rules.flatMap(({ operations }) =>
      operations.flatMap((operation) => leftOutPaths(operation).map((one) => ({ ...one, at: operation.at }))),
    );
    const found = left.filter(({ neighbour }) => !named.has(neighbour));
    if (found.length === 0) return pass;
    return fail(
      ...found.map(({ value, neighbour, at }) => ({
        message: 'neighbour' as const,
        at: { ...at, path: [...at.path, 'paths'] },
        data: { policy: describe(mesh, policy), value, neighbour },
      })),
    );
  },
});
