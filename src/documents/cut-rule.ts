import { isArray, isObject, type JsonObject, type JsonValue } from './json.js';
import { splitApiVersion } from './kubernetes-names.js';
import { mapEntries } from './set-entry.js';

/**
 * For an entry of a mapping: `cut` leaves it out, a rule says the same for the entries of its value or, where that is
 * a sequence, of the mappings in it.
 */
export type CutRule = (key: string) => 'cut' | CutRule;

/** What decides which parts of an object are left out. */
export interface Cuttable {
  readonly apiVersion: string;
  readonly kind: string;
  /** True when the object was read from an API server. */
  readonly stored: boolean;
}

/** Keeps everything. */
export const keepRule: CutRule = () => keepRule;

function cutting(keys: readonly string[], inner: Readonly<Record<string, CutRule>> = {}): CutRule {
  const rules = new Map<string, 'cut' | CutRule>(Object.entries(inner));
  for (const key of keys) rules.set(key, 'cut');
  return (key) => rules.get(key) ?? keepRule;
}

/** Annotations that repeat a whole object, a Secret's values included. */
const annotationRule = cutting(['kubectl.kubernetes.io/last-applied-configuration']);

const metadataRule = cutting(['managedFields'], { annotations: annotationRule });

/** Cuts what no decision reads of an object of unknown type: managedFields, the last-applied annotation. */
export const objectRule = cutting([], { metadata: metadataRule });

/**
 * What no decision reads of a container, nor can: what is shown of its ending, when its image is fetched, how its
 * resources may change. Everything else, from image to probes and mounts, may be judged.
 */
const containerRule = cutting([
  'imagePullPolicy',
  'resizePolicy',
  'terminationMessagePath',
  'terminationMessagePolicy',
  'volumeDevices',
]);

/** Likewise of a pod: where it runs, in which order, and how it finds names. */
const podSpecRule = cutting(
  [
    'affinity',
    'dnsConfig',
    'hostAliases',
    'imagePullSecrets',
    'overhead',
    'preemptionPolicy',
    'priority',
    'readinessGates',
    'resourceClaims',
    'schedulerName',
    'schedulingGates',
    'tolerations',
    'topologySpreadConstraints',
  ],
  { containers: containerRule, initContainers: containerRule, ephemeralContainers: containerRule },
);

/** Parts of `status` that decisions read, by `group/kind`; other kinds of these groups lose their status. */
const statusFields = new Map<string, readonly string[]>([
  ['/Pod', ['phase', 'podIP', 'podIPs', 'hostIP']],
  ['/Service', ['loadBalancer']],
  ['/Namespace', ['phase']],
  ['networking.k8s.io/Ingress', ['loadBalancer']],
]);

function statusRule(group: string, kind: string): 'cut' | CutRule {
  if (group.endsWith('istio.io') || group === 'gateway.networking.k8s.io') return keepRule;
  const kept = statusFields.get(`${group}/${kind}`);
  return kept === undefined ? 'cut' : (key) => (kept.includes(key) ? keepRule : 'cut');
}

const templateRule = cutting([], { template: cutting([], { spec: podSpecRule }) });

/** What is cut from the specs that an API server returns, by `group/kind`. */
const specRules = new Map<string, CutRule>([
  ['/Pod', podSpecRule],
  ['apps/DaemonSet', templateRule],
  ['apps/Deployment', templateRule],
  ['apps/ReplicaSet', templateRule],
  ['apps/StatefulSet', templateRule],
]);

const known = new Map<string, CutRule>();

/**
 * Cuts what no decision reads of an object of known type. The spec is touched only in workloads from an API server, of
 * which a dump holds thousands: nobody has left a mistake or a patch directive in them.
 */
export function ruleFor({ apiVersion, kind, stored }: Cuttable): CutRule {
  const { group } = splitApiVersion(apiVersion);
  const id = `${group}/${kind}/${String(stored)}`;
  const found = known.get(id);
  if (found !== undefined) return found;
  const rules = new Map<string, 'cut' | CutRule>([['metadata', metadataRule]]);
  rules.set('status', statusRule(group, kind));
  const specRule = stored ? specRules.get(`${group}/${kind}`) : undefined;
  if (specRule !== undefined) rules.set('spec', specRule);
  const rule: CutRule = (key) => rules.get(key) ?? keepRule;
  if (known.size < 1000) known.set(id, rule);
  return rule;
}

/** True when the metadata of an object say that it was read from an API server. */
export function isStored(metadata: JsonValue | undefined): boolean {
  if (!isObject(metadata)) return false;
  const { uid, resourceVersion } = metadata as {
    readonly uid?: JsonValue;
    readonly resourceVersion?: JsonValue;
  };
  return isText(uid) || isText(resourceVersion);
}

function isText(value: JsonValue | undefined): boolean {
  return typeof value === 'string' && value !== '';
}

/** A copy of an object without what a rule cuts. */
export function cutObject(object: JsonObject, rule: CutRule): JsonObject {
  if (rule === keepRule) return object;
  return mapEntries(object, (key, value) => {
    const inner = rule(key);
    return inner === 'cut' ? undefined : cutValue(value, inner);
  });
}

function cutValue(value: JsonValue, rule: CutRule): JsonValue {
  if (rule === keepRule) return value;
  if (isArray(value)) return value.map((item) => cutValue(item, rule));
  return isObject(value) ? cutObject(value, rule) : value;
}
