import type { JsonObject } from '#documents/json.js';
import { readMeshConfig } from '#schemas/meshconfig/read-mesh-config.js';

/** A MeshConfig as Istio's reader takes it, or why it refuses it. */
export type ReadMeshConfig = { readonly config: JsonObject } | { readonly error: string };

/** Reads a MeshConfig object: fields under their JSON names, unknown ones left out as Istio does. */
export function readMeshConfigObject(config: JsonObject): ReadMeshConfig {
  const reading = readMeshConfig(config);
  const [first] = reading.errors;
  if (first === undefined) return { config: reading.config };
  return { error: `${first.path.join('.')}: ${first.message}` };
}
