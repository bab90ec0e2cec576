import type { FieldPath, FieldRef, Resource } from '#documents/document.js';
import { isArray, isObject, listAt, objectAt, stringAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';

/** A Wasm module that proxies load from somewhere. */
export interface WasmModule {
  readonly url: string;
  /** True when a digest says which content is meant. */
  readonly pinned: boolean;
  /** True when it is fetched without TLS. */
  readonly plaintext: boolean;
  readonly at: FieldRef;
}

function moduleOf(url: string, digest: string, at: FieldRef): WasmModule {
  const isLocal = url.startsWith('file://');
  return {
    url,
    pinned: isLocal || digest !== '' || /@sha256:[0-9a-f]{64}$/.test(url),
    plaintext: url.startsWith('http://'),
    at,
  };
}

function ofPlugin(resource: Resource, path: FieldPath): readonly WasmModule[] {
  const plugin = objectAt(resource.object, ...path);
  const url = stringAt(plugin, 'url') ?? '';
  if (url === '') return [];
  return [moduleOf(url, stringAt(plugin, 'sha256') ?? '', { resource, path: [...path, 'url'] })];
}

/** `code.remote` of a Wasm filter, wherever it stands in a patch. */
function remotesIn(value: JsonValue | undefined, at: FieldRef): readonly WasmModule[] {
  if (isArray(value))
    return value.flatMap((item, index) => remotesIn(item, { ...at, path: [...at.path, index] }));
  if (!isObject(value)) return [];
  const remote = objectAt(value, 'code', 'remote');
  const uri = stringAt(remote, 'http_uri', 'uri') ?? stringAt(remote, 'httpUri', 'uri');
  if (remote !== undefined && uri !== undefined) {
    const field = objectAt(remote, 'http_uri') === undefined ? 'httpUri' : 'http_uri';
    return [
      moduleOf(uri, stringAt(remote, 'sha256') ?? '', {
        ...at,
        path: [...at.path, 'code', 'remote', field, 'uri'],
      }),
    ];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    remotesIn(inner, { ...at, path: [...at.path, key] }),
  );
}

/** The Wasm modules that a WasmPlugin, a TrafficExtension or an EnvoyFilter loads (pkg/wasm/convert.go). */
export function wasmModules(resource: Resource): readonly WasmModule[] {
  if (resource.kind === 'WasmPlugin') return ofPlugin(resource, ['spec']);
  if (resource.kind === 'TrafficExtension') return ofPlugin(resource, ['spec', 'wasm']);
  return listAt(resource.object, 'spec', 'configPatches').flatMap((patch, index) =>
    remotesIn(objectAt(patch, 'patch', 'value'), {
      resource,
      path: ['spec', 'configPatches', index, 'patch', 'value'],
    }),
  );
}
