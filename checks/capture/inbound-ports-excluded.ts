import { defineCheck, fail, pass, whenRedirected, workloads } from '#check';
import type { CaptureLimit, CheckContext, Failure, Workload } from '#check';

const kinds = new Set<CaptureLimit['kind']>(['included-ports-only', 'excluded-ports', 'excluded-interfaces']);

/** What is left of a limit when some ports are meant to be left out. */
function without(limit: CaptureLimit, allowed: readonly number[]): CaptureLimit {
  const { ports } = limit;
  if (ports === undefined || ports === 'all' || allowed.length === 0) return limit;
  return { ...limit, ports: ports.filter((port) => !allowed.includes(port)) };
}

/** Low where none of the ports that the workload is known to have is left out. */
function failureOf(
  limit: CaptureLimit,
  workload: Workload,
  { policies }: CheckContext,
): Failure<'listed' | 'most'> {
  const { at, note, ports } = limit;
  if (ports === undefined || ports === 'all') return { message: 'most', at, data: { note } };
  const declared = new Set(policies.inboundPorts(workload).map(({ number }) => number));
  const used = ports.some((port) => declared.has(port));
  return {
    message: 'listed',
    at,
    data: { ports: ports.join(', ') },
    ...(used ? {} : { severity: 'low' }),
  };
}

export default defineCheck({
  meta: {
    id: 'CAP-001',
    title: 'Inbound ports bypass the proxy',
    severity: 'high',
    confidence: 'high',
    examines: 'workloads with sidecars',
    messages: {
      listed:
        'Inbound capture leaves out ports of {subjects} ({ports}): no mTLS, no policy and no log applies there.',
      most: 'For {subjects} {note}: no mTLS, no policy and no log applies there.',
    },
    remediation:
      'Remove the annotation that limits inbound capture from the pod template of {subjects}; open a port for clients outside the mesh with portLevelMtls instead.',
    controls: [
      'nist-800-53-r5/AC-25',
      'nist-800-53-r5/SC-8(1)',
      'nist-800-204a/SM-DR6',
      'nist-800-207a/ID-SEG-REC-1',
      'istio-best-practices/traffic-capture',
    ],
    aliases: ['uds/RestrictIstioTrafficOverrides'],
    options: {
      allowedPorts: {
        type: 'array',
        items: { type: 'integer', minimum: 1, maximum: 65535 },
        default: [],
        description: 'Ports that may be left out of inbound capture, such as one for metrics.',
      },
    },
  },
  subjects: workloads,
  judge: (workload, context, { allowedPorts }) =>
    whenRedirected(workload, context, (limits) => {
      const effective = limits
        .filter(({ direction, kind }) => direction === 'inbound' && kinds.has(kind))
        .map((limit) => without(limit, allowedPorts))
        .filter(({ ports }) => ports?.length !== 0);
      return effective.length === 0
        ? pass
        : fail(...effective.map((limit) => failureOf(limit, workload, context)));
    }),
});
