import type { FieldPath, FieldRef, Resource } from '#documents/document.js';
import { isArray, isObject, listAt, objectAt, stringAt, stringsAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { isDryRun } from '#policy/authorization-policies.js';
import type { ProxyFilterChain } from '#policy/filter-chain/filter-chain.js';
import { dryRunGap } from './policy-gaps.js';
import { gapOf } from './gap.js';
import type { InspectionGap } from './inspection.js';
import type { ProductFilter } from './settings-gaps.js';
import type { InspectedProxy, WafContext } from './waf-context.js';

/** What a rule demands of a request beyond being one. */
interface Demand {
  readonly text: string;
  readonly at: FieldRef;
  /** True when it only leaves out what it names. */
  readonly negative: boolean;
}

const words: Readonly<Record<string, string>> = {
  paths: 'paths',
  methods: 'methods',
  hosts: 'hosts',
  ports: 'ports',
};

/** Values that every request has. */
const everything: Readonly<Record<string, readonly string[]>> = {
  paths: ['*', '/*'],
  hosts: ['*'],
  methods: ['*'],
};

function nameOf(field: string): { readonly word: string; readonly negative: boolean } {
  const negative = field.startsWith('not');
  const bare = negative ? field.slice(3, 4).toLowerCase() + field.slice(4) : field;
  return { word: words[bare] ?? bare, negative };
}

function isVoid(field: string, values: readonly string[], port: number | undefined): boolean {
  if (values.length === 0) return true;
  if (field === 'ports' && port !== undefined) return values.includes(String(port));
  return Object.hasOwn(everything, field) && (everything[field] ?? []).some((all) => values.includes(all));
}

function demandsOf(
  fields: JsonValue | undefined,
  base: FieldRef,
  port: number | undefined,
): readonly Demand[] {
  if (!isObject(fields)) return [];
  return Object.entries(fields).flatMap(([field, value]): readonly Demand[] => {
    const values = isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
    if (isVoid(field, values, port)) return [];
    const { word, negative } = nameOf(field);
    return [
      {
        text: `${word} ${values.join(', ')}`,
        negative,
        at: { resource: base.resource, path: [...base.path, field] },
      },
    ];
  });
}

/** The ways in which a list of sources or operations is met; undefined: by every request. */
function ways(
  policy: Resource,
  path: FieldPath,
  part: 'source' | 'operation',
  port: number | undefined,
): readonly (readonly Demand[])[] | undefined {
  const entries = listAt(policy.object, ...path);
  const all = entries.map((entry, index) =>
    demandsOf(objectAt(entry, part), { resource: policy, path: [...path, index, part] }, port),
  );
  return all.length === 0 || all.some((demands) => demands.length === 0) ? undefined : all;
}

function whenOf(policy: Resource, path: FieldPath): readonly Demand[] {
  return listAt(policy.object, ...path).map((condition, index) => {
    const [values, others] = [stringsAt(condition, 'values'), stringsAt(condition, 'notValues')];
    const text = `${stringAt(condition, 'key') ?? ''} ${[...values, ...others].join(', ')}`;
    return { text, negative: values.length === 0, at: { resource: policy, path: [...path, index] } };
  });
}

/** What the rules of policies let the check leave out; undefined: nothing, some rule meets every request. */
function leftOut(policies: readonly Resource[], port: number | undefined): readonly Demand[] | undefined {
  const all: Demand[] = [];
  for (const policy of policies) {
    const rules = listAt(policy.object, 'spec', 'rules');
    for (const index of rules.keys()) {
      const base = ['spec', 'rules', index];
      const from = ways(policy, [...base, 'from'], 'source', port);
      const to = ways(policy, [...base, 'to'], 'operation', port);
      const when = whenOf(policy, [...base, 'when']);
      if (from === undefined && to === undefined && when.length === 0) return undefined;
      all.push(...(from ?? []).flat(), ...(to ?? []).flat(), ...when);
    }
  }
  return all;
}

function textOf(demands: readonly Demand[]): string {
  const texts = [...new Set(demands.map(({ text }) => text))].join(' or ');
  if (demands.length === 0) return 'every request';
  return demands.every(({ negative }) => negative)
    ? `requests with ${texts}`
    : `all requests but those with ${texts}`;
}

/** The CUSTOM policies that reach a proxy; of one whose policies are not known those of its own filter. */
function attachedTo(
  { policies, mesh }: WafContext,
  { workload, custom }: InspectedProxy,
  policy: Resource,
): readonly Resource[] {
  if (custom !== undefined) return custom;
  const authorization = policies.authorization(workload);
  return authorization.known
    ? authorization.value.custom.map(({ resource }) => resource)
    : mesh.ofKind('security.istio.io', 'AuthorizationPolicy').filter((one) => one === policy);
}

/** The requests on a chain that the rules of CUSTOM policies do not send to a provider. */
export function customRuleGaps(
  context: WafContext,
  { filter, product }: ProductFilter,
  where: { readonly proxy: InspectedProxy; readonly chain: ProxyFilterChain },
): readonly InspectionGap[] {
  const policy = filter.addedBy?.resource;
  if (policy?.kind !== 'AuthorizationPolicy') return [];
  const provider = stringAt(policy.object, 'spec', 'provider', 'name');
  const attached = attachedTo(context, where.proxy, policy);
  const named = attached.filter(({ object }) => stringAt(object, 'spec', 'provider', 'name') === provider);
  // Policies in dry-run mode ask nobody.
  const own = named.filter((one) => !isDryRun(one));
  if (own.length === 0 && named.length > 0) return [dryRunGap(product, named[0] ?? policy)];
  const demands = leftOut(own.length === 0 ? [policy] : own, where.chain.port);
  if (demands === undefined) return [];
  const what = textOf(demands);
  const gap = gapOf('requests-left-out', product, {
    at: demands[0]?.at ?? { resource: policy, path: ['spec'] },
    related: demands.slice(1).map(({ at }) => at),
    note: `the policy's rules leave out ${what}`,
    data: { what },
    reach: demands.length === 0 ? 'all' : 'some',
  });
  return [gap];
}
