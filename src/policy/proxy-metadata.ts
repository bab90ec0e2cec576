import type { FieldRef, Resource } from '#documents/document.js';
import { objectAt, stringAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { uniqueEvidence } from './attached-policies.js';
import { attaches } from './attachment.js';
import { known, unknown } from './decision.js';
import type { Decision } from './decision.js';
import { annotationField, podProxyConfig } from './interception.js';
import type { Enrolment } from './policies.js';
import { policySelectorOf } from './policy-selector.js';
import { oldestOf, vacant } from './precedence.js';
import type { Level } from './precedence.js';
import { revisionVisibility } from './revision-visibility.js';

/** An environment variable of the proxy, and the field that sets it. */
export interface MetadataSetting {
  readonly text: string;
  readonly at: FieldRef;
}

interface Question {
  readonly mesh: Mesh;
  readonly workload: Workload;
  readonly enrolment: Decision<Enrolment>;
}

function levelIn({ mesh, workload, enrolment }: Question, namespace: string, selecting: boolean): Level {
  const all = mesh.inNamespace('networking.istio.io', 'ProxyConfig', namespace);
  if (all.length === 0) return vacant;
  const own = all.filter(
    (one) => (policySelectorOf(one).labels !== undefined) === selecting && attaches(mesh, one, workload),
  );
  return oldestOf(mesh, own, (one) => revisionVisibility(mesh, one, enrolment));
}

const variables = 'environmentVariables';

function ofResource(resource: Resource | undefined, name: string): MetadataSetting | undefined {
  const set = resource && objectAt(resource.object, 'spec', variables);
  const text = set && Object.hasOwn(set, name) ? stringAt(set, name) : undefined;
  return resource === undefined || text === undefined
    ? undefined
    : { text, at: { resource, path: ['spec', variables, name] } };
}

function ownText(metadata: JsonObject | undefined, name: string): string | undefined {
  return metadata !== undefined && Object.hasOwn(metadata, name) ? stringAt(metadata, name) : undefined;
}

function ofAnnotation({ mesh, workload }: Question, name: string): MetadataSetting | undefined {
  const text = ownText(objectAt(podProxyConfig(mesh, workload), 'proxyMetadata'), name);
  return text === undefined ? undefined : { text, at: annotationField(workload, 'proxy.istio.io/config') };
}

function ofMesh({ mesh }: Question, name: string): MetadataSetting | undefined {
  const path = ['defaultConfig', 'proxyMetadata'];
  const text = ownText(objectAt(mesh.settings.config, ...path), name);
  const at = mesh.settings.fieldOf([...path, name]);
  return text === undefined || at === undefined ? undefined : { text, at };
}

/** False when nothing in the input could set such a variable. */
export function mayHaveProxyMetadata({ mesh, workload }: Question): boolean {
  return (
    mesh.ofKind('networking.istio.io', 'ProxyConfig').length > 0 ||
    podProxyConfig(mesh, workload) !== undefined ||
    objectAt(mesh.settings.config, 'defaultConfig', 'proxyMetadata') !== undefined
  );
}

/**
 * The value of an environment variable (`proxyMetadata`) that a workload's proxy and its init container get. From the
 * highest: ProxyConfig with a selector, pod annotation proxy.istio.io/config, ProxyConfig of the namespace, of the root
 * namespace, MeshConfig's defaultConfig; the oldest ProxyConfig of a level counts, and variables merge by name
 * (EffectiveProxyConfig in pilot/pkg/model/proxy_config.go). ProxyConfig objects set nothing else that matters here:
 * `interceptionMode` and the like stand in the annotation and in MeshConfig only.
 */
export function proxyMetadataOf(question: Question, name: string): Decision<MetadataSetting | undefined> {
  const { mesh, workload } = question;
  if (mesh.ofKind('networking.istio.io', 'ProxyConfig').length === 0) {
    const set = ofAnnotation(question, name) ?? ofMesh(question, name);
    return known(set, set?.at ?? 'default');
  }
  const root = mesh.settings.rootNamespace;
  const sources: readonly (Level | MetadataSetting | undefined)[] = [
    levelIn(question, workload.namespace, true),
    ofAnnotation(question, name),
    ...(workload.namespace === root ? [] : [levelIn(question, workload.namespace, false)]),
    levelIn(question, root, false),
    ofMesh(question, name),
  ];
  for (const found of sources) {
    if (found === undefined) continue;
    if ('text' in found) return known(found, found.at);
    const settings = found.winners.map((winner) => ofResource(winner, name));
    const [first] = settings;
    if (settings.some((setting) => setting?.text !== first?.text))
      return unknown(uniqueEvidence(found.doubts));
    if (first !== undefined) return known(first, first.at);
  }
  return known(undefined, 'default');
}
