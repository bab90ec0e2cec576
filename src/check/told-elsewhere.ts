import type { FieldPath, Resource } from '#documents/document.js';
import { objectAt } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import { actionOf, isDryRun } from '#policy/authorization-policies.js';
import { rulesOf } from '#policy/written/written-rule.js';
import { unreadKeys } from '#policy/written/unread-keys.js';
import type { Invalidity } from '#schemas/validation.js';
import { selectsAll } from './selects-all.js';

const selecting: ReadonlySet<string> = new Set([
  'AuthorizationPolicy',
  'PeerAuthentication',
  'RequestAuthentication',
]);

function ofWidePolicy({ kind, object }: Resource): readonly FieldPath[] {
  const fields = Object.keys(objectAt(object, 'spec', 'selector') ?? {}).filter(
    (key) => key !== 'matchLabels',
  );
  const ports = Object.keys(objectAt(object, 'spec', 'portLevelMtls') ?? {});
  return [
    ...fields.map((field) => ['spec', 'selector', field]),
    ...(kind === 'PeerAuthentication' && ports.length > 0 ? [['spec', 'portLevelMtls']] : []),
  ];
}

function unreadConditions(mesh: Mesh, policy: Resource): readonly FieldPath[] {
  const action = actionOf(policy);
  if (policy.kind !== 'AuthorizationPolicy' || isDryRun(policy)) return [];
  if (action === undefined || action === 'AUDIT') return [];
  return rulesOf(policy).flatMap((rule) => unreadKeys(mesh, rule).map(({ at }) => at.path));
}

/** True when a path is `start` or lies below it. */
export const startsWithPath = (path: FieldPath, start: FieldPath): boolean =>
  start.every((step, index) => step === path[index]);

/** The schema's rule for the ports of a policy that selects all, which stands at the whole spec. */
const isPortsRule = ({ path, message }: Invalidity): boolean =>
  path.length === 1 && path[0] === 'spec' && message.startsWith('portLevelMtls requires selector');

/** Selectors of extensions that select all, by what stands in them (EXT-027). */
function ofWideExtension({ kind, object }: Resource): readonly FieldPath[] {
  const [name, known] = kind === 'EnvoyFilter' ? ['workloadSelector', 'labels'] : ['selector', 'matchLabels'];
  const fields = Object.keys(objectAt(object, 'spec', name) ?? {}).filter((key) => key !== known);
  return fields.map((field) => ['spec', name, field]);
}

const extensions: ReadonlySet<string> = new Set(['EnvoyFilter', 'WasmPlugin', 'TrafficExtension']);

/**
 * Tells the faults of a policy that takes part, of which another check says what they do: a selector that selects all
 * (AUTHZ-012, EXT-027), ports without a selector (MTLS-008), conditions that Istio does not know (AUTHZ-008). What is merely
 * refused or dropped there is the same cause, and not worth a second finding.
 */
export function toldElsewhere(mesh: Mesh, policy: Resource): (fault: Invalidity) => boolean {
  if (extensions.has(policy.kind) && policy.group.endsWith('.istio.io')) {
    const dropped = selectsAll(policy) ? ofWideExtension(policy) : [];
    return (fault) => dropped.some((place) => startsWithPath(fault.path, place));
  }
  if (policy.group !== 'security.istio.io' || !selecting.has(policy.kind)) return () => false;
  const wide = selectsAll(policy) ? ofWidePolicy(policy) : [];
  const told = [...wide, ...unreadConditions(mesh, policy)];
  return (fault) =>
    told.some((place) => startsWithPath(fault.path, place)) || (wide.length > 0 && isPortsRule(fault));
}
