import { isObject, listAt, stringAt, valueAt } from '#documents/json.js';
import type { Resource } from '#documents/document.js';
import { actionOf, isDryRun } from '#policy/authorization-policies.js';
import type { Mesh, MeshSettings, Workload } from '#mesh/mesh.js';
import { agentsOf } from './agent.js';
import { arrivalsOfHost } from './arrivals.js';
import { gapOf } from './gap.js';
import { fitsSome } from './glob.js';
import type { IdleObject } from './inspection.js';
import { perContext } from './per-context.js';
import type { WafProduct } from './product.js';
import { dryRunGap, withoutRules } from './policy-gaps.js';
import type { WafContext } from './waf-context.js';

/** An extension provider whose answers are a product's. */
export interface WafProvider {
  readonly name: string;
  readonly product: WafProduct;
  readonly settings: MeshSettings;
  readonly index: number;
}

const kinds = ['envoyExtAuthzGrpc', 'envoyExtAuthzHttp'] as const;

/** A workload to look up names from: names of providers are full ones, for which the place makes no difference. */
function anyWorkload({ workloads }: Mesh): Workload | undefined {
  return workloads[0];
}

function productOf(context: WafContext, host: string, port: number): WafProduct | undefined {
  const { mesh, products } = context;
  const cluster = `outbound|${port}||${host}`;
  const marked = products.find(({ filters }) =>
    filters?.some(
      (mark) =>
        mark.clusters !== undefined && Object.keys(mark).length === 1 && fitsSome(mark.clusters, cluster),
    ),
  );
  const caller = anyWorkload(mesh);
  if (marked !== undefined || caller === undefined) return marked;
  const arrivals = arrivalsOfHost(mesh, caller, { host, port });
  if (!arrivals.known) return undefined;
  const remote = arrivals.value.filter(({ ownPod }) => !ownPod);
  return remote
    .flatMap(({ workload, port: target }) =>
      agentsOf(context, workload).filter(
        ({ listening, container }) =>
          listening.some(
            ({ address, mode }) =>
              (mode === 'ext_authz' || mode === 'ext_proc') &&
              (address === undefined || address.port === target),
          ) || container.ports.some(({ number }) => number === target),
      ),
    )
    .map(({ product }) => product)[0];
}

/** The extension providers of every mesh configuration of the input that lead to a product's agent. */
export const wafProviders = perContext((context): readonly WafProvider[] => {
  const { mesh } = context;
  const all = [mesh.settings, ...mesh.revisions.values()];
  return [...new Set(all)].flatMap((settings) =>
    listAt(settings.config, 'extensionProviders').flatMap((provider, index): readonly WafProvider[] => {
      const kind = kinds.find((one) => isObject(valueAt(provider, [one])));
      const name = stringAt(provider, 'name');
      if (kind === undefined || name === undefined) return [];
      const host = (stringAt(provider, kind, 'service') ?? '').split('/').at(-1) ?? '';
      const port = valueAt(provider, [kind, 'port']);
      const product = productOf(context, host, typeof port === 'number' ? port : 0);
      return product === undefined ? [] : [{ name, product, settings, index }];
    }),
  );
});

/** CUSTOM policies of the input, also those that the API server refuses. */
function customPolicies({ mesh }: WafContext): readonly Resource[] {
  const refused = mesh.refused.filter(({ kind }) => kind === 'AuthorizationPolicy');
  return [...mesh.ofKind('security.istio.io', 'AuthorizationPolicy'), ...refused].filter(
    (policy) => actionOf(policy) === 'CUSTOM',
  );
}

/** True for a policy that could send requests to its provider: it selects something, or what is not in the input. */
function selects({ policies, mesh }: WafContext, policy: Resource): boolean {
  if (mesh.refused.includes(policy)) return false;
  const selection = policies.selection(policy);
  return !selection.known || selection.value.workloads.length + selection.value.targets.length > 0;
}

/** Why the API server refuses a policy of a product's provider: in dry-run mode, or without rules. */
function refusedPolicy({ mesh }: WafContext, product: WafProduct, policy: Resource): IdleObject {
  if (isDryRun(policy)) return { resource: policy, gap: dryRunGap(product, policy) };
  if (listAt(policy.object, 'spec', 'rules').length === 0)
    return { resource: policy, gap: withoutRules(product, policy) };
  const [first] = mesh.validationOf(policy)?.webhook?.errors ?? [];
  const how = `the API server refuses the policy${first === undefined ? '' : `: ${first.message}`}`;
  const at = { resource: policy, path: ['spec'] };
  return { resource: policy, gap: gapOf('inert-form', product, { at, note: how, data: { how } }) };
}

function idleProvider(
  context: WafContext,
  { name, product, settings, index }: WafProvider,
): readonly IdleObject[] {
  const own = customPolicies(context).filter(
    ({ object }) => stringAt(object, 'spec', 'provider', 'name') === name,
  );
  if (own.some((policy) => selects(context, policy))) return [];
  const refused = own.filter((policy) => context.mesh.refused.includes(policy));
  if (refused.length > 0) return refused.map((policy) => refusedPolicy(context, product, policy));
  const at = settings.fieldOf(['extensionProviders', index]);
  if (at === undefined) return [];
  const note =
    own.length === 0
      ? `no CUSTOM policy uses extension provider ${name}`
      : `no CUSTOM policy with extension provider ${name} selects a workload`;
  const related = own.map((resource) => ({ resource, path: ['spec'] }));
  const gap = gapOf('provider-without-policy', product, { at, related, note, data: { provider: name } });
  return [{ resource: at.resource, gap }];
}

/** Providers of a product that no CUSTOM policy of the input makes use of; only a whole cluster tells. */
export function idleProviders(context: WafContext): readonly IdleObject[] {
  if (context.mesh.scope === 'partial') return [];
  return wafProviders(context).flatMap((provider) => idleProvider(context, provider));
}
