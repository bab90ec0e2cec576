import type { FieldRef } from '#documents/document.js';
import type { Workload } from '#mesh/mesh.js';
import type { FilterChain, TerminatedTls } from './filter-chain.js';

/** One way by which a workload is reached from outside the mesh. */
export interface Exposure {
  /** Through a gateway's routes, straight through a Service that is open to the outside, or by a Kubernetes Ingress. */
  readonly by: 'gateway' | 'service' | 'ingress';
  /** The pods that take the connections first; undefined where the input does not show them. */
  readonly gateway: Workload | undefined;
  /** The gateway pod's port; for Services the port of the load balancer or node; undefined for an Ingress. */
  readonly port: number | undefined;
  /** Host that clients ask for, by SNI or Host header; `*` for any. */
  readonly host: string;
  /** What of the paths is let through, for people (`/api…`); undefined: every path. */
  readonly path: string | undefined;
  /** TLS as the outside sees it; `DIRECT`: the workload's own proxy answers, by its peer authentication. */
  readonly tls: FilterChain['mode'] | 'DIRECT';
  readonly clientCertificate: TerminatedTls['clientCertificate'];
  /** The rule that lets traffic through to the workload. */
  readonly at: FieldRef;
  /** The server or listener that it comes in by. */
  readonly server: FieldRef | undefined;
  /** True when nothing shows that clients outside of the cluster get there: only Services of type ClusterIP lead to it. */
  readonly clusterOnly: boolean;
  /** Why nobody gets through for the time being: a credential that the gateway does not get. */
  readonly blocked: string | undefined;
}
