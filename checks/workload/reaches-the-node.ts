import { defineCheck, fail, isObject, listAt, pass, stringAt, whenEnrolled, workloads } from '#check';
import type { Container, Failure, Workload } from '#check';

const ownContainers: ReadonlySet<string> = new Set(['istio-proxy', 'istio-init', 'istio-validation']);

/** Folders and sockets of the node under which keys and tokens of other pods lie, or by which pods are started. */
const places =
  /^\/(?:|proc|etc\/kubernetes.*|root|(?:var\/)?run|(?:var\/)?run\/(?:docker|containerd|crio|istio-cni|ztunnel|netns).*|var|var\/lib|var\/lib\/(?:docker|istio|containerd|kubelet)|var\/lib\/(?:docker\/(?:overlay2|volumes)|kubelet\/pods|containerd\/io\.containerd).*)$/;

const normal = (path: string): string => (path === '/' ? path : path.replace(/\/+$/, ''));

function volumesOf({ podSpec }: Workload): ReadonlyMap<string, string> {
  const paths = listAt(podSpec, 'volumes').flatMap((volume): readonly (readonly [string, string])[] => {
    const path = stringAt(volume, 'hostPath', 'path');
    const name = stringAt(volume, 'name');
    return path !== undefined && name !== undefined && places.test(normal(path))
      ? [[name, normal(path)]]
      : [];
  });
  return new Map(paths);
}

function mountsOf(
  workload: Workload,
  container: Container,
  volumes: ReadonlyMap<string, string>,
): readonly Failure<'path'>[] {
  return listAt(container.spec, 'volumeMounts').flatMap((mount, index): readonly Failure<'path'>[] => {
    const path = isObject(mount) ? volumes.get(stringAt(mount, 'name') ?? '') : undefined;
    if (path === undefined) return [];
    const at = { resource: workload.resource, path: [...container.path, 'volumeMounts', index] };
    return [{ message: 'path', at, data: { container: container.name, path } }];
  });
}

function failuresOf(workload: Workload): readonly Failure<'path' | 'pid'>[] {
  const volumes = volumesOf(workload);
  const mounts =
    volumes.size === 0
      ? []
      : workload.containers
          .filter(({ name }) => !ownContainers.has(name))
          .flatMap((container) => mountsOf(workload, container, volumes));
  if (workload.podSpec['hostPID'] !== true) return mounts;
  const at = { resource: workload.resource, path: [...workload.podPath, 'spec', 'hostPID'] };
  return [
    { message: 'pid', at, remediation: 'Remove hostPID from the pod template of {subjects}.' },
    ...mounts,
  ];
}

export default defineCheck({
  meta: {
    id: 'WL-008',
    title: 'Workload of the mesh reaches keys of others through the node',
    severity: 'high',
    confidence: 'medium',
    examines: 'enrolled workloads',
    messages: {
      path: 'Container {container} of {subjects} mounts {path} of the node: tokens and keys of other pods of that node, their proxies included, lie there or can be had through it.',
      pid: '{subjects} sees all processes of its node: memory and files of other pods, their proxies included, lie open to a container that runs as root.',
    },
    remediation:
      'Remove the hostPath volume of {path} from {subjects}, or mount the one folder that is needed, read-only.',
    controls: [
      'nist-800-53-r5/SC-39',
      'nist-800-53-r5/AC-6',
      'nist-800-204b/AHLC-SR-4',
      'cis-kubernetes-2.0.1/5.6.3',
    ],
  },
  subjects: workloads,
  judge: (workload, context) => {
    const failures = failuresOf(workload);
    if (failures.length === 0) return pass;
    return whenEnrolled(workload, context, () => fail(...failures));
  },
});
