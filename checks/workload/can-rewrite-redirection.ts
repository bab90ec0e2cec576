import { defineCheck, fail, listAt, pass, stringAt, valueAt, whenEnrolled, workloads } from '#check';
import type { Container, Failure, FieldPath, Workload } from '#check';

/** Containers that injection itself writes: they set the redirection up. */
const ownContainers = new Set(['istio-proxy', 'istio-init', 'istio-validation', 'enable-core-dump']);

const powers = new Set(['NET_ADMIN', 'SYS_ADMIN', 'ALL', 'CAP_NET_ADMIN', 'CAP_SYS_ADMIN']);

/** Containers that end before the pod serves are no way in. */
const runsWhileServing = ({ list, spec }: Container): boolean =>
  list === 'containers' || (list === 'initContainers' && spec['restartPolicy'] === 'Always');

interface Power {
  readonly power: string;
  readonly path: FieldPath;
}

/** The field that lets a container change the pod's network rules. */
function powerOf({ spec }: Container): Power | undefined {
  if (valueAt(spec, ['securityContext', 'privileged']) === true)
    return { power: 'privileged', path: ['securityContext', 'privileged'] };
  const path = ['securityContext', 'capabilities', 'add'];
  const added = listAt(spec, ...path);
  const index = added.findIndex((name) => typeof name === 'string' && powers.has(name.toUpperCase()));
  const power = stringAt(added, index);
  return power === undefined ? undefined : { power, path: [...path, index] };
}

function failuresOf({ resource, containers }: Workload): readonly Failure<'power'>[] {
  return containers.flatMap((container) => {
    const isJudged = runsWhileServing(container) && !ownContainers.has(container.name);
    const found = isJudged ? powerOf(container) : undefined;
    if (found === undefined) return [];
    const at = { resource, path: [...container.path, ...found.path] };
    return [{ message: 'power' as const, at, data: { container: container.name, power: found.power } }];
  });
}

export default defineCheck({
  meta: {
    id: 'WL-001',
    title: 'Container can switch off the redirection to the proxy',
    severity: 'medium',
    confidence: 'high',
    examines: 'enrolled workloads',
    messages: {
      power:
        'Container {container} of {subjects} has {power}: it can change the network rules that lead traffic through the proxy.',
    },
    remediation:
      'Remove {power} from the securityContext of container {container}; what needs it belongs into a pod outside the mesh.',
    controls: [
      'nist-800-204b/AHLC-SR-4',
      'nist-800-53-r5/AC-25',
      'nist-800-53-r5/AC-6',
      'cis-kubernetes-2.0.1/5.2.9',
    ],
  },
  subjects: workloads,
  judge: (workload, context) => {
    const failures = failuresOf(workload);
    if (failures.length === 0 && !context.policies.enrolment(workload).known) return pass;
    return whenEnrolled(workload, context, () => (failures.length === 0 ? pass : fail(...failures)));
  },
});
