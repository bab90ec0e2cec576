import type { Decision } from '#policy/decision.js';
import type { Posture } from './posture.js';

/** A property that rows can be chosen by. */
export interface PostureProperty {
  readonly name: string;
  /** Every word that may describe a workload. */
  readonly words: readonly string[];
  /** The words that describe this one: several where its ports or ways in differ; never none. */
  readonly wordsOf: (posture: Posture) => readonly string[];
}

function word<T>(decision: Decision<T>, of: (value: T) => string): readonly string[] {
  return [decision.known ? of(decision.value) : 'unknown'];
}

/** By which ways it is reached from outside, blocked for the time being or not; those inside the cluster left out. */
function exposureWords({ exposure, nodeExposure }: Posture): readonly string[] {
  const ways = exposure.known ? exposure.value : [];
  const open = ways.filter(({ clusterOnly }) => !clusterOnly);
  const words = new Set([...open.map(({ by }) => by), ...nodeExposure.map(({ kind }) => kind)]);
  if (words.size > 0) return [...words];
  return [exposure.known ? 'none' : 'unknown'];
}

const inspections = ['inspected', 'partly', 'detects-only', 'fails-open', 'not-inspected', 'unknown'];

const modes = ['STRICT', 'PERMISSIVE', 'DISABLE', 'unknown'];

/** The properties of a workload, as `--where` names them. */
export const postureProperties: readonly PostureProperty[] = [
  {
    name: 'enrolment',
    words: ['sidecar', 'ambient', 'gateway', 'waypoint', 'ztunnel', 'proxyless', 'none', 'unknown'],
    wordsOf: ({ enrolment }) => word(enrolment, ({ dataPlane }) => dataPlane),
  },
  {
    name: 'capture',
    words: ['all', 'limited', 'unknown'],
    wordsOf: ({ capture }) => word(capture, ({ limits }) => (limits.length === 0 ? 'all' : 'limited')),
  },
  {
    name: 'mtls',
    words: modes,
    wordsOf: ({ ports, otherPorts }) => [
      ...new Set([otherPorts, ...ports.map(({ mtls }) => mtls)].flatMap((mode) => word(mode, (it) => it))),
    ],
  },
  {
    name: 'client-tls',
    words: ['auto', 'plaintext', 'hbone', 'none', 'DISABLE', 'SIMPLE', 'MUTUAL', 'ISTIO_MUTUAL', 'unknown'],
    wordsOf: ({ clientSide }) =>
      clientSide.known
        ? [...new Set([clientSide.value.byDefault, ...clientSide.value.rules.map(({ mode }) => mode)])]
        : ['unknown'],
  },
  {
    name: 'authorization',
    words: ['allow', 'deny', 'unknown'],
    wordsOf: ({ authorization }) => word(authorization, ({ defaultAction }) => defaultAction),
  },
  {
    name: 'dry-run',
    words: ['yes', 'no', 'unknown'],
    wordsOf: ({ authorization }) => word(authorization, ({ dryRun }) => (dryRun.length > 0 ? 'yes' : 'no')),
  },
  {
    name: 'jwt',
    words: ['required', 'partly', 'optional', 'absent', 'unknown'],
    wordsOf: ({ requestAuthentication }) => word(requestAuthentication, ({ token }) => token),
  },
  {
    name: 'exposure',
    words: ['gateway', 'service', 'ingress', 'hostNetwork', 'hostPort', 'none', 'unknown'],
    wordsOf: exposureWords,
  },
  {
    name: 'egress',
    words: ['ALLOW_ANY', 'REGISTRY_ONLY', 'ALLOW_ANY_DYNAMIC_DNS', 'unknown'],
    wordsOf: ({ outbound }) => word(outbound, ({ mode }) => mode),
  },
  {
    name: 'access-log',
    words: ['on', 'off', 'unknown'],
    wordsOf: ({ accessLog }) => word(accessLog, ({ enabled }) => (enabled ? 'on' : 'off')),
  },
  {
    name: 'tracing',
    words: ['on', 'off', 'unknown'],
    wordsOf: ({ tracing }) => word(tracing, ({ enabled }) => (enabled ? 'on' : 'off')),
  },
  {
    name: 'metrics',
    words: ['on', 'off', 'unknown'],
    wordsOf: ({ metrics }) => word(metrics, ({ enabled }) => (enabled ? 'on' : 'off')),
  },
  {
    name: 'waf',
    words: inspections,
    wordsOf: ({ waf }) => word(waf.eastWest, ({ verdict }) => verdict),
  },
  {
    name: 'waf-ways-in',
    words: [...inspections, 'none'],
    wordsOf: ({ waf }) =>
      waf.northSouth === undefined ? ['none'] : word(waf.northSouth, ({ verdict }) => verdict),
  },
];
