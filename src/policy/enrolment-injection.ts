import type { FieldRef } from '#documents/document.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { contestedEvidence } from './contested.js';
import { known, unknown } from './decision.js';
import type { Cause, Decision, Step } from './decision.js';
import { injectionWebhooks, matchLabelTable, matchWebhook } from './injection-webhooks.js';
import type { InjectionWebhook, PodLabels, WebhookMatch } from './injection-webhooks.js';
import { injectorAnswer, neverInjected } from './injector.js';
import { namespaceLabels } from './namespace-labels.js';
import { meshOfRevision } from './revision-mesh.js';

/** Whether a pod gets a proxy injected, and from which revision. */
export interface Injection {
  readonly injected: boolean;
  readonly revision: string | undefined;
  readonly reason: string;
}

const injectKey = 'sidecar.istio.io/inject';
const revisionKey = 'istio.io/rev';
const namespaceKey = 'istio-injection';

const not = (reason: string): Injection => ({ injected: false, revision: undefined, reason });

/** The label that the webhooks' selectors turn on first, to name in reasons and to point at. */
function decidingLabel(
  workload: Workload,
  namespace: {
    readonly labels: PodLabels['namespace'];
    readonly fieldOf: (key: string) => FieldRef | undefined;
  },
): { readonly reason: string; readonly at: FieldRef | undefined } {
  const podField = (key: string): FieldRef => ({
    resource: workload.resource,
    path: [...workload.podPath, 'metadata', 'labels', key],
  });
  const podLabel = (key: string): string | undefined =>
    Object.hasOwn(workload.labels, key) ? workload.labels[key] : undefined;
  if (podLabel(injectKey) === 'false')
    return { reason: `pod label ${injectKey}=false`, at: podField(injectKey) };
  for (const key of [namespaceKey, revisionKey]) {
    const value = Object.hasOwn(namespace.labels, key) ? namespace.labels[key] : undefined;
    if (value !== undefined) return { reason: `namespace label ${key}=${value}`, at: namespace.fieldOf(key) };
  }
  for (const key of [revisionKey, injectKey]) {
    const value = podLabel(key);
    if (value !== undefined) return { reason: `pod label ${key}=${value}`, at: podField(key) };
  }
  return { reason: 'neither namespace nor pod asks for injection', at: namespace.fieldOf(namespaceKey) };
}

/** Answers of the webhooks for every way that contested configurations could turn out. */
function webhookAnswers(
  mesh: Mesh,
  webhooks: readonly InjectionWebhook[],
  labels: PodLabels,
): readonly (WebhookMatch | undefined)[] {
  const contested = webhooks.filter(({ configuration }) => mesh.isContested(configuration));
  const configurations = new Set(contested.map(({ configuration }) => configuration));
  const settled = webhooks.filter(({ configuration }) => !configurations.has(configuration));
  if (configurations.size === 0) return [matchWebhook(settled, labels)];
  return [...configurations].map((chosen) =>
    matchWebhook([...webhooks.filter(({ configuration }) => configuration === chosen), ...settled], labels),
  );
}

/** The revision that a label means: a label may name a tag of it. */
function taggedRevision(mesh: Mesh, named: string): string {
  const { revisionTags } = mesh.settings;
  return (Object.hasOwn(revisionTags, named) ? revisionTags[named] : undefined) ?? named;
}

function webhookMatch(mesh: Mesh, labels: PodLabels): Decision<WebhookMatch | undefined> {
  const enabledByDefault = mesh.settings.injector?.['enableNamespacesByDefault'] === true;
  const asked = matchLabelTable(labels, enabledByDefault);
  const byTable = asked && { ...asked, revision: taggedRevision(mesh, asked.revision) };
  const webhooks = injectionWebhooks(mesh);
  if (webhooks.length === 0) return known(byTable, 'default');
  const answers = webhookAnswers(mesh, webhooks, labels);
  const [first] = answers;
  if (answers.some((answer) => answer?.revision !== first?.revision)) {
    const disputed = webhooks.find(({ configuration }) => mesh.isContested(configuration));
    return unknown(disputed === undefined ? [] : [contestedEvidence(mesh, disputed.configuration)]);
  }
  if (first === undefined && byTable !== undefined && mesh.scope === 'partial') {
    const text = `a webhook of revision ${byTable.revision} (none of those in the input matches)`;
    return unknown([{ key: 'injection-webhook', text }]);
  }
  return known(first, first?.at ?? 'default');
}

