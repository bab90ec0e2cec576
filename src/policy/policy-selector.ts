import type { FieldPath, Resource } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { stringMap } from '#mesh/string-map.js';
import type { StringMap } from '#mesh/string-map.js';

/** One entry of targetRefs. */
export interface TargetRef {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** How a policy says what it is about. */
export interface PolicySelector {
  /** Undefined without a selector; an empty map for `selector: {}`. */
  readonly labels: StringMap | undefined;
  /** `targetRefs`, or `[targetRef]` when that list is empty. */
  readonly refs: readonly TargetRef[];
  /** The field that selects; `['spec']` when none does. */
  readonly path: FieldPath;
}

/** EnvoyFilter and Sidecar (networking.istio.io) name it differently from all others. */
const workloadSelectorKinds: ReadonlySet<string> = new Set(['EnvoyFilter', 'Sidecar']);

function targetRef(value: JsonValue | undefined): TargetRef | undefined {
  if (!isObject(value)) return undefined;
  return {
    group: stringAt(value, 'group') ?? '',
    kind: stringAt(value, 'kind') ?? '',
    name: stringAt(value, 'name') ?? '',
    namespace: stringAt(value, 'namespace') ?? '',
  };
}

function labelsOf(kind: string, spec: JsonObject | undefined): StringMap | undefined {
  const workload = workloadSelectorKinds.has(kind);
  const selector = objectAt(spec, workload ? 'workloadSelector' : 'selector');
  return selector && stringMap(objectAt(selector, workload ? 'labels' : 'matchLabels'));
}

function readSelector(policy: Resource): PolicySelector {
  const spec = objectAt(policy.object, 'spec');
  const labels = labelsOf(policy.kind, spec);
  const plural = listAt(spec, 'targetRefs').map(targetRef);
  const single = targetRef(objectAt(spec, 'targetRef'));
  const refs = (plural.length > 0 ? plural : [single]).filter((ref) => ref !== undefined);
  const field = workloadSelectorKinds.has(policy.kind) ? 'workloadSelector' : 'selector';
  const refsField = plural.length > 0 ? 'targetRefs' : 'targetRef';
  const path = refs.length > 0 ? ['spec', refsField] : labels === undefined ? ['spec'] : ['spec', field];
  return { labels, refs, path };
}

const selectors = new WeakMap<Resource, PolicySelector>();

/** Selector and targetRefs of a policy (pilot/pkg/model/policyattachment.go, GetTargetRefs); read once. */
export function policySelectorOf(policy: Resource): PolicySelector {
  let selector = selectors.get(policy);
  if (selector === undefined) {
    selector = readSelector(policy);
    selectors.set(policy, selector);
  }
  return selector;
}

/** True when the policy names no workload: no targetRefs, and no selector or one without labels. */
export function selectsAll({ labels, refs }: PolicySelector): boolean {
  return refs.length === 0 && Object.keys(labels ?? {}).length === 0;
}
