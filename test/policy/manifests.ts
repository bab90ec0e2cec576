import type { JsonObject, JsonValue } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { effectivePolicies } from '#policy/effective-policies.js';
import type { EffectivePolicies } from '#policy/policies.js';
import type { MeshOfOptions } from '../mesh/mesh-of.js';
import { meshOf } from '../mesh/mesh-of.js';

type Labels = Readonly<Record<string, string>>;

/** Objects as the text of a multi-document file. */
export function asText(objects: readonly JsonObject[]): string {
  return objects.map((object) => JSON.stringify(object)).join('\n---\n');
}

/** The decisions about a mesh of objects. */
export function policiesOf(objects: readonly JsonObject[], options: MeshOfOptions = {}): EffectivePolicies {
  return effectivePolicies(meshOf(asText(objects), options));
}

/** The workload of that id; throws when there is none. */
export function workload(mesh: Mesh, id: string): Workload {
  const found = mesh.workloads.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no workload ${id}`);
  return found;
}

export function namespace(name: string, labels: Labels = {}): JsonObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

interface PodOptions {
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly spec?: JsonObject;
  readonly ports?: readonly JsonObject[];
}

function podTemplate(name: string, { labels, annotations, spec, ports }: PodOptions): JsonObject {
  const container = { name: 'application', image: 'registry.example/application:1', ports: ports ?? [] };
  return {
    metadata: { labels: { app: name, ...labels }, annotations: annotations ?? {} },
    spec: { containers: [container], ...spec },
  };
}

export function deployment(place: string, options: PodOptions = {}): JsonObject {
  const [namespaceName = '', name = ''] = place.split('/');
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: namespaceName },
    spec: { selector: { matchLabels: { app: name } }, template: podTemplate(name, options) },
  };
}

/** A policy or any other object with a spec; `api` is `group/version/Kind`. */
export function object(api: string, place: string, spec: JsonValue, metadata: JsonObject = {}): JsonObject {
  const [namespaceName = '', name = ''] = place.split('/');
  const kind = api.slice(api.lastIndexOf('/') + 1);
  const apiVersion = api.slice(0, api.lastIndexOf('/'));
  return { apiVersion, kind, metadata: { name, namespace: namespaceName, ...metadata }, spec };
}

export function service(place: string, ports: readonly JsonObject[], metadata: JsonObject = {}): JsonObject {
  const [, name = ''] = place.split('/');
  return object('v1/Service', place, { selector: { app: metadata['of'] ?? name }, ports }, metadata);
}

export function peerAuthentication(place: string, spec: JsonObject, metadata: JsonObject = {}): JsonObject {
  return object('security.istio.io/v1/PeerAuthentication', place, spec, metadata);
}

/** Creation time: a day of January 2026. */
export function created(day: number): JsonObject {
  return { creationTimestamp: `2026-01-${String(day).padStart(2, '0')}T00:00:00Z` };
}

/** A mesh configuration. */
export function meshConfig(config: JsonObject): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'istio', namespace: 'istio-system' },
    data: { mesh: JSON.stringify(config) },
  };
}