/** What the pod alone says, for want of its namespace's labels. */
function podDecides(mesh: Mesh, workload: Workload): Decision<Injection> | undefined {
  const label = Object.hasOwn(workload.labels, injectKey) ? workload.labels[injectKey] : undefined;
  const at: FieldRef = {
    resource: workload.resource,
    path: [...workload.podPath, 'metadata', 'labels', injectKey],
  };
  if (label === 'false') return known(not(`pod label ${injectKey}=false`), at);
  const answer = injectorAnswer(mesh, workload);
  if (!answer.injects) {
    return known(
      not(answer.reason),
      answer.path === undefined ? 'default' : { resource: at.resource, path: answer.path },
    );
  }
  if (label !== 'true') return undefined;
  const note = `holds unless namespace ${workload.namespace} is labelled ${namespaceKey} with another value than enabled`;
  const revision = Object.hasOwn(workload.labels, revisionKey) ? workload.labels[revisionKey] : 'default';
  return known({ injected: true, revision, reason: `pod label ${injectKey}=true` }, at, [{ at, note }]);
}

function secondGate(
  mesh: Mesh,
  workload: Workload,
  match: WebhookMatch,
  first: { reason: string; cause: Cause },
): Decision<Injection> {
  const own = meshOfRevision(mesh, match.revision);
  const answer = injectorAnswer(own, workload);
  const steps: readonly Step[] =
    match.at === undefined ? [] : [{ at: match.at, note: 'this webhook shows the pod to the injector' }];
  const field: FieldRef | undefined = answer.path && { resource: workload.resource, path: answer.path };
  if (!answer.injects)
    return known(not(answer.reason), field ?? own.settings.injectorSource ?? 'default', steps);
  return known({ injected: true, revision: match.revision, reason: first.reason }, first.cause, steps);
}

/**
 * True where OpenShift Service Mesh 2 runs the mesh: it injects by membership and the pod's own wish, not by labels of
 * namespaces, and its control plane's settings are not read here.
 */
function usesMemberRoll(mesh: Mesh): boolean {
  const kinds = ['ServiceMeshControlPlane', 'ServiceMeshMemberRoll', 'ServiceMeshMember'];
  const present = kinds.some((kind) => mesh.ofKind('maistra.io', kind).length > 0);
  return (
    present && injectionWebhooks(mesh).length === 0 && mesh.ofKind('sailoperator.io', 'Istio').length === 0
  );
}

function byMemberRoll(workload: Workload): Decision<Injection> {
  const wish = workload.labels[injectKey] ?? workload.annotations[injectKey];
  const where = Object.hasOwn(workload.labels, injectKey) ? 'labels' : 'annotations';
  const at = { resource: workload.resource, path: [...workload.podPath, 'metadata', where, injectKey] };
  if (wish === 'false') return known(not(`pod ${where.slice(0, -1)} ${injectKey}=false`), at);
  const text = `whether OpenShift Service Mesh 2 has namespace ${workload.namespace} as a member and injects there`;
  return unknown([{ key: 'service-mesh-member-roll', text }]);
}

/**
 * Whether the pods of a workload get a proxy when they are created: first the webhooks' namespace and object
 * selectors (those of the input, else the charts' own), then the injector (pkg/kube/inject/inject.go,
 * injectRequired). Unknown when the namespace's labels are not in the input and the pod does not settle it.
 */
export function injectionOf(mesh: Mesh, workload: Workload): Decision<Injection> {
  const never = neverInjected(workload);
  if (never !== undefined) {
    const cause = never.path && { resource: workload.resource, path: never.path };
    return known(not(never.reason), cause ?? 'default');
  }
  if (usesMemberRoll(mesh)) return byMemberRoll(workload);
  const namespace = namespaceLabels(mesh, workload.namespace);
  if (!namespace.known) return podDecides(mesh, workload) ?? unknown([namespace.missing]);
  const match = webhookMatch(mesh, { namespace: namespace.labels, pod: workload.labels });
  if (!match.known) return match;
  const deciding = decidingLabel(workload, namespace);
  const cause: Cause = deciding.at ?? 'default';
  if (match.value === undefined) return known(not(deciding.reason), cause);
  return secondGate(mesh, workload, match.value, { reason: deciding.reason, cause });
}
