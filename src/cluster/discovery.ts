import { listAt, objectAt, stringAt, stringsAt, type JsonValue } from '#documents/json.js';
import { isReadGroup, isReadKind } from '#schemas/kinds.js';
import type { Api, ApiAnswer } from './api.js';
import { ClusterError } from './cluster-error.js';

/** A kind that the API server serves. */
export interface ServedKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** As in paths: `authorizationpolicies`. */
  readonly plural: string;
  readonly namespaced: boolean;
}

/** What a kind is called in messages and file names: `authorizationpolicies.security.istio.io`. */
export function resourceName({ plural, group }: Pick<ServedKind, 'plural' | 'group'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}

/** What there is to read. */
export interface Discovered {
  readonly kinds: readonly ServedKind[];
  /** Groups of which the API server could not tell what they serve, each with the reason. */
  readonly unknownGroups: readonly { readonly group: string; readonly message: string }[];
}

const aggregated = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

/** A version of a group, the preferred one first, and what it serves. */
interface ServedVersion {
  readonly group: string;
  readonly version: string;
  readonly kinds: readonly ServedKind[];
  /** Why it is not known what it serves. */
  readonly failure?: string;
}

/**
 * Asks which of the kinds that decisions read are there, and of each the version that the server prefers: in two requests
 * where it can tell all at once (Kubernetes 1.26 and newer), else group by group. Secrets are left out unless somebody asks.
 *
 * @throws ClusterError when the server does not tell.
 */
export async function discover(api: Api, { secrets }: { readonly secrets: boolean }): Promise<Discovered> {
  const versions: ServedVersion[] = [];
  for (const root of ['/api', '/apis']) {
    const answer = await api.get(root, { accept: aggregated });
    if (answer.status !== 200) throw untold(root, answer);
    const isWhole = stringAt(answer.json, 'kind') === 'APIGroupDiscoveryList';
    versions.push(...(isWhole ? readAggregated(answer.json) : await askEach(api, answer.json)));
  }
  return choose(versions, secrets);
}

function untold(root: string, { status, message }: ApiAnswer): ClusterError {
  return new ClusterError(
    `the API server does not tell which kinds it serves: ${root} ${String(status)} ${message}`,
    status === 403 ? 'The ClusterRole system:discovery allows it.' : undefined,
  );
}

function readAggregated(list: JsonValue | undefined): readonly ServedVersion[] {
  return listAt(list, 'items').flatMap((item) => {
    const group = stringAt(item, 'metadata', 'name') ?? '';
    if (!isReadGroup(group)) return [];
    return listAt(item, 'versions').map((served): ServedVersion => {
      const version = stringAt(served, 'version') ?? '';
      const kinds = listAt(served, 'resources').map((resource) => ({
        ...{ group, version },
        kind: stringAt(resource, 'responseKind', 'kind') ?? '',
        plural: stringAt(resource, 'resource') ?? '',
        namespaced: stringAt(resource, 'scope') === 'Namespaced',
        verbs: stringsAt(resource, 'verbs'),
      }));
      const isStale = stringAt(served, 'freshness') === 'Stale' && kinds.length === 0;
      return {
        ...{ group, version },
        kinds: kinds.filter(({ verbs }) => verbs.includes('list')).map(withoutVerbs),
        ...(isStale ? { failure: 'the server behind it does not answer' } : {}),
      };
    });
  });
}

function withoutVerbs({ group, version, kind, plural, namespaced }: ServedKind): ServedKind {
  return { group, version, kind, plural, namespaced };
}

/** For servers that tell version by version: `APIVersions` of the core, `APIGroupList` of the others. */
async function askEach(api: Api, list: JsonValue | undefined): Promise<readonly ServedVersion[]> {
  const core = stringsAt(list, 'versions').map((version) => ({
    group: '',
    version,
    root: `/api/${version}`,
  }));
  const others = listAt(list, 'groups').flatMap((item) => {
    const group = stringAt(item, 'name') ?? '';
    const preferred = stringAt(item, 'preferredVersion', 'version');
    const named = listAt(item, 'versions').flatMap((each) => stringAt(each, 'version') ?? []);
    const versions = [...new Set([...(preferred === undefined ? [] : [preferred]), ...named])];
    return versions.map((version) => ({ group, version, root: `/apis/${group}/${version}` }));
  });
  const wanted = [...core, ...others].filter(({ group }) => isReadGroup(group));
  return Promise.all(
    wanted.map(async ({ group, version, root }): Promise<ServedVersion> => {
      const { status, json, message } = await api.get(root);
      if (status !== 200) return { group, version, kinds: [], failure: `${String(status)} ${message}` };
      return { group, version, kinds: readResources(json, { group, version }) };
    }),
  );
}

function readResources(
  list: JsonValue | undefined,
  { group, version }: Pick<ServedKind, 'group' | 'version'>,
): readonly ServedKind[] {
  return listAt(list, 'resources')
    .filter((resource) => stringsAt(objectAt(resource), 'verbs').includes('list'))
    .map((resource) => ({
      ...{ group, version },
      kind: stringAt(resource, 'kind') ?? '',
      plural: stringAt(resource, 'name') ?? '',
      namespaced: objectAt(resource)?.['namespaced'] === true,
    }));
}

/** Of each kind the first version; of a kind that an older group serves too only what the newer group serves. */
function choose(versions: readonly ServedVersion[], secrets: boolean): Discovered {
  const kinds = new Map<string, ServedKind>();
  for (const kind of versions.flatMap((served) => served.kinds)) {
    const id = `${kind.group}/${kind.kind}`;
    if (!kinds.has(id) && isWanted(kind) && (secrets || !isSecretKind(kind))) kinds.set(id, kind);
  }
  const modern = new Set(
    [...kinds.values()].filter(({ group }) => group !== 'extensions').map(({ kind }) => kind),
  );
  const answering = new Set(
    versions.filter(({ failure }) => failure === undefined).map(({ group }) => group),
  );
  const unknownGroups = new Map<string, string>();
  for (const { group, failure } of versions)
    if (failure !== undefined && !answering.has(group)) unknownGroups.set(group, failure);
  return {
    kinds: [...kinds.values()].filter(({ group, kind }) => group !== 'extensions' || !modern.has(kind)),
    unknownGroups: [...unknownGroups].map(([group, message]) => ({ group, message })),
  };
}

/** Names come from the server and end in paths and file names. */
function isWanted({ group, version, kind, plural }: ServedKind): boolean {
  const isName = [plural, version].every((text) => /^[a-z0-9][a-z0-9-]*$/.test(text));
  return isName && isReadKind(group, kind);
}

/** True for the kind of which nothing but metadata is ever asked for. */
export function isSecretKind({ group, kind }: Pick<ServedKind, 'group' | 'kind'>): boolean {
  return group === '' && kind === 'Secret';
}
