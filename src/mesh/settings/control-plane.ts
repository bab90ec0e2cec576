import type { FieldRef, Problem, Resource } from '#documents/document.js';
import type { JsonObject, JsonValue } from '#documents/json.js';

/** Reads YAML that stands as text inside a field, as Kubernetes' own reader does; undefined when it is broken. */
export type ParseYaml = (text: string) => JsonValue | undefined;

/** A piece of MeshConfig in the input. */
export interface ConfigLayer {
  /** The field that holds it. */
  readonly at: FieldRef;
  /** True when it is text inside the field, or implied by it: nothing inside can be pointed at. */
  readonly opaque: boolean;
  readonly config: JsonObject;
}

/** The MeshConfig that one resource gives, with the pieces it is merged from, in the order they apply. */
export interface MeshConfigSource {
  readonly config: JsonObject;
  readonly layers: readonly ConfigLayer[];
}

/** One environment variable of istiod and where it is set. */
export interface EnvEntry {
  readonly name: string;
  readonly value: string;
  readonly at: FieldRef;
}

/** Sidecar injector settings and where they stand. */
export interface InjectorSource {
  readonly settings: JsonObject;
  readonly at: FieldRef;
}

/** Kind of resource a fact was read from: what is in the cluster says more than what an installer is asked for. */
export type FactOrigin = 'rendered' | 'installer';

/** What one resource tells about the control plane of one revision; `default` for the unnamed one. */
export interface ControlPlaneFacts {
  readonly origin: FactOrigin;
  readonly revision: string;
  /** Namespace that istiod runs in. */
  readonly namespace: string;
  readonly resource: Resource;
  readonly meshConfig?: MeshConfigSource;
  /** Why its MeshConfig cannot be read. */
  readonly refused?: Problem;
  readonly env?: readonly EnvEntry[];
  readonly domainSuffix?: string | undefined;
  readonly version?: string | undefined;
  readonly injector?: InjectorSource | undefined;
}

/** The revision that a name or label says; the empty one is `default`. */
export function revisionName(written: string | undefined): string {
  return written === undefined || written === '' ? 'default' : written;
}

/** The Istio version at the head of an image tag or version field (`v1.30.2-distroless` → `1.30.2`). */
export function versionIn(text: string | undefined): string | undefined {
  return text === undefined ? undefined : /^v?(\d+\.\d+(?:\.\d+)?)(?![\d.])/.exec(text)?.[1];
}
