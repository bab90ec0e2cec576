import {
  defineCheck,
  fail,
  isObject,
  isOutsideByNature,
  listAt,
  notApplicable,
  pass,
  stringAt,
  workloads,
} from '#check';
import type { Container, Failure, FieldPath, JsonValue, Workload } from '#check';

const proxies: ReadonlySet<string> = new Set(['istio-proxy', 'istio-init', 'istio-validation', 'discovery']);
const caSecrets: ReadonlySet<string> = new Set(['cacerts', 'istio-ca-secret']);

type Key = 'token' | 'ca';

/** What a volume holds of the mesh's own credentials. */
function kindOf(volume: JsonValue): Key | undefined {
  if (caSecrets.has(stringAt(volume, 'secret', 'secretName') ?? '')) return 'ca';
  const audiences = listAt(volume, 'projected', 'sources').map((source) =>
    stringAt(source, 'serviceAccountToken', 'audience'),
  );
  return audiences.includes('istio-ca') ? 'token' : undefined;
}

function failuresOf(workload: Workload, container: Container): readonly Failure<Key>[] {
  if (proxies.has(container.name) || container.list === 'ephemeralContainers') return [];
  return listAt(container.spec, 'volumeMounts').flatMap((mount, index): readonly Failure<Key>[] => {
    const name = stringAt(mount, 'name');
    const volume = listAt(workload.podSpec, 'volumes').find(
      (each) => isObject(each) && each['name'] === name,
    );
    const key = volume === undefined ? undefined : kindOf(volume);
    if (key === undefined) return [];
    const path: FieldPath = [...container.path, 'volumeMounts', index];
    const severity = key === 'ca' ? 'critical' : 'high';
    const data = { container: container.name, volume: name ?? '' };
    return [{ message: key, at: { resource: workload.resource, path }, severity, data }];
  });
}

export default defineCheck({
  meta: {
    id: 'WL-007',
    title: 'Application holds credentials of the mesh',
    severity: 'high',
    confidence: 'high',
    examines: 'workloads with containers of their own',
    messages: {
      token:
        'Container {container} of {subjects} mounts volume {volume}: the token by which istiod hands out the certificate of the workload.',
      ca: 'Container {container} of {subjects} mounts volume {volume}: the key of the certificate authority, by which every identity of the mesh can be made.',
    },
    remediation:
      'Remove the mount of volume {volume} from container {container} of {subjects}; only the proxy and istiod need it.',
    controls: [
      'nist-800-53-r5/AC-6',
      'nist-800-53-r5/IA-5(2)',
      'nist-800-53-r5/SC-39',
      'iso-27001-2022/A.8.24',
    ],
  },
  subjects: workloads,
  judge: (workload) => {
    if (isOutsideByNature(workload))
      return notApplicable('workload of Istio itself or of a system namespace');
    const failures = workload.containers.flatMap((container) => failuresOf(workload, container));
    return failures.length > 0 ? fail(...failures) : pass;
  },
});
