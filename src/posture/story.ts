import type { Locate } from '#documents/document.js';
import { actionOf } from '#policy/authorization-policies.js';
import type { Exposure } from '#policy/gateway/exposure.js';
import type { Authorization, RequestAuthentication } from '#policy/policies.js';
import type { Metrics } from '#policy/telemetry/metrics.js';
import type { Tracing } from '#policy/telemetry/tracing.js';
import type { PortPosture, Posture } from './posture.js';
import { policiesOf } from './make-row.js';
import type { StoryChapter } from './row.js';
import { clientChapter } from './tell-client-side.js';
import { wafChapters } from './tell-waf.js';
import { chapter, stepOf } from './tell.js';
import type { Teller } from './tell.js';

function portChapter(teller: Teller, { port, mtls, bypass }: PortPosture): StoryChapter {
  const title = `mTLS of port ${port.number} (${port.protocol})`;
  const told = chapter(teller, title, mtls, (mode) =>
    bypass === undefined ? mode : `${mode}, but the proxy does not see this port`,
  );
  const declared = stepOf(teller, port.at, 'declares the port');
  const limits = bypass === undefined ? [] : [stepOf(teller, bypass.at, bypass.note)];
  return { ...told, considered: [...told.considered, ...limits, declared] };
}

function authorizationAnswer({ defaultAction, allowsEverything }: Authorization): string {
  if (allowsEverything !== undefined)
    return 'an ALLOW rule matches every request: allowed unless another policy says no';
  return defaultAction === 'deny'
    ? 'what no ALLOW rule matches is denied'
    : 'what no policy turns away is allowed';
}

function authorizationChapter(teller: Teller, posture: Posture): StoryChapter {
  const { authorization } = posture;
  const told = chapter(teller, 'Authorization', authorization, authorizationAnswer);
  const policies = policiesOf(posture).map(({ resource, scope, dryRun }) =>
    stepOf(
      teller,
      { resource, path: ['spec'] },
      `${actionOf(resource) ?? 'unknown action'}, ${scope}${dryRun ? ', dry run' : ''}`,
    ),
  );
  const open = authorization.known ? authorization.value.allowsEverything : undefined;
  const opening = open === undefined ? [] : [stepOf(teller, open, 'matches every request')];
  // The decision notes each policy at its selector; here each is told once, with its action.
  const kept = told.considered.filter(({ resource }) => !resource.startsWith('AuthorizationPolicy '));
  return { ...told, considered: [...policies, ...opening, ...kept] };
}

const tokenAnswers: Readonly<Record<RequestAuthentication['token'], string>> = {
  required: 'no HTTP request without a valid token is let in',
  partly: 'some requests need a valid token, some are let in without one',
  optional: 'tokens are checked, requests without one are let in',
  absent: 'no token is checked',
};

function jwtChapter(teller: Teller, { requestAuthentication }: Posture): StoryChapter {
  const told = chapter(teller, 'JWT', requestAuthentication, ({ token }) => tokenAnswers[token]);
  if (!requestAuthentication.known) return told;
  const { issuers, requiredBy } = requestAuthentication.value;
  const rules = issuers.map(({ issuer, audiences, rule }) => {
    const wanted = audiences.length === 0 ? '' : `, audience ${audiences.join(' or ')}`;
    return stepOf(teller, rule, `issuer ${issuer === '' ? '(any)' : issuer}${wanted}`);
  });
  const asking = requiredBy.map((at) => stepOf(teller, at, 'asks for a token'));
  return { ...told, considered: [...rules, ...asking, ...told.considered] };
}

function captureChapter(teller: Teller, { capture }: Posture): StoryChapter {
  const told = chapter(teller, 'Traffic capture', capture, ({ limits }) =>
    limits.length === 0 ? 'all traffic passes the proxy, where there is one' : 'limited',
  );
  if (!capture.known) return told;
  const limits = capture.value.limits.map(({ at, direction, note }) =>
    stepOf(teller, at, `${direction}: ${note}`),
  );
  return { ...told, decidedBy: undefined, considered: [...limits, ...told.considered] };
}

