import type { Resource } from '#documents/document.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import { actionOf } from '#policy/authorization-policies.js';
import type { Action } from '#policy/rule/rule.js';
import type { RuleField } from '#policy/written/written-rule.js';
import { fieldsOf, rulesOf } from '#policy/written/written-rule.js';

/** A service account that a policy names in full. */
export interface NamedAccount {
  readonly policy: Resource;
  readonly action: Action | undefined;
  readonly field: RuleField;
  /** Index of the value in the field. */
  readonly index: number;
  readonly written: string;
  /** As written; undefined where any trust domain is meant. */
  readonly trustDomain: string | undefined;
  readonly namespace: string;
  readonly account: string;
}

type Name = Pick<NamedAccount, 'trustDomain' | 'namespace' | 'account'>;

function ofPrincipal(value: string): Name | undefined {
  const match = /^([^/]+)\/ns\/([^/*]+)\/sa\/([^/*]+)$/.exec(value);
  const [, domain, namespace, account] = match ?? [];
  if (domain === undefined || namespace === undefined || account === undefined) return undefined;
  return { trustDomain: domain.includes('*') ? undefined : domain, namespace, account };
}

function ofAccount(value: string, policyNamespace: string): Name | undefined {
  const parts = value.split('/');
  if (value.includes('*') || parts.length > 2 || parts.includes('')) return undefined;
  const [first = '', second] = parts;
  const name =
    second === undefined
      ? { namespace: policyNamespace, account: first }
      : { namespace: first, account: second };
  return { trustDomain: undefined, ...name };
}

function nameIn(field: RuleField, value: string, policyNamespace: string): Name | undefined {
  if (field.name === 'principals' || field.name === 'source.principal') return ofPrincipal(value);
  return field.name === 'serviceAccounts' || field.name === 'source.serviceAccount'
    ? ofAccount(value, policyNamespace)
    : undefined;
}

const kept = new WeakMap<Resource, readonly NamedAccount[]>();

/** The service accounts that an AuthorizationPolicy names in full, patterns left aside; in the order they are written. */
export function namedAccounts(mesh: Mesh, policy: Resource): readonly NamedAccount[] {
  return getOrMake(kept, policy, () => {
    const namespace = mesh.namespaceOf(policy);
    return rulesOf(policy)
      .flatMap(fieldsOf)
      .flatMap((field) =>
        field.values.flatMap((written, index): readonly NamedAccount[] => {
          const name = nameIn(field, written, namespace);
          return name === undefined
            ? []
            : [{ policy, action: actionOf(policy), field, index, written, ...name }];
        }),
      );
  });
}

const keptByAccount = new WeakMap<Mesh, ReadonlyMap<string, readonly NamedAccount[]>>();

/** Where ALLOW policies let a service account in by its name. */
export function allowedByName(mesh: Mesh, namespace: string, account: string): readonly NamedAccount[] {
  const index = getOrMake(keptByAccount, mesh, () => {
    const byAccount = new Map<string, NamedAccount[]>();
    for (const policy of mesh.ofKind('security.istio.io', 'AuthorizationPolicy')) {
      for (const named of namedAccounts(mesh, policy)) {
        if (named.action !== 'ALLOW' || named.field.negative) continue;
        getOrMake(byAccount, `${named.namespace}/${named.account}`, () => []).push(named);
      }
    }
    return byAccount;
  });
  return index.get(`${namespace}/${account}`) ?? [];
}
