import type { Resource } from '#documents/document.js';
import type { Decision } from '#policy/decision.js';
import { actionOf, asAttached } from '#policy/authorization-policies.js';
import type { AttachedPolicy } from '#policy/policies.js';
import type { Posture } from './posture.js';
import type {
  AccessLogRow,
  AuthorizationRow,
  CaptureRow,
  ClientTlsRow,
  EgressRow,
  EnrolmentRow,
  ExposureRow,
  JwtRow,
  MetricsRow,
  MtlsRow,
  OrUnknown,
  PolicyRow,
  PostureRow,
  TracingRow,
} from './row.js';
import { wafRow } from './waf-row.js';

/** The value of a decision, or `unknown`. */
export function valueOr<T>(decision: Decision<T>): OrUnknown<T> {
  return decision.known ? decision.value : 'unknown';
}

const missingOf = (decision: Decision<unknown>): EnrolmentRow['missing'] =>
  decision.known ? [] : decision.missing;

function enrolmentRow({ enrolment }: Posture): EnrolmentRow {
  const missing = missingOf(enrolment);
  if (!enrolment.known) return { dataPlane: 'unknown', revision: undefined, reason: undefined, missing };
  return { ...enrolment.value, missing };
}

function captureRow({ capture }: Posture): CaptureRow {
  const missing = missingOf(capture);
  if (!capture.known) return { state: 'unknown', limits: [], missing };
  const limits = capture.value.limits.map(({ direction, note }) => ({ direction, note }));
  return { state: limits.length === 0 ? 'all' : 'limited', limits, missing };
}

function mtlsRow({ ports, otherPorts }: Posture): MtlsRow {
  return {
    ports: ports.map(({ port, mtls, bypass }) => ({
      port: port.number,
      protocol: port.protocol,
      mtls: valueOr(mtls),
      bypass: bypass?.note,
      missing: missingOf(mtls),
    })),
    otherPorts: valueOr(otherPorts),
    missing: missingOf(otherPorts),
  };
}

function policyName({ policies: { mesh } }: Posture, resource: Resource): string {
  return `${mesh.namespaceOf(resource)}/${resource.name}`;
}

function clientTlsRow(posture: Posture): ClientTlsRow {
  const { clientSide } = posture;
  const missing = missingOf(clientSide);
  if (!clientSide.known) return { byDefault: 'unknown', rules: [], missing };
  const { byDefault, rules } = clientSide.value;
  return {
    byDefault,
    rules: rules.map(({ rule, host, mode, reach }) => ({
      rule: policyName(posture, rule),
      host,
      mode,
      reach,
    })),
    missing,
  };
}

function policyRow(posture: Posture, { resource, scope, dryRun }: AttachedPolicy): PolicyRow {
  return { policy: policyName(posture, resource), action: actionOf(resource) ?? 'unknown', scope, dryRun };
}

/** The policies that a decision has looked at and that apply; in their order of evaluation when it is known. */
export function policiesOf({ authorization, policies: { mesh } }: Posture): readonly AttachedPolicy[] {
  if (authorization.known) {
    const { custom, deny, allow, audit, dryRun } = authorization.value;
    return [...custom, ...deny, ...allow, ...audit, ...dryRun];
  }
  const seen = authorization.considered.map(({ at }) => at.resource);
  return seen
    .filter(({ kind }) => kind === 'AuthorizationPolicy')
    .map((resource) => asAttached(mesh, resource));
}

function authorizationRow(posture: Posture): AuthorizationRow {
  const { authorization } = posture;
  return {
    defaultAction: authorization.known ? authorization.value.defaultAction : 'unknown',
    allowsEverything: authorization.known && authorization.value.allowsEverything !== undefined,
    policies: policiesOf(posture).map((policy) => policyRow(posture, policy)),
    missing: missingOf(authorization),
  };
}

function jwtRow(posture: Posture): JwtRow {
  const { requestAuthentication } = posture;
  const missing = missingOf(requestAuthentication);
  if (!requestAuthentication.known) return { token: 'unknown', issuers: [], missing };
  const { token, issuers } = requestAuthentication.value;
  return {
    token,
    issuers: issuers.map(({ issuer, audiences, policy }) => ({
      issuer,
      audiences,
      policy: policyName(posture, policy.resource),
    })),
    missing,
  };
}

function exposureRow({ exposure, nodeExposure }: Posture): ExposureRow {
  const ways = exposure.known ? exposure.value : [];
  return {
    ways: ways.map(({ by, gateway, port, host, path, tls, clientCertificate, clusterOnly, blocked }) => ({
      by,
      gateway: gateway?.id,
      port,
      host,
      path,
      tls,
      clientCertificate,
      clusterOnly,
      blocked,
    })),
    node: nodeExposure.map(({ kind, ports }) => ({ kind, ports })),
    missing: missingOf(exposure),
  };
}

function egressRow({ outbound }: Posture): EgressRow {
  return { mode: outbound.known ? outbound.value.mode : 'unknown', missing: missingOf(outbound) };
}

function accessLogRow({ accessLog }: Posture): AccessLogRow {
  const missing = missingOf(accessLog);
  if (!accessLog.known) return { state: 'unknown', providers: [], filtered: false, missing };
  const { enabled, providers, filters } = accessLog.value;
  return { state: enabled ? 'on' : 'off', providers, filtered: filters.length > 0, missing };
}

function tracingRow({ tracing }: Posture): TracingRow {
  const missing = missingOf(tracing);
  if (!tracing.known) return { state: 'unknown', provider: undefined, sampling: undefined, missing };
  const { enabled, provider, sampling } = tracing.value;
  return { state: enabled ? 'on' : 'off', provider, sampling, missing };
}

function metricsRow({ metrics }: Posture): MetricsRow {
  const missing = missingOf(metrics);
  if (!metrics.known) return { state: 'unknown', providers: [], disabled: [], missing };
  const { enabled, providers, disabled } = metrics.value;
  return { state: enabled ? 'on' : 'off', providers, disabled, missing };
}

/** The posture of one workload as plain data; `story` only when it was asked for. */
export function makeRow(posture: Posture, story: PostureRow['story']): PostureRow {
  const { workload, policies } = posture;
  const { origin } = workload.resource;
  return {
    environment: policies.mesh.environment,
    namespace: workload.namespace,
    kind: workload.kind,
    name: workload.id.slice(workload.namespace.length + workload.kind.length + 2),
    location: { file: origin.file, line: origin.line, column: 1 },
    serviceAccount: workload.serviceAccount,
    principal: workload.principal,
    enrolment: enrolmentRow(posture),
    capture: captureRow(posture),
    mtls: mtlsRow(posture),
    clientTls: clientTlsRow(posture),
    authorization: authorizationRow(posture),
    jwt: jwtRow(posture),
    exposure: exposureRow(posture),
    egress: egressRow(posture),
    accessLog: accessLogRow(posture),
    tracing: tracingRow(posture),
    metrics: metricsRow(posture),
    waf: wafRow(posture),
    story,
  };
}
