import type { FieldPath, Location, Resource } from '#documents/document.js';
import type { JsonObject } from '#documents/json.js';
import type { CatalogueCheck, CheckContext, Judged, SubjectRef } from '#check';
import { buildMeshes } from '#mesh/build-meshes.js';
import { effectivePolicies } from '#policy/effective-policies.js';

/** A resource that stands in its own file. */
export function sampleResource(
  kind: string,
  name: string,
  object: JsonObject = {},
  file = `${name}.yaml`,
): Resource {
  return {
    apiVersion: 'security.istio.io/v1',
    group: 'security.istio.io',
    version: 'v1',
    kind,
    name,
    namespace: 'shop',
    object,
    origin: { file, document: 0, path: [], line: 1 },
    stored: false,
    reported: true,
  };
}

/** A subject whose place is the root of its own resource. */
export function sampleSubject(kind: string, name: string, resource = sampleResource(kind, name)): SubjectRef {
  return { kind, namespace: 'shop', name, at: { resource, path: [] } };
}

/** The context of an empty mesh with the given name. */
export function sampleContext(environment = ''): CheckContext {
  const { meshes } = buildMeshes([], { scope: 'complete' });
  const [empty] = meshes;
  if (empty === undefined) throw new Error('no mesh');
  const mesh = { ...empty, environment };
  return { mesh, policies: effectivePolicies(mesh) };
}

/** A check in the catalogue that hands back what it is given. */
export function sampleCheck(run: (context: CheckContext) => readonly Judged[]): CatalogueCheck {
  return {
    family: 'mtls',
    slug: 'sample',
    meta: {
      id: 'MTLS-900',
      title: 'Sample',
      severity: 'medium',
      confidence: 'high',
      examines: 'samples',
      messages: { open: 'Port {port} of {subjects} is open.', plain: 'It is open.' },
      remediation: 'Close port {port}.',
      controls: [],
    },
    run,
  };
}

/** Lines grow with the length of the path, so that tests can tell places apart. */
export function sampleLocate({ resource, path }: { resource: Resource; path: FieldPath }): Location {
  return { file: resource.origin.file, line: 1 + path.length, column: 1 };
}
