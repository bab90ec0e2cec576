import type { FieldPath, Resource } from '#documents/document.js';
import { stringAt } from '#documents/json.js';
import type { Invalidity, Validation } from '#schemas/validation.js';
import type { Mesh } from './mesh.js';
import { indexResources } from './resource-index.js';
import type { IsClusterScoped } from './cluster-scoped.js';
import type { ParseYaml } from './settings/control-plane.js';
import { readControlPlanes } from './settings/control-planes.js';
import { readVersions } from './settings/revisions.js';
import { readAsOlder } from './version-fields.js';
import type { OlderReading } from './version-fields.js';

const installerKinds: ReadonlySet<string> = new Set([
  'IstioOperator',
  'Istio',
  'IstioRevision',
  'HelmRelease',
  'Application',
]);

function mayShowVersion({ kind, name, object }: Resource): boolean {
  if (installerKinds.has(kind)) return true;
  return (
    kind === 'Deployment' &&
    (name.startsWith('istio') ||
      stringAt(object, 'metadata', 'labels', 'app') === 'istiod' ||
      stringAt(object, 'spec', 'template', 'metadata', 'labels', 'app') === 'istiod')
  );
}

function minorOf(version: string): number {
  const [major = 1, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > 1 ? Infinity : minor;
}

/** What a version is looked for in. */
interface VersionSources {
  readonly isClusterScoped: IsClusterScoped;
  readonly parseYaml: ParseYaml;
  readonly toldVersion: string | undefined;
}

/**
 * Release line 1.x whose CustomResourceDefinitions and webhook the cluster has: the newest that a control plane of the
 * input shows, else the one that was told; undefined where nothing says.
 */
export function clusterMinor(resources: readonly Resource[], sources: VersionSources): number | undefined {
  const index = indexResources(resources.filter(mayShowVersion), sources.isClusterScoped);
  const shown = Object.values(readVersions(readControlPlanes(index, sources.parseYaml).facts));
  const versions = shown.length > 0 || sources.toldVersion === undefined ? shown : [sources.toldVersion];
  return versions.length === 0 ? undefined : Math.max(...versions.map(minorOf));
}

function tooNew(code: Invalidity['code'], minor: number) {
  return ({ path, since }: { readonly path: FieldPath; readonly since: number }): Invalidity => ({
    code,
    path,
    message: `Istio 1.${String(minor)} does not know it: it came with 1.${String(since)}`,
  });
}

function judged(
  validation: Validation | undefined,
  reading: OlderReading | undefined,
  minor: number,
): Validation | undefined {
  if (reading === undefined) return validation;
  const unserved = reading.refused.filter(({ path }) => path[0] === 'kind');
  const values = reading.refused.filter(({ path }) => path[0] !== 'kind');
  const webhook = validation?.webhook ?? { errors: [], warnings: [] };
  return {
    servedKind: unserved.length === 0 && validation?.servedKind !== false,
    schema: [...(validation?.schema ?? []), ...unserved.map(tooNew('not-served', minor))],
    unknownFields: [
      ...(validation?.unknownFields ?? []),
      ...reading.dropped.map(tooNew('unknown-field', minor)),
    ],
    webhook: { ...webhook, errors: [...webhook.errors, ...values.map(tooNew('webhook', minor))] },
  };
}

/** Resources as the cluster's release of Istio reads them, and what its API server and webhook say of them. */
export interface ReadAtVersion {
  readonly resources: readonly Resource[];
  readonly validationOf: Mesh['validationOf'];
}

/** Reads Istio's objects as a release does: later fields are dropped before the rest is validated, later values refused. */
export function readAtVersion(
  resources: readonly Resource[],
  minor: number | undefined,
  validationOf: Mesh['validationOf'],
): ReadAtVersion {
  if (minor === undefined) return { resources, validationOf };
  const changed = new Map<Resource, OlderReading>();
  const read = resources.map((resource) => {
    const reading = readAsOlder(resource, minor);
    if (reading.dropped.length + reading.refused.length > 0) changed.set(reading.resource, reading);
    return reading.resource;
  });
  return {
    resources: read,
    validationOf: (resource) => judged(validationOf(resource), changed.get(resource), minor),
  };
}
