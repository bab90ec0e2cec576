import type { FieldRef } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { stringMap } from '#mesh/string-map.js';
import { gatewayId } from './gateway-id.js';
import { numberAt, readDestinations } from './read-destination.js';
import type { Reader } from './read-destination.js';
import type { Cors, DirectResponse, FaultAbort, HttpMatch, HttpRule, Redirect } from './route.js';
import { readStringMatch } from './string-match.js';
import type { StringMatch } from './string-match.js';

function readMap(value: JsonValue | undefined): ReadonlyMap<string, StringMatch> {
  if (!isObject(value)) return new Map();
  return new Map(
    Object.entries(value).map(([name, match]) => [name, readStringMatch(match) ?? { kind: 'present' }]),
  );
}

function readMatch({ resource, namespace }: Reader, at: FieldRef): HttpMatch {
  const match = valueAt(resource.object, at.path);
  const text = (name: string): StringMatch | undefined => readStringMatch(valueAt(match, [name]));
  return {
    at,
    uri: text('uri'),
    ignoreUriCase: valueAt(match, ['ignoreUriCase']) === true,
    scheme: text('scheme'),
    method: text('method'),
    authority: text('authority'),
    headers: readMap(valueAt(match, ['headers'])),
    withoutHeaders: readMap(valueAt(match, ['withoutHeaders'])),
    queryParams: readMap(valueAt(match, ['queryParams'])),
    port: numberAt(at, ['port'], 0),
    gateways: stringsAt(match, 'gateways').map((name) => gatewayId(name, namespace)),
    sourceLabels: new Map(Object.entries(stringMap(objectAt(match, 'sourceLabels')))),
    sourceNamespace: stringAt(match, 'sourceNamespace') ?? '',
  };
}

function readRedirect(rule: JsonValue | undefined): Redirect | undefined {
  const redirect = objectAt(rule, 'redirect');
  if (redirect === undefined) return undefined;
  const code = valueAt(redirect, ['redirectCode']);
  return {
    status: typeof code === 'number' && code !== 0 ? code : 301,
    scheme: stringAt(redirect, 'scheme'),
    authority: stringAt(redirect, 'authority'),
  };
}

function readDirectResponse(rule: JsonValue | undefined): DirectResponse | undefined {
  const response = objectAt(rule, 'directResponse');
  if (response === undefined) return undefined;
  const status = valueAt(response, ['status']);
  const body = objectAt(response, 'body');
  const text = stringAt(body, 'string') ?? stringAt(body, 'bytes') ?? '';
  return { status: typeof status === 'number' ? status : 0, hasBody: text !== '' };
}

/** An abort without a percentage never happens (TranslateFault in pilot/pkg/networking/core/route/route.go). */
function readAbort(rule: JsonValue | undefined): FaultAbort | undefined {
  const abort = objectAt(rule, 'fault', 'abort');
  if (abort === undefined) return undefined;
  const status = valueAt(abort, ['httpStatus']);
  const percentage = valueAt(abort, ['percentage', 'value']);
  if (typeof status !== 'number' && stringAt(abort, 'grpcStatus') === undefined) return undefined;
  return {
    status: typeof status === 'number' ? status : undefined,
    percentage: typeof percentage === 'number' ? percentage : 0,
  };
}

function readCors(rule: JsonValue | undefined): Cors | undefined {
  const cors = objectAt(rule, 'corsPolicy');
  if (cors === undefined) return undefined;
  const matches = listAt(cors, 'allowOrigins').map((origin) => readStringMatch(origin));
  const plain = stringsAt(cors, 'allowOrigin').map((value) => ({ kind: 'exact', value }) as const);
  const written = valueAt(cors, ['allowOrigins']) !== undefined;
  return {
    origins: written ? matches.filter((match) => match !== undefined) : plain,
    forwardsUnmatched: stringAt(cors, 'unmatchedPreflights') !== 'IGNORE',
  };
}

/** One rule of the `http` list of a VirtualService. */
export function readHttpRule(reader: Reader, at: FieldRef): HttpRule {
  const rule = valueAt(reader.resource.object, at.path);
  const matches = listAt(rule, 'match').map((_, index) =>
    readMatch(reader, { resource: reader.resource, path: [...at.path, 'match', index] }),
  );
  return {
    at,
    name: stringAt(rule, 'name') ?? '',
    matches,
    redirect: readRedirect(rule),
    directResponse: readDirectResponse(rule),
    abort: readAbort(rule),
    cors: readCors(rule),
    rewrites: objectAt(rule, 'rewrite') !== undefined,
    destinations: readDestinations(reader, at),
  };
}
