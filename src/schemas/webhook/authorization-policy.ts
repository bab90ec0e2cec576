import type { FieldPath } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, stringsAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { Invalidity } from '#schemas/validation.js';
import { conditionErrors } from './condition-keys.js';
import { addresses, notEmpty, pathTemplates, ports, serviceAccounts, trustDomains } from './security-values.js';
import type { ValuesCheck } from './security-values.js';
import { selectionAnswer } from './selection.js';
import { complaint } from './webhook.js';
import type { WebhookAnswer, WebhookInput } from './webhook.js';

type Checks = Readonly<Record<string, readonly ValuesCheck[]>>;

const sourceChecks: Checks = {
  principals: [notEmpty],
  notPrincipals: [notEmpty],
  requestPrincipals: [notEmpty],
  notRequestPrincipals: [notEmpty],
  namespaces: [notEmpty],
  notNamespaces: [notEmpty],
  ipBlocks: [addresses],
  notIpBlocks: [addresses],
  remoteIpBlocks: [addresses],
  notRemoteIpBlocks: [addresses],
  serviceAccounts: [serviceAccounts],
  notServiceAccounts: [serviceAccounts],
  trustDomains: [trustDomains],
  notTrustDomains: [trustDomains],
};

const operationChecks: Checks = {
  ports: [ports],
  notPorts: [ports],
  methods: [notEmpty],
  notMethods: [notEmpty],
  hosts: [notEmpty],
  notHosts: [notEmpty],
  paths: [notEmpty, pathTemplates],
  notPaths: [notEmpty, pathTemplates],
};

/** Fields of a source that hold on a TCP port too; without one, a DENY rule denies every TCP connection. */
const tcpSourceFields = [
  'principals',
  'notPrincipals',
  'ipBlocks',
  'notIpBlocks',
  'namespaces',
  'notNamespaces',
  'remoteIpBlocks',
  'notRemoteIpBlocks',
  'serviceAccounts',
  'notServiceAccounts',
] as const;

/** Fields of a source that CUSTOM policies cannot use: the identity is not known when the authorizer is called. */
const notWithCustom = [
  'namespaces',
  'notNamespaces',
  'serviceAccounts',
  'notServiceAccounts',
  'trustDomains',
  'notTrustDomains',
  'principals',
  'notPrincipals',
  'requestPrincipals',
  'notRequestPrincipals',
] as const;

const keysNotWithCustom = new Set(['source.namespace', 'source.serviceAccount', 'source.trustDomain', 'source.principal']);

function has(object: JsonObject, ...names: readonly string[]): boolean {
  return names.some((name) => listAt(object, name).length > 0);
}

function fieldErrors(object: JsonObject, checks: Checks, path: FieldPath): readonly Invalidity[] {
  return Object.entries(checks).flatMap(([name, wanted]) =>
    wanted.flatMap((check) => check(stringsAt(object, name), [...path, name])),
  );
}

function sourceErrors(from: JsonValue, path: FieldPath): readonly Invalidity[] {
  const source = objectAt(from, 'source');
  const at = [...path, 'source'];
  if (!source) return [complaint(at, 'a from entry must have a source')];
  const identity = has(source, 'principals', 'notPrincipals', 'namespaces', 'notNamespaces');
  return [
    ...(identity && has(source, 'serviceAccounts', 'notServiceAccounts')
      ? [complaint(at, 'serviceAccounts cannot be combined with principals or namespaces')]
      : []),
    ...(has(source, ...Object.keys(sourceChecks)) ? [] : [complaint(at, 'a source must not be empty')]),
    ...fieldErrors(source, sourceChecks, at),
  ];
}

function operationErrors(to: JsonValue, path: FieldPath): readonly Invalidity[] {
  const operation = objectAt(to, 'operation');
  const at = [...path, 'operation'];
  if (!operation) return [complaint(at, 'a to entry must have an operation')];
  return [
    ...(has(operation, ...Object.keys(operationChecks)) ? [] : [complaint(at, 'an operation must not be empty')]),
    ...fieldErrors(operation, operationChecks, at),
  ];
}

