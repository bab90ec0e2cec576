import type { FieldPath, Resource } from '#documents/document.js';
import { isArray, isObject, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';

/** Part of an object that the API server or the webhook of older releases does not know. */
interface NewerPart {
  readonly kinds: readonly string[];
  /** Steps from the root; a star stands for every member of a list. */
  readonly path: readonly string[];
  /** Release line 1.x that knows it first. */
  readonly since: number;
  /** Values that are new; without them the field is. */
  readonly isNew?: (value: JsonValue) => boolean;
}

const attachable = ['AuthorizationPolicy', 'EnvoyFilter', 'RequestAuthentication', 'Telemetry', 'WasmPlugin'];
const source = ['spec', 'rules', '*', 'from', '*', 'source'];
const serverTls = ['spec', 'servers', '*', 'tls'];

const oneOf =
  (...values: readonly string[]) =>
  (value: JsonValue): boolean =>
    typeof value === 'string' && values.includes(value);

function dropped(kinds: readonly string[], path: readonly string[], since: number): NewerPart {
  return { kinds, path, since };
}

/**
 * Fields by the release whose CustomResourceDefinitions have them first (crd-all.gen.yaml of each release). Istio 1.30
 * has `trustDomains` there, but istiod and the webhook do not read it before 1.31.
 */
const newerFields: readonly NewerPart[] = [
  dropped(
    ['AuthorizationPolicy', 'RequestAuthentication', 'Telemetry', 'WasmPlugin'],
    ['spec', 'targetRef'],
    20,
  ),
  dropped(['RequestAuthentication'], ['spec', 'jwtRules', '*', 'fromCookies'], 21),
  dropped(attachable, ['spec', 'targetRefs'], 22),
  dropped(['AuthorizationPolicy'], [...source, 'serviceAccounts'], 25),
  dropped(['AuthorizationPolicy'], [...source, 'notServiceAccounts'], 25),
  dropped(['Gateway'], [...serverTls, 'credentialNames'], 26),
  dropped(['Gateway'], [...serverTls, 'tlsCertificates'], 26),
  dropped(['Gateway'], [...serverTls, 'caCertCredentialName'], 28),
  dropped(['RequestAuthentication'], ['spec', 'jwtRules', '*', 'spaceDelimitedClaims'], 28),
  dropped(['AuthorizationPolicy'], [...source, 'trustDomains'], 31),
  dropped(['AuthorizationPolicy'], [...source, 'notTrustDomains'], 31),
  dropped(['Gateway'], [...serverTls, 'insecureSkipVerify'], 31),
];

const whenKey = ['spec', 'rules', '*', 'when', '*', 'key'];

function refused(
  kinds: readonly string[],
  path: readonly string[],
  since: number,
  ...values: readonly string[]
): NewerPart {
  return { kinds, path, since, isNew: oneOf(...values) };
}

/** Values that older releases refuse: enums of the schema, and what their webhook calls unknown (pkg/config/validation). */
const newerValues: readonly NewerPart[] = [
  refused(attachable, ['spec', 'targetRefs', '*', 'kind'], 24, 'ServiceEntry'),
  refused(attachable, ['spec', 'targetRefs', '*', 'kind'], 25, 'GatewayClass'),
  refused(attachable, ['spec', 'targetRef', 'kind'], 22, 'Service'),
  refused(attachable, ['spec', 'targetRef', 'kind'], 24, 'ServiceEntry'),
  refused(attachable, ['spec', 'targetRef', 'kind'], 25, 'GatewayClass'),
  refused(['AuthorizationPolicy'], whenKey, 25, 'source.serviceAccount'),
  refused(['WasmPlugin'], ['spec', 'failStrategy'], 27, 'FAIL_RELOAD'),
  refused(['ServiceEntry'], ['spec', 'resolution'], 28, 'DYNAMIC_DNS'),
  refused(['EnvoyFilter'], ['spec', 'configPatches', '*', 'match', 'context'], 29, 'WAYPOINT'),
  refused(['AuthorizationPolicy'], whenKey, 31, 'source.trustDomain'),
  { kinds: ['TrafficExtension'], path: ['kind'], since: 30, isNew: () => true },
];

/** Every place of an object that a path with stars stands for. */
function places(value: JsonValue | undefined, [step, ...rest]: readonly string[]): readonly FieldPath[] {
  if (step === undefined) return value === undefined ? [] : [[]];
  const members: readonly (readonly [string | number, JsonValue | undefined])[] =
    step === '*'
      ? (isArray(value) ? value : []).map((member, index) => [index, member] as const)
      : isObject(value) && Object.hasOwn(value, step)
        ? [[step, value[step]]]
        : [];
  return members.flatMap(([key, member]) => places(member, rest).map((below) => [key, ...below]));
}

function without(value: JsonValue, [step, ...rest]: FieldPath): JsonValue {
  if (step === undefined) return value;
  if (isArray(value)) return value.map((member, index) => (index === step ? without(member, rest) : member));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([key]) => key !== step || rest.length > 0);
  return Object.fromEntries(
    entries.map(([key, member]) => [
      key,
      key === step && member !== undefined ? without(member, rest) : member,
    ]),
  );
}

function findParts(
  { group, kind, object }: Resource,
  parts: readonly NewerPart[],
  minor: number,
): readonly { readonly path: FieldPath; readonly since: number }[] {
  if (!group.endsWith('.istio.io')) return [];
  const newer = parts.filter(({ since, kinds }) => since > minor && kinds.includes(kind));
  return newer.flatMap(({ path, since, isNew }) =>
    places(object, path)
      .filter((place) => isNew === undefined || isNew(valueAt(object, place) ?? null))
      .map((place) => ({ path: place, since })),
  );
}

/** What a release makes of an object that was written for a newer one. */
export interface OlderReading {
  /** The same resource where nothing is dropped. */
  readonly resource: Resource;
  /** Fields that the release does not know and drops. */
  readonly dropped: readonly { readonly path: FieldPath; readonly since: number }[];
  /** Values for which it refuses the object. */
  readonly refused: readonly { readonly path: FieldPath; readonly since: number }[];
}

/** Reads an object as release line 1.`minor` of Istio does: fields of later releases are gone, values of later ones refused. */
export function readAsOlder(resource: Resource, minor: number): OlderReading {
  const lost = findParts(resource, newerFields, minor);
  const refusals = findParts(resource, newerValues, minor);
  if (lost.length === 0) return { resource, dropped: lost, refused: refusals };
  const pruned = lost.reduce<JsonValue>((object, { path }) => without(object, path), resource.object);
  const object: JsonObject = isObject(pruned) ? pruned : resource.object;
  return { resource: { ...resource, object }, dropped: lost, refused: refusals };
}
