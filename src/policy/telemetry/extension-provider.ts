import { isObject, listAt, stringAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';

/** Providers that exist without being declared (DefaultMeshConfig in pkg/config/mesh/mesh.go). */
const builtIn: readonly JsonObject[] = [
  { name: 'prometheus', prometheus: {} },
  { name: 'stackdriver', stackdriver: {} },
  { name: 'envoy', envoyFileAccessLog: { path: '/dev/stdout' } },
];

/** The extension provider of a name, in any case, built-in ones included (fetchProvider in pilot/pkg/model/telemetry.go). */
export function extensionProvider(config: JsonObject, name: string): JsonObject | undefined {
  const declared = listAt(config, 'extensionProviders').filter(isObject);
  const names = new Set(declared.map((provider) => stringAt(provider, 'name')));
  const all = [...builtIn.filter((provider) => !names.has(stringAt(provider, 'name'))), ...declared];
  return all.find((provider) => stringAt(provider, 'name')?.toLowerCase() === name.toLowerCase());
}