function whenErrors(condition: JsonValue, path: FieldPath): readonly Invalidity[] {
  const key = stringAt(condition, 'key') ?? '';
  const keyPath = [...path, 'key'];
  if (key === '') return [complaint(keyPath, 'a condition must have a key')];
  const [values, notValues] = [stringsAt(condition, 'values'), stringsAt(condition, 'notValues')];
  if (values.length === 0 && notValues.length === 0) {
    return [complaint(path, `the condition on ${key} must have values or notValues`)];
  }
  return [
    ...conditionErrors(key, values, { path: [...path, 'values'], keyPath }),
    ...conditionErrors(key, notValues, { path: [...path, 'notValues'], keyPath }),
  ];
}

function ruleErrors(rule: JsonValue, path: FieldPath): readonly Invalidity[] {
  return [
    ...listAt(rule, 'from').flatMap((from, index) => sourceErrors(from, [...path, 'from', index])),
    ...listAt(rule, 'to').flatMap((to, index) => operationErrors(to, [...path, 'to', index])),
    ...listAt(rule, 'when').flatMap((condition, index) => whenErrors(condition, [...path, 'when', index])),
  ];
}

function customRuleErrors(rule: JsonValue, path: FieldPath): readonly Invalidity[] {
  const sources = listAt(rule, 'from').flatMap((from, index) => {
    const at = [...path, 'from', index, 'source'];
    const used = notWithCustom.filter((name) => has(objectAt(from, 'source') ?? {}, name));
    return used.map((name) => complaint([...at, name], `${name} is not supported with action CUSTOM`));
  });
  const conditions = listAt(rule, 'when').flatMap((condition, index) => {
    const key = stringAt(condition, 'key') ?? '';
    if (!keysNotWithCustom.has(key) && !key.startsWith('request.auth.')) return [];
    return [complaint([...path, 'when', index, 'key'], `${key} is not supported with action CUSTOM`)];
  });
  return [...sources, ...conditions];
}

function actionErrors(spec: JsonObject, action: string): readonly Invalidity[] {
  const rules = listAt(spec, 'rules');
  const provider = objectAt(spec, 'provider');
  const errors: Invalidity[] = [];
  if (rules.length === 0 && (action === 'CUSTOM' || action === 'DENY')) {
    const message = `action ${action} without rules never takes effect; an empty rule {} matches every request`;
    errors.push(complaint(['spec', 'rules'], message));
  }
  if (action !== 'CUSTOM') {
    if (provider) errors.push(complaint(['spec', 'provider'], `a provider is only for action CUSTOM, not ${action}`));
    return errors;
  }
  if (rules.length > 0 && (stringAt(provider, 'name') ?? '') === '') {
    errors.push(complaint(['spec', 'provider', 'name'], 'action CUSTOM needs the name of a provider'));
  }
  return [...errors, ...rules.flatMap((rule, index) => customRuleErrors(rule, ['spec', 'rules', index]))];
}

/** True for a rule that matches on HTTP attributes only: on a TCP port those are dropped and a DENY denies everything. */
function deniesAllTcp(rule: JsonValue): boolean {
  const sources = listAt(rule, 'from').map((from) => objectAt(from, 'source')).filter(isObject);
  const operations = listAt(rule, 'to').map((to) => objectAt(to, 'operation')).filter(isObject);
  const tcpSource = sources.some((source) => has(source, ...tcpSourceFields));
  const tcpOperation = operations.some((operation) => has(operation, 'ports', 'notPorts'));
  return operations.length > 0 ? !tcpOperation : sources.length > 0 && !tcpSource;
}

/** The webhook's rules of AuthorizationPolicy. Source: validation.go, ValidateAuthorizationPolicy. */
export function authorizationPolicy({ spec }: WebhookInput): WebhookAnswer {
  const selection = selectionAnswer(spec);
  const action = stringAt(spec, 'action') ?? 'ALLOW';
  const rules = listAt(spec, 'rules');
  const tcpWarning = 'denies all traffic to TCP ports: a DENY rule with HTTP attributes only; give the ports';
  return {
    errors: [
      ...selection.errors,
      ...actionErrors(spec, action),
      ...rules.flatMap((rule, index) => ruleErrors(rule, ['spec', 'rules', index])),
    ],
    warnings: [
      ...selection.warnings,
      ...rules.flatMap((rule, index) =>
        action === 'DENY' && deniesAllTcp(rule) ? [complaint(['spec', 'rules', index], tcpWarning)] : [],
      ),
    ],
  };
}
