import { isObject, listAt, objectAt, stringAt, type JsonObject, type JsonValue } from '#documents/json.js';
import type { Api, ApiAnswer } from './api.js';
import type { ServedKind } from './discovery.js';

/** Why a kind could not be listed. */
export interface Refusal {
  readonly reason: 'forbidden' | 'failed';
  /** What the API server said, in one line. */
  readonly message: string;
}

/** Which objects of a kind to list, and who takes them. */
export interface Listing {
  readonly kind: ServedKind;
  /** Undefined: of all namespaces. */
  readonly namespace: string | undefined;
  /** Takes the objects of one page; they have apiVersion and kind. */
  readonly take: (objects: readonly JsonObject[]) => void;
  /** Told that what was taken so far no longer counts: the list begins again. */
  readonly restart: () => void;
}

const pageSize = 500;
/** Definitions of custom kinds are the largest objects that there are. */
const pageSizeOfDefinitions = 50;
const mostRestarts = 3;

/**
 * Lists the objects of a kind page by page; undefined when all of them came. A list that expires on the way goes on where
 * it was, with the token that the server gives for that, else it begins again (410 Gone; "Retrieving large results sets in
 * chunks" in the API concepts of Kubernetes).
 */
export async function listKind(api: Api, listing: Listing): Promise<Refusal | undefined> {
  const { kind, take, restart } = listing;
  let token = '';
  let restarts = 0;
  for (;;) {
    const answer = await api.get(pathOf(listing, token));
    if (answer.status === 410 && restarts < mostRestarts) {
      restarts += 1;
      token = stringAt(answer.json, 'metadata', 'continue') ?? '';
      if (token === '') restart();
      continue;
    }
    // Served a moment ago and gone now: there is nothing of it.
    if (answer.status === 404 && token === '') return undefined;
    if (answer.status !== 200) return refusalOf(answer);
    take(membersOf(answer.json, kind));
    const next = stringAt(answer.json, 'metadata', 'continue') ?? '';
    if (next === '') return undefined;
    if (next === token)
      return { reason: 'failed', message: 'the API server gives the same page again and again' };
    token = next;
  }
}

function pathOf({ kind, namespace }: Listing, token: string): string {
  const { group, version, plural } = kind;
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const within = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  const limit = plural === 'customresourcedefinitions' ? pageSizeOfDefinitions : pageSize;
  const from = token === '' ? '' : `&continue=${encodeURIComponent(token)}`;
  return `${root}${within}/${plural}?limit=${String(limit)}${from}`;
}

function refusalOf({ status, message }: ApiAnswer): Refusal {
  return {
    reason: status === 403 ? 'forbidden' : 'failed',
    message: status === 403 ? message : `${String(status)} ${message}`,
  };
}

/** The members of a list; those of built-in kinds lack apiVersion and kind. */
function membersOf(list: JsonValue | undefined, { group, version, kind }: ServedKind): readonly JsonObject[] {
  const apiVersion = group === '' ? version : `${group}/${version}`;
  return listAt(list, 'items')
    .filter((item): item is JsonObject => isObject(item) && objectAt(item, 'metadata') !== undefined)
    .map((item) => ({ ...item, apiVersion, kind }));
}
