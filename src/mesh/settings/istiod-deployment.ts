import type { FieldPath, Resource } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, stringsAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import type { Container } from '#mesh/mesh.js';
import { podPathOf, readPodTemplate } from '#mesh/pod-template.js';
import { revisionName, versionIn } from './control-plane.js';
import type { ControlPlaneFacts, EnvEntry } from './control-plane.js';

function envEntry(entry: JsonValue, resource: Resource, path: FieldPath): EnvEntry | undefined {
  const name = stringAt(entry, 'name');
  if (name === undefined || !isObject(entry) || entry['valueFrom'] !== undefined) return undefined;
  const value = entry['value'];
  const text = value === undefined || value === null || typeof value === 'object' ? '' : String(value);
  return { name, value: text, at: { resource, path } };
}

/** The `env` list of a container or of an IstioOperator component; the last of two entries of one name wins. */
export function readEnv(
  list: readonly JsonValue[],
  resource: Resource,
  path: FieldPath,
): readonly EnvEntry[] {
  const entries = list.map((entry, index) => envEntry(entry, resource, [...path, index]));
  return entries.filter((entry) => entry !== undefined);
}

/** Value of a command line flag, written `--flag value` or `--flag=value`. */
function flagValue(args: readonly string[], flag: string): string | undefined {
  const index = args.findIndex((arg) => arg === flag || arg.startsWith(`${flag}=`));
  const found = args[index];
  if (found === undefined) return undefined;
  return found === flag ? args[index + 1] : found.slice(flag.length + 1);
}

function imageTag(image: string): string | undefined {
  const name = image.split('@')[0] ?? '';
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/') ? name.slice(colon + 1) : undefined;
}

function labelOf(resource: Resource, label: string): string | undefined {
  return (
    stringAt(resource.object, 'metadata', 'labels', label) ??
    stringAt(resource.object, 'spec', 'template', 'metadata', 'labels', label)
  );
}

function versionOf(resource: Resource, discovery: Container): string | undefined {
  return (
    versionIn(imageTag(discovery.image)) ??
    versionIn(labelOf(resource, 'operator.istio.io/version')) ??
    versionIn(labelOf(resource, 'app.kubernetes.io/version'))
  );
}

function revisionOf(resource: Resource, env: readonly EnvEntry[]): string {
  const inName = /^istiod-(.+)$/.exec(resource.name)?.[1];
  const inEnv = env.find(({ name }) => name === 'REVISION')?.value;
  return revisionName(labelOf(resource, 'istio.io/rev') ?? inEnv ?? inName);
}

function isIstiod(resource: Resource, container: Container): boolean {
  if (container.name !== 'discovery' || container.list !== 'containers') return false;
  return resource.name.startsWith('istio') || labelOf(resource, 'app') === 'istiod';
}

/** What an istiod Deployment tells: the env list and arguments of its container `discovery`, and its image. */
export function readIstiodDeployment(resource: Resource): ControlPlaneFacts | undefined {
  const discovery = readPodTemplate(resource, podPathOf('Deployment')).containers.find((each) =>
    isIstiod(resource, each),
  );
  if (discovery === undefined) return undefined;
  const env = readEnv(listAt(discovery.spec, 'env'), resource, [...discovery.path, 'env']);
  return {
    origin: 'rendered',
    revision: revisionOf(resource, env),
    namespace: resource.namespace ?? 'default',
    resource,
    env,
    domainSuffix: flagValue(stringsAt(objectAt(discovery.spec), 'args'), '--domain'),
    version: versionOf(resource, discovery),
  };
}
