import type { FieldRef } from '#documents/document.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { ChainMatch, ChainTls } from './filter-chain.js';

/** Name of the filter that runs HTTP filters. */
export const connectionManager = 'envoy.filters.network.http_connection_manager';

export const connectionManagerType =
  'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';

/** Names of the listeners through which a sidecar's redirected traffic comes. */
export const virtualInbound = 'virtualInbound';
export const virtualOutbound = 'virtualOutbound';

/** A filter while it is patched; patches change it in place as istiod's do, so that a panic leaves what was done. */
export interface FilterModel {
  /** The message HttpFilter or Filter; of what istiod sends only name and type. Of HTTP filters inside: see `http`. */
  config: JsonObject;
  stock: boolean;
  readonly by: FieldRef | undefined;
  readonly changedBy: FieldRef[];
  /** Of a network filter that holds HTTP filters. */
  readonly http: HttpModel | undefined;
}

/** What a connection manager holds. */
export interface HttpModel {
  filters: FilterModel[];
  /** The routes: inline, or those that the control plane delivers under the name. */
  routes: RouteConfigModel | undefined;
}

/** A part of the routes with settings of filters. */
export interface RouteScope {
  config: JsonObject;
  readonly overrides: Map<string, OverrideModel>;
}

export interface OverrideModel {
  readonly value: JsonValue;
  readonly by: FieldRef | undefined;
}

export interface RouteModel extends RouteScope {
  name: string;
  action: 'ROUTE' | 'REDIRECT' | 'DIRECT_RESPONSE' | 'OTHER';
  readonly by: FieldRef | undefined;
}

export interface VirtualHostModel extends RouteScope {
  name: string;
  domains: readonly string[];
  routes: RouteModel[];
  readonly by: FieldRef | undefined;
}

export interface RouteConfigModel extends RouteScope {
  name: string;
  virtualHosts: VirtualHostModel[];
  /** Changed by patches otherwise than by settings of filters. */
  changed: boolean;
}

export interface ChainModel {
  name: string;
  match: ChainMatch;
  tls: ChainTls;
  /** Undefined: the chain is removed. */
  filters: FilterModel[] | undefined;
  readonly port: number | undefined;
  readonly passthrough: boolean;
  readonly servers: readonly { readonly at: FieldRef; readonly port: number }[];
  readonly by: FieldRef | undefined;
  changed: boolean;
}

export interface ListenerModel {
  readonly kind: 'inbound' | 'outbound' | 'gateway' | 'added';
  /** Empty: the listener is removed. */
  name: string;
  readonly port: number | undefined;
  chains: ChainModel[];
  defaultChain: ChainModel | undefined;
  /** Listener filters by name that patches added. */
  listenerFilters: JsonValue[];
  readonly by: FieldRef | undefined;
  changed: boolean;
  /** Why Envoy refuses it as istiod sends it. */
  readonly rejected: string | undefined;
}

/** A match that asks for nothing. */
export const anyMatch: ChainMatch = {
  destinationPort: undefined,
  transportProtocol: '',
  applicationProtocols: [],
  serverNames: [],
};

/** A filter that istiod sends by itself. */
export function stockFilter(name: string, type: string, http?: HttpModel): FilterModel {
  const config = { name, typed_config: { '@type': `type.googleapis.com/${type}` } };
  return { config, stock: true, by: undefined, changedBy: [], http };
}

/** Name of a filter, a listener or a cluster. */
export function nameOf(config: JsonObject): string {
  const { name } = config;
  return typeof name === 'string' ? name : '';
}
