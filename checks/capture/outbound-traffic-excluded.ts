import { defineCheck, describe, fail, fieldName, pass, valueAt, whenRedirected, workloads } from '#check';
import type { CaptureLimit, FieldRef, Mesh } from '#check';

const kinds = new Set<CaptureLimit['kind']>([
  'included-ports-only',
  'excluded-ports',
  'included-ranges-only',
  'excluded-ranges',
  'excluded-interfaces',
]);

/** True where a list names only ports that are meant to be left out. */
const isAllowed = ({ kind, ports }: CaptureLimit, allowed: readonly number[]): boolean =>
  kind === 'excluded-ports' &&
  ports !== undefined &&
  ports !== 'all' &&
  ports.every((port) => allowed.includes(port));

/** Characters of a list of ranges or ports that a message shows. */
const longest = 60;

/** The setting as its author wrote it: an annotation with its value, or a field of what is no pod. */
function settingOf(mesh: Mesh, { resource, path }: FieldRef): string {
  const key = path.at(-1);
  const value = valueAt(resource.object, path);
  return path.at(-2) === 'annotations' && typeof key === 'string' && typeof value === 'string'
    ? `${key}: ${value.length > longest ? `${value.slice(0, longest)}…` : value}`
    : `${fieldName(path)} of ${describe(mesh, resource)}`;
}

export default defineCheck({
  meta: {
    id: 'CAP-004',
    title: 'Outbound traffic bypasses the proxy',
    severity: 'medium',
    confidence: 'high',
    examines: 'workloads with sidecars',
    messages: {
      excluded: 'For {subjects} {note} ({setting}): no mTLS, no egress rule and no log applies there.',
    },
    remediation:
      'Remove what limits outbound capture of {subjects} ({setting}), and declare the destination as a ServiceEntry instead.',
    controls: [
      'nist-800-53-r5/SC-7(5)',
      'nist-800-204a/SM-DR8',
      'pci-dss-4.0.1/1.3.2',
      'istio-best-practices/traffic-capture',
    ],
    aliases: ['uds/RestrictIstioTrafficOverrides'],
    options: {
      allowedPorts: {
        type: 'array',
        items: { type: 'integer', minimum: 1, maximum: 65535 },
        default: [],
        description:
          'Ports of destinations that may be left out of outbound capture, such as that of a database.',
      },
    },
  },
  subjects: workloads,
  judge: (workload, context, { allowedPorts }) =>
    whenRedirected(workload, context, (limits) => {
      const outbound = limits.filter(
        (limit) => limit.direction === 'outbound' && kinds.has(limit.kind) && !isAllowed(limit, allowedPorts),
      );
      if (outbound.length === 0) return pass;
      return fail(
        ...outbound.map(({ at, note }) => ({
          message: 'excluded' as const,
          at,
          data: { note, setting: settingOf(context.mesh, at) },
        })),
      );
    }),
});
