import type { Resource } from '#documents/document.js';
import { listAt, stringAt } from '#documents/json.js';
import type { Workload } from '#mesh/mesh.js';
import { isDryRun } from '#policy/authorization-policies.js';
import { authorizationProgram } from '#policy/authorization-program.js';
import { gapOf } from './gap.js';
import { dryRunGap, withoutRules } from './policy-gaps.js';
import { wafProviders } from './providers.js';
import type { Engine } from './verdict.js';
import type { WafContext } from './waf-context.js';

/**
 * CUSTOM policies for a workload whose provider is a product's and which ask nobody. In dry-run mode istiod 1.30 and later
 * denies what they match, before it left them out; it also denies where the provider is broken, or one of several while only
 * one is allowed (pilot/pkg/security/authz/builder/builder.go and extauthz.go).
 */
export function voidChecks(context: WafContext, workload: Workload): readonly Engine[] {
  if (wafProviders(context).length === 0) return [];
  const authorization = context.policies.authorization(workload);
  if (!authorization.known) return [];
  return voidChecksOf(
    context,
    authorization.value.custom.map(({ resource }) => resource),
  );
}

/** The same for the CUSTOM policies that reach a waypoint. */
export function voidChecksOf(context: WafContext, custom: readonly Resource[]): readonly Engine[] {
  const { mesh } = context;
  const providers = wafProviders(context);
  const stages = authorizationProgram(mesh, custom, 'http').custom;
  return custom.flatMap((resource): readonly Engine[] => {
    const name = stringAt(resource.object, 'spec', 'provider', 'name');
    const product = providers.find((one) => one.name === name)?.product;
    if (product === undefined) return [];
    const engine = { product: product.id, by: [], missing: [] };
    if (isDryRun(resource)) return [{ ...engine, gaps: [dryRunGap(product, resource)] }];
    if (listAt(resource.object, 'spec', 'rules').length === 0)
      return [{ ...engine, gaps: [withoutRules(product, resource)] }];
    const denies = stages.find(({ provider }) => provider === name)?.denies;
    if (denies === undefined) return [];
    const how = `istiod denies what the policy matches instead of asking: ${denies}`;
    const at = { resource, path: ['spec', 'provider', 'name'] };
    return [{ ...engine, gaps: [gapOf('disabled', product, { at, note: how, data: { how } })] }];
  });
}
