import type { FieldRef, Resource } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, stringsAt } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import { stringMap } from '#mesh/string-map.js';
import type { StringMap } from '#mesh/string-map.js';
import { completeHost } from '#policy/gateway/host-name.js';
import { readTrafficPolicy } from './traffic-policy.js';
import type { TrafficPolicy } from './traffic-policy.js';

/** A named part of a destination's endpoints. */
export interface Subset {
  readonly name: string;
  readonly labels: StringMap;
  readonly trafficPolicy: TrafficPolicy | undefined;
  readonly at: FieldRef;
}

/** A DestinationRule, or what several of one host and namespace are merged into. */
export interface DestinationRule {
  /** Full host, short names completed with the rule's namespace; may be a wildcard. */
  readonly host: string;
  readonly namespace: string;
  /** As written; empty when the rule says nothing. Rules that select workloads are private. */
  readonly exportTo: ReadonlySet<string>;
  /** Labels of the clients it is for; undefined: all. */
  readonly selector: StringMap | undefined;
  readonly trafficPolicy: TrafficPolicy | undefined;
  readonly subsets: readonly Subset[];
  /** Made by istiod out of a policy of the Gateway API. */
  readonly generated: boolean;
  /** The objects it was merged from, the first of which gave all but what it left unset. */
  readonly from: readonly Resource[];
}

function readSubsets(resource: Resource): readonly Subset[] {
  return listAt(resource.object, 'spec', 'subsets').flatMap((subset, index) => {
    if (!isObject(subset)) return [];
    const path = ['spec', 'subsets', index];
    return [
      {
        name: stringAt(subset, 'name') ?? '',
        labels: stringMap(objectAt(subset, 'labels')),
        trafficPolicy: readTrafficPolicy(resource, [...path, 'trafficPolicy']),
        at: { resource, path },
      },
    ];
  });
}

/** Reads a DestinationRule as istiod does before it merges them (setDestinationRules in pilot/pkg/model/push_context.go). */
export function readDestinationRule(mesh: Mesh, resource: Resource): DestinationRule {
  const namespace = mesh.namespaceOf(resource);
  const spec = objectAt(resource.object, 'spec');
  const selector = objectAt(spec, 'workloadSelector');
  return {
    host: completeHost(stringAt(spec, 'host') ?? '', namespace, mesh.settings.domainSuffix),
    namespace,
    exportTo: new Set(selector === undefined ? stringsAt(spec, 'exportTo') : ['.']),
    selector: selector && stringMap(objectAt(selector, 'matchLabels')),
    trafficPolicy: readTrafficPolicy(resource, ['spec', 'trafficPolicy']),
    subsets: readSubsets(resource),
    generated: false,
    from: [resource],
  };
}
