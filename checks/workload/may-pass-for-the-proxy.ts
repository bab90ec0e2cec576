import {
  defineCheck,
  fail,
  listAt,
  notApplicable,
  pass,
  unknown,
  valueAt,
  whenEnrolled,
  workloads,
} from '#check';
import type { Container, Failure, FieldRef, JsonValue, Verdict, Workload } from '#check';

const ownContainers: ReadonlySet<string> = new Set(['istio-proxy', 'istio-init', 'istio-validation']);

const capability = (value: JsonValue): string =>
  typeof value === 'string' ? value.toUpperCase().replace(/^CAP_/, '') : '';

function hasDropped({ spec }: Container, name: string): boolean {
  const dropped = listAt(spec, 'securityContext', 'capabilities', 'drop').map(capability);
  return dropped.includes('ALL') || dropped.includes(name);
}

const isServing = ({ name, list, spec }: Container): boolean =>
  !ownContainers.has(name) &&
  (list === 'containers' || (list === 'initContainers' && spec['restartPolicy'] === 'Always'));

interface User {
  /** Undefined: the image decides. */
  readonly isRoot: boolean | undefined;
  readonly at: FieldRef;
}

function userOf({ resource, podPath, podSpec }: Workload, container: Container): User {
  const own = valueAt(container.spec, ['securityContext', 'runAsUser']);
  const ofPod = valueAt(podSpec, ['securityContext', 'runAsUser']);
  const path =
    own === undefined
      ? [...podPath, 'spec', 'securityContext', 'runAsUser']
      : [...container.path, 'securityContext', 'runAsUser'];
  const at = { resource, path };
  const user = own ?? ofPod;
  if (typeof user === 'number') return { isRoot: user === 0, at };
  const nonRoot =
    valueAt(container.spec, ['securityContext', 'runAsNonRoot']) ??
    valueAt(podSpec, ['securityContext', 'runAsNonRoot']);
  return { isRoot: nonRoot === true ? false : undefined, at };
}

function judgeContainer(workload: Workload, container: Container): Verdict<'root' | 'raw'> {
  const path = [...container.path, 'securityContext', 'capabilities', 'add'];
  const raw = listAt(container.spec, 'securityContext', 'capabilities', 'add').findIndex(
    (each) => capability(each) === 'NET_RAW',
  );
  const data = { container: container.name };
  const failures: Failure<'root' | 'raw'>[] = [];
  if (raw >= 0)
    failures.push({
      message: 'raw',
      at: { resource: workload.resource, path: [...path, raw] },
      data,
      remediation: 'Remove NET_RAW from container {container}.',
    });
  const { isRoot, at } = userOf(workload, container);
  const mayChange = !hasDropped(container, 'SETUID');
  if (isRoot === true && mayChange) failures.push({ message: 'root', at, data });
  if (failures.length > 0) return fail(...failures);
  return isRoot === undefined && mayChange
    ? unknown([{ key: 'image-user', text: `the user that the image of container ${container.name} runs as` }])
    : pass;
}

export default defineCheck({
  meta: {
    id: 'WL-010',
    title: 'Container can send past the proxy',
    severity: 'low',
    confidence: 'high',
    profile: 'strict',
    examines: 'workloads with sidecars',
    messages: {
      root: 'Container {container} of {subjects} runs as root and may change its user: as user 1337 it is taken for the proxy, and what it sends is not captured.',
      raw: 'Container {container} of {subjects} has NET_RAW: packets that it builds itself do not take the way through the proxy.',
    },
    remediation:
      'Run container {container} with runAsNonRoot: true, allowPrivilegeEscalation: false and capabilities.drop: [ALL].',
    controls: [
      'nist-800-204b/AHLC-SR-1',
      'nist-800-53-r5/AC-6',
      'nist-800-53-r5/AC-25',
      'cis-kubernetes-2.0.1/5.2.8',
    ],
    aliases: ['kyverno/service-mesh-require-run-as-nonroot', 'kyverno/service-mesh-disallow-capabilities'],
  },
  subjects: workloads,
  judge: (workload, context) =>
    whenEnrolled(workload, context, (dataPlane): Verdict<'root' | 'raw'> => {
      if (dataPlane !== 'sidecar') return notApplicable('workload has no sidecar');
      const verdicts = workload.containers
        .filter(isServing)
        .map((container) => judgeContainer(workload, container));
      const failures = verdicts.flatMap((verdict) => (verdict.outcome === 'fail' ? verdict.failures : []));
      if (failures.length > 0) return fail(...failures);
      return verdicts.find(({ outcome }) => outcome === 'unknown') ?? pass;
    }),
});
