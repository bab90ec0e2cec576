import { isObject, listAt, objectAt, stringAt, type JsonObject, type JsonValue } from '#documents/json.js';
import type { AnswerForm, Api, ApiAnswer } from './api.js';
import { isSecretKind, type ServedKind } from './discovery.js';
import { secretForm } from './secret-metadata.js';

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

/** How the objects of a kind are asked for, and how they are read from the answer. */
export interface ListForm extends AnswerForm {
  readonly membersOf: (list: JsonValue | undefined, kind: ServedKind) => readonly JsonObject[];
}

const pageSize = 500;
/** Definitions of custom kinds are the largest objects that there are. */
const pageSizeOfDefinitions = 50;
const mostRestarts = 3;
/** A server without objects to show ends a list; one that goes on and on is out of order. */
const mostEmptyPages = 20;
const mostPages = 20_000;

/**
 * Lists the objects of a kind page by page; undefined when all of them came. A list that expires on the way goes on where
 * it was, with the token that the server gives for that, else it begins again (410 Gone; "Retrieving large results sets in
 * chunks" in the API concepts of Kubernetes).
 */
export async function listKind(api: Api, listing: Listing): Promise<Refusal | undefined> {
  const { kind, take, restart } = listing;
  let token = '';
  let restarts = 0;
  let [pages, empty] = [0, 0];
  const form = isSecretKind(kind) ? secretForm : plainForm;
  for (;;) {
    const answer = await api.get(pathOf(listing, token), form);
    if (answer.status === 410 && restarts < mostRestarts) {
      restarts += 1;
      token = stringAt(answer.json, 'metadata', 'continue') ?? '';
      if (token === '') restart();
      continue;
    }
    // Served a moment ago and gone now: there is nothing of it.
    if (answer.status === 404 && token === '') return undefined;
    if (answer.status !== 200) return refusalOf(answer);
    const members = form.membersOf(answer.json, kind);
    take(members);
    pages += 1;
    empty = members.length === 0 ? empty + 1 : 0;
    const next = stringAt(answer.json, 'metadata', 'continue') ?? '';
    if (next === '') return undefined;
    const endless = endlessness({ same: next === token, pages, empty });
    if (endless !== undefined) return { reason: 'failed', message: `the API server gives ${endless}` };
    token = next;
  }
}

interface Course {
  readonly same: boolean;
  readonly pages: number;
  readonly empty: number;
}

/** Why a list that goes on will never end; undefined while it may. */
function endlessness({ same, pages, empty }: Course): string | undefined {
  if (same) return 'the same page again and again';
  if (empty > mostEmptyPages) return 'pages without objects, one after another';
  return pages > mostPages ? 'pages without end' : undefined;
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

const plainForm: ListForm = { accept: 'application/json', membersOf };

/** The members of a list; those of built-in kinds lack apiVersion and kind. */
function membersOf(list: JsonValue | undefined, { group, version, kind }: ServedKind): readonly JsonObject[] {
  const apiVersion = group === '' ? version : `${group}/${version}`;
  return listAt(list, 'items')
    .filter((item): item is JsonObject => isObject(item) && objectAt(item, 'metadata') !== undefined)
    .map((item) => ({ ...item, apiVersion, kind }));
}
