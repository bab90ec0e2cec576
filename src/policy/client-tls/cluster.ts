import type { DestinationRule } from './destination-rule.js';
import type { RegistryPort, RegistryService } from './registry-service.js';
import type { UpstreamTls } from './upstream-tls.js';

/** What a proxy holds for one port of a service, or of a subset of it (buildOutboundClusters in pilot/pkg/networking/core/cluster.go). */
export interface Cluster {
  readonly service: RegistryService;
  readonly port: RegistryPort;
  readonly subset: string;
  /** The rule that the client uses for the service, whether it speaks of TLS or not. */
  readonly rule: DestinationRule | undefined;
  readonly tls: UpstreamTls;
  /** Connections go to the address that the client dialled: endpoints count for nothing. */
  readonly originalDestination: boolean;
  /** Endpoints that accept HBONE are sent to by it. */
  readonly hbone: boolean;
}
