import {
  actionOf,
  constraintsOf,
  defineCheck,
  describe,
  fail,
  isDryRun,
  notApplicable,
  opensWhenDead,
  pass,
  resources,
  stringAt,
  unknown,
} from '#check';
import type { Mesh, Resource, RuleField } from '#check';

const isOnePath = (value: string): boolean => value.startsWith('/') && value !== '/*';

/** Paths that another rule of the policy allows by name: their exclusion shares work out, and keeps nothing out. */
function allowedPaths(policy: Resource): ReadonlySet<string> {
  const fields = actionOf(policy) === 'ALLOW' ? constraintsOf(policy) : [];
  return new Set(
    fields.flatMap(({ name, negative, values }) => (name === 'paths' && !negative ? values : [])),
  );
}

/** A path that a rule is to keep out, which another spelling gets past; `/*` and suffixes are met by odd spellings too. */
function keptOut(policy: Resource): { readonly field: RuleField; readonly path: string } | undefined {
  const candidates = constraintsOf(policy)
    .filter((field) => field.name === 'paths' && opensWhenDead(actionOf(policy), field))
    .flatMap((field) => field.values.filter(isOnePath).map((path) => ({ field, path })));
  if (candidates.length === 0) return undefined;
  const allowed = allowedPaths(policy);
  return candidates.find(({ path }) => !allowed.has(path));
}

const merges = ({ settings }: Mesh): boolean =>
  settings.known &&
  (stringAt(settings.config, 'pathNormalization', 'normalization') ?? '').includes('MERGE_SLASHES');

/** The field that keeps the path `/` out and nothing else that begins so. */
function rootKeptOut(policy: Resource): RuleField | undefined {
  return constraintsOf(policy).find(
    (field) =>
      field.name === 'paths' &&
      opensWhenDead(actionOf(policy), field) &&
      field.values.includes('/') &&
      !field.values.some((value) => value === '*' || value === '/*'),
  );
}

export default defineCheck({
  meta: {
    id: 'AUTHZ-021',
    title: 'Rule on a path is passed by another spelling',
    severity: 'medium',
    confidence: 'medium',
    examines: 'enforced AuthorizationPolicies that keep paths out',
    messages: {
      slashes:
        'Path normalization is {mode}: a request for /{path} with a doubled or encoded slash does not match the {action} rule of {policy}, and many servers take it for the same path.',
      root: 'Path normalization leaves a path of slashes alone as it is: a request for // does not match "/" of the {action} rule of {policy}, and servers take it for the same.',
      none: 'Path normalization is NONE: a request that spells /{path} in another way (/x/../, %61) does not match the {action} rule of {policy}.',
    },
    remediation:
      'Set pathNormalization.normalization of the mesh configuration to MERGE_SLASHES, or DECODE_AND_MERGE_SLASHES if the servers decode %2F; better still, allow paths instead of denying them in {policy}.',
    controls: [
      'nist-800-53-r5/AC-3',
      'nist-800-53-r5/SI-10',
      'istio-best-practices/path-normalization',
      'pci-dss-4.0.1/7.3.2',
    ],
    aliases: ['AsmAuthzPolicyNormalization', 'ISTIO-SECURITY-2021-005'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, { mesh }) => {
    const action = actionOf(policy);
    if (isDryRun(policy)) return notApplicable('policy is in dry run');
    if (action === undefined || action === 'AUDIT') return notApplicable('policy only logs');
    const root = merges(mesh) ? rootKeptOut(policy) : undefined;
    if (root !== undefined)
      return fail({
        message: 'root',
        at: root.at,
        data: { policy: describe(mesh, policy), action },
        remediation: 'Write "/*" or the paths that are meant in {policy}, in place of "/".',
      });
    const kept = keptOut(policy);
    if (kept === undefined) return notApplicable('policy keeps no paths out');
    if (!mesh.settings.known)
      return unknown([{ key: 'mesh-config', text: 'path normalization of the mesh configuration' }]);
    const mode = stringAt(mesh.settings.config, 'pathNormalization', 'normalization') ?? 'DEFAULT';
    if (mode.includes('MERGE_SLASHES')) return pass;
    return fail({
      message: mode === 'NONE' ? ('none' as const) : ('slashes' as const),
      at: kept.field.at,
      cause: `path normalization ${mode}`,
      data: {
        policy: describe(mesh, policy),
        action,
        mode: mode === 'DEFAULT' ? 'BASE, the default' : mode,
        path: kept.path.slice(1),
      },
      ...(mode === 'NONE' ? { severity: 'high' as const } : {}),
    });
  },
});
