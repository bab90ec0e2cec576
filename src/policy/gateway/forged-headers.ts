import type { FieldPath, FieldRef, Resource } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';

/** A header that a route writes into requests although receivers take it for proof of who calls. */
export interface ForgedHeader {
  readonly name: string;
  /** `identity`: who the client is; `credential`: a secret, readable in the manifest. */
  readonly means: 'identity' | 'credential';
  readonly at: FieldRef;
}

const identity = new Set(['x-forwarded-client-cert', 'x-envoy-peer-metadata-id', 'x-envoy-internal']);
const credential = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-api-key',
  'x-auth-token',
  'api-key',
]);

/** Values that Envoy fills in, and those that a tool fills in before, are no secrets. */
const isFilledIn = (value: string): boolean => /%[A-Z_]+[(%]|\$\{|\$\(|\{\{|<[^>]+>/.test(value);

function meansOf(name: string, value: string): ForgedHeader['means'] | undefined {
  const lower = name.toLowerCase();
  if (identity.has(lower)) return 'identity';
  return credential.has(lower) && value !== '' && !isFilledIn(value) ? 'credential' : undefined;
}

function inMap(resource: Resource, map: JsonValue | undefined, path: FieldPath): readonly ForgedHeader[] {
  return Object.entries(isObject(map) ? map : {}).flatMap(([name, value]) => {
    const means = meansOf(name, typeof value === 'string' ? value : '');
    return means === undefined ? [] : [{ name, means, at: { resource, path: [...path, name] } }];
  });
}

function inOperations(
  resource: Resource,
  headers: JsonValue | undefined,
  path: FieldPath,
): readonly ForgedHeader[] {
  return (['set', 'add'] as const).flatMap((operation) =>
    inMap(resource, objectAt(headers, 'request', operation), [...path, 'headers', 'request', operation]),
  );
}

function ofVirtualService(resource: Resource): readonly ForgedHeader[] {
  return listAt(resource.object, 'spec', 'http').flatMap((rule, index) => {
    const path: FieldPath = ['spec', 'http', index];
    const own = inOperations(resource, objectAt(rule, 'headers'), path);
    const routes = listAt(rule, 'route').flatMap((route, number) =>
      inOperations(resource, objectAt(route, 'headers'), [...path, 'route', number]),
    );
    return [...own, ...routes];
  });
}

function ofHttpRoute(resource: Resource): readonly ForgedHeader[] {
  return listAt(resource.object, 'spec', 'rules').flatMap((rule, index) =>
    listAt(rule, 'filters').flatMap((filter, number) =>
      (['set', 'add'] as const).flatMap((operation) =>
        listAt(filter, 'requestHeaderModifier', operation).flatMap(
          (header, entry): readonly ForgedHeader[] => {
            const name = stringAt(header, 'name') ?? '';
            const means = meansOf(name, stringAt(header, 'value') ?? '');
            const path = [
              'spec',
              'rules',
              index,
              'filters',
              number,
              'requestHeaderModifier',
              operation,
              entry,
            ];
            return means === undefined ? [] : [{ name, means, at: { resource, path } }];
          },
        ),
      ),
    ),
  );
}

/** Headers of identity and credentials that a VirtualService or HTTPRoute writes into requests. */
export function forgedHeaders(route: Resource): readonly ForgedHeader[] {
  return route.kind === 'VirtualService' ? ofVirtualService(route) : ofHttpRoute(route);
}