function wayText({
  by,
  gateway,
  port,
  host,
  path,
  tls,
  clientCertificate,
  clusterOnly,
  blocked,
}: Exposure): string {
  const through = gateway === undefined ? by : `${by} ${gateway.id}`;
  return [
    `through ${through}${port === undefined ? '' : `, port ${port}`}, host ${host}${path ?? ''}`,
    tls === 'DIRECT' ? 'its own proxy answers' : `TLS ${tls}`,
    ...(clientCertificate === 'ignored' ? [] : [`client certificate ${clientCertificate}`]),
    ...(clusterOnly ? ['from inside the cluster only, as far as the input shows'] : []),
    ...(blocked === undefined ? [] : [`blocked: ${blocked}`]),
  ].join('; ');
}

function exposureChapter(teller: Teller, { exposure, nodeExposure }: Posture): StoryChapter {
  const found = exposure.known ? exposure.value : [];
  const counted = `${found.length} way${found.length === 1 ? '' : 's'} in from outside the mesh`;
  const answer = found.length === 0 ? 'nothing leads to it from outside the mesh' : counted;
  const told = chapter(teller, 'Exposure', exposure, () => answer);
  const ways = found.flatMap((way) => [
    stepOf(teller, way.at, wayText(way)),
    ...(way.server === undefined ? [] : [stepOf(teller, way.server, 'the server that takes it in')]),
  ]);
  const nodes = nodeExposure.map(({ kind, ports, at }) =>
    stepOf(teller, at, `by the node's address: ${kind}${ports.length === 0 ? '' : ` ${ports.join(', ')}`}`),
  );
  return {
    ...told,
    answer: exposure.known ? answer : told.answer,
    decidedBy: undefined,
    considered: [...ways, ...nodes, ...told.considered],
  };
}

function tracingText({ enabled, provider = '', sampling }: Tracing): string {
  if (!enabled) return 'off';
  return `on: ${provider}${sampling === undefined ? '' : `, ${String(sampling)} %`}`;
}

function metricsText({ enabled, providers, disabled }: Metrics): string {
  if (!enabled) return 'off';
  const less = disabled.length > 0 ? `, without ${disabled.join(', ')}` : '';
  return `on: ${providers.join(', ')}${less}`;
}

/** How each answer about a workload came about: what decided it, what was looked at, and where it stands. */
export function tellStory(posture: Posture, locate: Locate): readonly StoryChapter[] {
  const { enrolment, ports, otherPorts, outbound, accessLog, tracing, metrics, policies } = posture;
  const teller: Teller = { mesh: policies.mesh, locate };
  return [
    chapter(teller, 'Enrolment', enrolment, ({ dataPlane, revision, reason }) =>
      revision === undefined ? `${dataPlane}: ${reason}` : `${dataPlane}, revision ${revision}: ${reason}`,
    ),
    captureChapter(teller, posture),
    ...ports.map((port) => portChapter(teller, port)),
    chapter(teller, ports.length === 0 ? 'mTLS' : 'mTLS of other ports', otherPorts, (mode) => mode),
    clientChapter(teller, posture),
    authorizationChapter(teller, posture),
    jwtChapter(teller, posture),
    exposureChapter(teller, posture),
    chapter(teller, 'Egress', outbound, ({ mode }) => mode),
    chapter(teller, 'Access log', accessLog, ({ enabled, providers, filters }) =>
      enabled ? `on: ${providers.join(', ')}${filters.length > 0 ? ', filtered' : ''}` : 'off',
    ),
    chapter(teller, 'Tracing', tracing, tracingText),
    chapter(teller, 'Metrics', metrics, metricsText),
    ...wafChapters(teller, posture),
  ];
}
