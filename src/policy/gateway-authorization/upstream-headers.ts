import { listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { Cluster } from '#policy/gateway/cluster.js';
import type { HttpRoute } from '#policy/gateway/http-route.js';
import type { HeaderLines } from '#policy/request/request-headers.js';

/** What one place of a route does to the headers of requests. */
interface HeaderChanges {
  readonly set: readonly (readonly [string, string])[];
  readonly add: readonly (readonly [string, string])[];
  readonly remove: readonly string[];
}

const texts = (values: JsonObject | undefined): readonly (readonly [string, string])[] =>
  Object.entries(values ?? {}).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );

function ofVirtualService(written: JsonValue | undefined): readonly HeaderChanges[] {
  const changes = objectAt(written, 'headers', 'request');
  if (changes === undefined) return [];
  return [
    {
      set: texts(objectAt(changes, 'set')),
      add: texts(objectAt(changes, 'add')),
      remove: stringsAt(changes, 'remove'),
    },
  ];
}

function pairs(entries: readonly JsonValue[]): readonly (readonly [string, string])[] {
  return entries.map((entry) => [stringAt(entry, 'name') ?? '', stringAt(entry, 'value') ?? '']);
}

function ofFilters(written: JsonValue | undefined): readonly HeaderChanges[] {
  return listAt(written, 'filters').flatMap((filter): readonly HeaderChanges[] => {
    const changes = objectAt(filter, 'requestHeaderModifier');
    if (changes === undefined) return [];
    return [
      {
        set: pairs(listAt(changes, 'set')),
        add: pairs(listAt(changes, 'add')),
        remove: stringsAt(changes, 'remove'),
      },
    ];
  });
}

/** Headers as a destination sees them. */
export interface UpstreamHeaders {
  readonly lines: HeaderLines;
  /** Host header that a change of `Host` or `:authority` sets. */
  readonly host: string | undefined;
  /** Names whose value the proxy makes of what it knows of the connection (`%…%`). */
  readonly unsure: readonly string[];
}

const isHost = (name: string): boolean => /^(host|:authority)$/i.test(name);

/** Headers on their way through the changes. */
interface Changing {
  readonly lines: HeaderLines;
  readonly unsure: string[];
  host: string | undefined;
}

/** Names are removed before others are added and set (HeaderParser::evaluateHeaders in Envoy's source/common/router). */
function change(headers: Changing, { set, add, remove }: HeaderChanges): void {
  const { lines, unsure } = headers;
  for (const name of remove) lines.delete(name.toLowerCase());
  for (const [name, value] of [...add, ...set]) if (/%[A-Z_]+/.test(value)) unsure.push(name);
  for (const [name, value] of add) {
    const key = name.toLowerCase();
    lines.set(key, [...(lines.get(key) ?? []), value]);
  }
  for (const [name, value] of set) {
    if (isHost(name)) headers.host = value;
    else lines.set(name.toLowerCase(), [value]);
  }
}

/**
 * What a route and the destination it chose make of the headers of a request: first the destination's own changes, then
 * those of the whole route (translateHeadersOperations in pilot/pkg/networking/core/route/route.go).
 */
export function upstreamHeaders(
  { rule }: HttpRoute,
  cluster: Cluster,
  sent: ReadonlyMap<string, readonly string[]>,
): UpstreamHeaders {
  const lines: HeaderLines = new Map([...sent].map(([name, values]) => [name, [...values]]));
  const headers: Changing = { lines, unsure: [], host: undefined };
  for (const { resource, path } of [cluster.at, rule]) {
    const written = valueAt(resource.object, path);
    for (const changes of [...ofVirtualService(written), ...ofFilters(written)]) change(headers, changes);
  }
  return headers;
}
