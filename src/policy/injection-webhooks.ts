import type { FieldPath, FieldRef, Resource } from '#documents/document.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { listAt, objectAt, stringAt, stringsAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import type { StringMap } from '#mesh/string-map.js';
import { matchesLabelSelector } from './label-selector.js';

/** One entry of a MutatingWebhookConfiguration that injects proxies into pods. */
export interface InjectionWebhook {
  readonly configuration: Resource;
  readonly path: FieldPath;
  /** The revision whose control plane it calls: the real one, also for a tag. */
  readonly revision: string;
  readonly namespaceSelector: JsonObject;
  readonly objectSelector: JsonObject;
}

/** Labels that webhooks choose by. */
export interface PodLabels {
  readonly namespace: StringMap;
  readonly pod: StringMap;
}

/** The webhook that injects, or the label table's answer when the input holds no webhook. */
export interface WebhookMatch {
  readonly revision: string;
  readonly at: FieldRef | undefined;
}

function injects(webhook: JsonValue): boolean {
  const name = stringAt(webhook, 'name') ?? '';
  const rules = listAt(webhook, 'rules');
  const onPods = rules.some((rule) =>
    stringsAt(rule, 'resources').some((resource) => resource === 'pods' || resource === '*'),
  );
  return name.endsWith('sidecar-injector.istio.io') && (rules.length === 0 || onPods);
}

function webhooksOf(configuration: Resource): readonly InjectionWebhook[] {
  const revision = stringAt(configuration.object, 'metadata', 'labels', 'istio.io/rev') ?? 'default';
  return listAt(configuration.object, 'webhooks').flatMap((webhook, index) =>
    injects(webhook)
      ? [
          {
            configuration,
            path: ['webhooks', index],
            revision: revision === '' ? 'default' : revision,
            namespaceSelector: objectAt(webhook, 'namespaceSelector') ?? {},
            objectSelector: objectAt(webhook, 'objectSelector') ?? {},
          },
        ]
      : [],
  );
}

const webhooksOfMesh = new WeakMap<Mesh, readonly InjectionWebhook[]>();

/** Istio's injection webhooks in the input, revision tags included, in the order the API server calls them. */
export function injectionWebhooks(mesh: Mesh): readonly InjectionWebhook[] {
  return getOrMake(webhooksOfMesh, mesh, () => {
    const configurations = mesh.ofKind('admissionregistration.k8s.io', 'MutatingWebhookConfiguration');
    const byName = [...configurations].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    return byName.flatMap(webhooksOf);
  });
}

/** The first of the webhooks whose namespace and object selectors both match. */
export function matchWebhook(
  webhooks: readonly InjectionWebhook[],
  labels: PodLabels,
): WebhookMatch | undefined {
  const found = webhooks.find(
    ({ namespaceSelector, objectSelector }) =>
      matchesLabelSelector(namespaceSelector, labels.namespace) === true &&
      matchesLabelSelector(objectSelector, labels.pod) === true,
  );
  return found && { revision: found.revision, at: { resource: found.configuration, path: found.path } };
}

/** Namespaces that `enableNamespacesByDefault` leaves out, and the injector refuses (pkg/kube/inject/inject.go, IgnoredNamespaces). */
export const systemNamespaces: ReadonlySet<string> = new Set([
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'local-path-storage',
]);

const label = (labels: StringMap, key: string): string | undefined =>
  Object.hasOwn(labels, key) ? labels[key] : undefined;

/**
 * What the charts' webhooks answer when the input holds none of them: for any revision that the labels ask for, one
 * is taken to be there (manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml,
 * revision-tags-mwc.yaml). Gives the revision (or tag) that injects, or undefined.
 */
export function matchLabelTable(labels: PodLabels, enabledByDefault: boolean): WebhookMatch | undefined {
  const inject = label(labels.pod, 'sidecar.istio.io/inject');
  if (inject === 'false') return undefined;
  const by = (revision: string): WebhookMatch => ({ revision, at: undefined });
  const injection = label(labels.namespace, 'istio-injection');
  if (injection !== undefined) return injection === 'enabled' ? by('default') : undefined;
  const namespaceRevision = label(labels.namespace, 'istio.io/rev');
  if (namespaceRevision !== undefined) return by(namespaceRevision);
  const podRevision = label(labels.pod, 'istio.io/rev');
  if (podRevision !== undefined) return by(podRevision);
  if (inject === 'true') return by('default');
  const system = systemNamespaces.has(label(labels.namespace, 'kubernetes.io/metadata.name') ?? '');
  return enabledByDefault && inject === undefined && !system ? by('default') : undefined;
}
