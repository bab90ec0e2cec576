import type { FieldPath } from '#documents/document.js';
import { listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { addressFamily } from '#schemas/ip-address.js';
import type { Invalidity } from '#schemas/validation.js';
import { clientTlsErrors } from './client-tls.js';
import { connectionPoolErrors } from './connection-pool.js';
import { durationErrors } from './durations.js';
import { exportToErrors, namespaceOf } from './export-to.js';
import { domainProblem, isLabel, isPort, wildcardDomainProblem } from './host-names.js';
import { loadBalancerErrors } from './load-balancer.js';
import { selectorAnswer } from './selection.js';
import { complaint } from './webhook.js';
import type { WebhookAnswer, WebhookInput } from './webhook.js';
import { labelErrors } from './workload-entry.js';

function numberAt(value: JsonValue | undefined, name: string): number {
  return Number(valueAt(value, [name]) ?? 0);
}

function outlierErrors(outlier: JsonObject | undefined, path: FieldPath): readonly Invalidity[] {
  if (!outlier) return [];
  const split = valueAt(outlier, ['splitExternalLocalOriginErrors']) === true;
  const local = numberAt(outlier, 'consecutiveLocalOriginFailures') > 0;
  const percents = ['maxEjectionPercent', 'minHealthPercent'].filter((name) => {
    const percent = numberAt(outlier, name);
    return percent < 0 || percent > 100;
  });
  return [
    ...durationErrors(outlier, path, ['baseEjectionTime', 'interval']),
    ...(local && !split
      ? [complaint([...path, 'consecutiveLocalOriginFailures'], 'needs splitExternalLocalOriginErrors')]
      : []),
    ...percents.map((name) => complaint([...path, name], `${name} must be in 0..100`)),
  ];
}

function tunnelErrors(tunnel: JsonObject | undefined, path: FieldPath): readonly Invalidity[] {
  if (!tunnel) return [];
  const host = stringAt(tunnel, 'targetHost') ?? '';
  const known = ['', 'CONNECT', 'POST'].includes(stringAt(tunnel, 'protocol') ?? '');
  const named = addressFamily(host) !== undefined || domainProblem(host) === undefined;
  return [
    ...(known ? [] : [complaint([...path, 'protocol'], 'the protocol must be CONNECT or POST')]),
    ...(named ? [] : [complaint([...path, 'targetHost'], `"${host}" is neither a domain name nor an IP address`)]),
    ...(isPort(numberAt(tunnel, 'targetPort')) ? [] : [complaint([...path, 'targetPort'], 'a port must be in 1..65535')]),
  ];
}

/** Source: validateProxyProtocol; a version may be given by number. */
function proxyProtocolErrors(protocol: JsonObject | undefined, path: FieldPath): readonly Invalidity[] {
  const known = ['V1', 'V2'].includes(stringAt(protocol, 'version') ?? 'V1');
  return known ? [] : [complaint([...path, 'version'], 'the version must be V1 or V2')];
}

/** What a policy and a policy of one port have in common. */
function sharedErrors(policy: JsonObject, path: FieldPath, namespace: string): readonly Invalidity[] {
  return [
    ...outlierErrors(objectAt(policy, 'outlierDetection'), [...path, 'outlierDetection']),
    ...connectionPoolErrors(objectAt(policy, 'connectionPool'), [...path, 'connectionPool']),
    ...loadBalancerErrors(objectAt(policy, 'loadBalancer'), [...path, 'loadBalancer']),
    ...clientTlsErrors(objectAt(policy, 'tls'), namespace, [...path, 'tls']),
  ];
}

const portFields = ['outlierDetection', 'connectionPool', 'loadBalancer', 'tls'];
const policyFields = [...portFields, 'portLevelSettings', 'tunnel', 'proxyProtocol', 'retryBudget'];

function isEmpty(policy: JsonObject, fields: readonly string[]): boolean {
  return fields.every((name) => valueAt(policy, [name]) === undefined);
}

function portPolicyErrors(value: JsonValue, path: FieldPath, namespace: string): readonly Invalidity[] {
  const policy = objectAt(value) ?? {};
  return [
    ...(objectAt(policy, 'port') ? [] : [complaint([...path, 'port'], 'a policy of a port needs a port')]),
    ...(isEmpty(policy, portFields)
      ? [complaint(path, 'a policy of a port must not be empty')]
      : sharedErrors(policy, path, namespace)),
  ];
}

function policyErrors(policy: JsonObject | undefined, path: FieldPath, namespace: string): readonly Invalidity[] {
  if (!policy) return [];
  if (isEmpty(policy, policyFields)) return [complaint(path, 'a traffic policy must not be empty')];
  const tunnel = objectAt(policy, 'tunnel');
  if (tunnel && objectAt(policy, 'proxyProtocol')) return [complaint(path, 'tunnel and proxyProtocol exclude each other')];
  return [
    ...sharedErrors(policy, path, namespace),
    ...listAt(policy, 'portLevelSettings').flatMap((setting, index) =>
      portPolicyErrors(setting, [...path, 'portLevelSettings', index], namespace),
    ),
    ...tunnelErrors(tunnel, [...path, 'tunnel']),
    ...proxyProtocolErrors(objectAt(policy, 'proxyProtocol'), [...path, 'proxyProtocol']),
  ];
}

function subsetErrors(spec: JsonObject, namespace: string): readonly Invalidity[] {
  const seen = new Set<string>();
  return listAt(spec, 'subsets').flatMap((subset, index) => {
    const path = ['spec', 'subsets', index];
    const name = stringAt(subset, 'name') ?? '';
    const twice = seen.has(name);
    seen.add(name);
    return [
      ...(twice ? [complaint([...path, 'name'], `the subset "${name}" is given twice`)] : []),
      ...(isLabel(name) ? [] : [complaint([...path, 'name'], `"${name}" is not a name for a subset`)]),
      ...labelErrors(objectAt(subset, 'labels'), [...path, 'labels']),
      ...policyErrors(objectAt(subset, 'trafficPolicy'), [...path, 'trafficPolicy'], namespace),
    ];
  });
}

/** The webhook's rules of DestinationRule. Source: validation.go, ValidateDestinationRule. */
export function destinationRule(input: WebhookInput): WebhookAnswer {
  const { object, spec } = input;
  const namespace = namespaceOf(object);
  const selector = objectAt(spec, 'workloadSelector');
  const selected = selectorAnswer(selector, ['spec', 'workloadSelector']);
  const problem = wildcardDomainProblem(stringAt(spec, 'host') ?? '');
  return {
    errors: [
      ...(problem === undefined ? [] : [complaint(['spec', 'host'], problem)]),
      ...policyErrors(objectAt(spec, 'trafficPolicy'), ['spec', 'trafficPolicy'], namespace),
      ...subsetErrors(spec, namespace),
      ...exportToErrors(input, { ownNamespaceOnly: selector !== undefined }),
      ...selected.errors,
    ],
    warnings: selected.warnings,
  };
}
