import type { JsonObject } from '#documents/json.js';

/** The part of a request's body that a filter hands on. */
export interface RequestBody {
  readonly maxRequestBytes: number;
  /** False: a longer body is answered with 413, even where the filter fails open. */
  readonly allowPartialMessage: boolean;
  readonly packAsBytes: boolean;
}

/** How a filter reaches the service that it asks; `none`: it names no service. */
export type Transport = 'grpc' | 'google_grpc' | 'http' | 'none';

export interface ExtAuthzSettings {
  readonly kind: 'ext_authz';
  readonly transport: Transport;
  readonly targetUri: string | undefined;
  /** As written (`0.2s`). */
  readonly timeout: string | undefined;
  readonly failOpen: boolean;
  /** Undefined: no body is sent. */
  readonly body: RequestBody | undefined;
  /** `V3`, or `AUTO` where none is written. */
  readonly apiVersion: string;
  readonly statusOnError: number | undefined;
  /** Share of the requests that are checked; undefined: all. */
  readonly enabledPercent: number | undefined;
  /** Metadata that must be set for a request to be checked: a CUSTOM policy's mark. */
  readonly gatedBy: string | undefined;
  /** Number of patterns of header names that are sent; undefined: the transport's default. */
  readonly allowedHeaders: number | undefined;
  readonly pathPrefix: string | undefined;
}

export interface ExtProcSettings {
  readonly kind: 'ext_proc';
  readonly transport: Transport;
  readonly targetUri: string | undefined;
  readonly failOpen: boolean;
  readonly processingMode: JsonObject;
  readonly allowModeOverride: boolean;
  /** Sends and goes on: answers are ignored. */
  readonly observabilityMode: boolean;
  /** Answers that would end the request are ignored. */
  readonly disableImmediateResponse: boolean;
  readonly messageTimeout: string | undefined;
}

export interface LuaSettings {
  readonly kind: 'lua';
  /** The default script where it stands in the configuration; undefined: in a file, or there is none. */
  readonly code: string | undefined;
  readonly file: string | undefined;
  /** Modules that the default script requires. */
  readonly requires: readonly string[];
  /** True when the default script defines `envoy_on_request`. */
  readonly handlesRequests: boolean;
  /** Scripts that run only on routes that name them. */
  readonly namedSources: readonly string[];
}

export interface WasmSettings {
  readonly kind: 'wasm';
  readonly url: string | undefined;
  readonly failOpen: boolean;
  readonly failurePolicy: string;
  /** True when a plugin configuration is given. */
  readonly configured: boolean;
}

export interface GolangSettings {
  readonly kind: 'golang';
  readonly libraryId: string;
  readonly libraryPath: string;
  readonly pluginName: string;
}

export interface RbacSettings {
  readonly kind: 'rbac';
  /** Names of enforced policies. */
  readonly rules: readonly string[];
  readonly action: 'ALLOW' | 'DENY' | 'LOG' | undefined;
  /** Names of policies that only leave a mark, by which a CUSTOM policy's check is gated. */
  readonly shadowRules: readonly string[];
}

/** What a filter's configuration says, as far as decisions ask; `other` for types without a reading here. */
export type FilterSettings =
  | ExtAuthzSettings
  | ExtProcSettings
  | LuaSettings
  | WasmSettings
  | GolangSettings
  | RbacSettings
  | { readonly kind: 'other' };
