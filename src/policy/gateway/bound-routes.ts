import type { Resource } from '#documents/document.js';
import type { HttpRule, StreamRule } from './route.js';

/** Routes of one object (or of several of the Gateway API, merged) in the form of a VirtualService. */
export interface BoundRoutes {
  readonly name: string;
  readonly namespace: string;
  /** The object that its age is taken from. */
  readonly resource: Resource;
  readonly hosts: readonly string[];
  /** Gateways by `namespace/name`; `mesh` for sidecars. */
  readonly gateways: readonly string[];
  /** Namespaces whose proxies see it; `*` for all, `~` for none. */
  readonly exportTo: ReadonlySet<string>;
  /** The Gateway API matches path prefixes by segments and answers 500 for missing backends. */
  readonly semantics: 'istio' | 'gateway-api';
  /** The one kind of the Gateway API whose TLS rules may also serve terminated connections. */
  readonly fromTlsRoute: boolean;
  readonly http: readonly HttpRule[];
  readonly tcp: readonly StreamRule[];
  readonly tls: readonly StreamRule[];
}
