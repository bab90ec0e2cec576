import type { Mesh } from '#mesh/mesh.js';
import { listAt, stringsAt } from '#documents/json.js';
import { perMesh } from '#policy/gateway/per-mesh.js';
import { istiodFlag } from '#policy/istiod-flag.js';
import type { InboundProtocol, MtlsMode } from '#policy/policies.js';
import type { Chain } from '#policy/rule/rule.js';
import type { AccessRequest, Client } from './access-request.js';
import { isRequestTarget } from './request-target.js';

/** What becomes of a connection before any filter runs. */
export type Admission =
  | { readonly admitted: false; readonly reason: string }
  | {
      readonly admitted: true;
      readonly chain: Chain;
      readonly identity: string | undefined;
      readonly sni: string;
      readonly reason: string;
    }
  /** The proxy hands the bytes on, or answers them, without asking any policy. */
  | { readonly admitted: true; readonly chain: 'none'; readonly reason: string };

function readTrustedDomains(mesh: Mesh): ReadonlySet<string> | undefined {
  if (istiodFlag(mesh, 'PILOT_SKIP_VALIDATE_TRUST_DOMAIN', false)) return undefined;
  const { trustDomain, trustDomainAliases, config } = mesh.settings;
  const authorities = listAt(config, 'caCertificates').flatMap((authority) =>
    stringsAt(authority, 'trustDomains'),
  );
  return new Set([trustDomain, ...trustDomainAliases, ...authorities].filter((domain) => domain !== ''));
}

/** Trust domains of peers that a proxy accepts; undefined when any will do (pilot/pkg/networking/plugin/authn/util.go). */
export const trustedDomains: (mesh: Mesh) => ReadonlySet<string> | undefined = perMesh(readTrustedDomains);

/** How the port is set up, and which peers are trusted. */
export interface PortSetup {
  readonly mode: MtlsMode;
  readonly protocol: InboundProtocol;
  readonly trustDomain: string;
  readonly trusted: ReadonlySet<string> | undefined;
}

type MeshClient = Extract<Client, { readonly kind: 'mesh' }>;

/** Methods that Envoy's HTTP/1 parser knows. */
const methods: ReadonlySet<string> = new Set(
  (
    'ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK MERGE MKACTIVITY MKCALENDAR MKCOL MOVE MSEARCH NOTIFY ' +
    'OPTIONS PATCH POST PROPFIND PROPPATCH PURGE PUT REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND UNLINK UNLOCK ' +
    'UNSUBSCRIBE'
  ).split(' '),
);

/** The chain that reads the bytes; on an HTTP chain they must be HTTP, or the codec answers 400. */
function chainFor(protocol: InboundProtocol, isHttp: boolean): Chain {
  if (protocol === 'AUTO') return isHttp ? 'http' : 'tcp';
  return protocol === 'HTTP' ? 'http' : 'tcp';
}

function codecProblem({ http }: AccessRequest): string | undefined {
  if (http === undefined) return 'the port speaks HTTP and the bytes are none';
  if (!methods.has(http.method)) return `${http.method} is no method that the proxy knows`;
  return isRequestTarget(http.path) ? undefined : 'the request target is not well-formed';
}

function admit(
  request: AccessRequest,
  protocol: InboundProtocol,
  peer: {
    readonly identity?: string;
    readonly sni: string;
    readonly isHttp: boolean;
    readonly reason: string;
  },
): Admission {
  const chain = chainFor(protocol, peer.isHttp);
  const problem = chain === 'http' ? codecProblem(request) : undefined;
  if (problem !== undefined) return { admitted: false, reason: `${problem} (400)` };
  return { admitted: true, chain, identity: peer.identity, sni: peer.sni, reason: peer.reason };
}

/** URI name of the certificate of a workload of a mesh. */
export function identityOf({ namespace, serviceAccount }: MeshClient, trustDomain: string): string {
  return `spiffe://${trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}

function admitMeshClient(request: AccessRequest, client: MeshClient, setup: PortSetup): Admission {
  if (setup.mode === 'DISABLE')
    return { admitted: false, reason: 'the client asks for mutual TLS, the port does not offer it' };
  const domain = client.trustDomain ?? setup.trustDomain;
  if (setup.trusted !== undefined && !setup.trusted.has(domain))
    return { admitted: false, reason: `certificates of trust domain ${domain} are not accepted` };
  const identity = identityOf(client, domain);
  // The client's sidecar tells by ALPN whether it sends HTTP, so the bytes are not looked at.
  const sni = (request.sni ?? '').toLowerCase();
  return admit(request, setup.protocol, {
    identity,
    sni,
    isHttp: request.http !== undefined,
    reason: `mutual TLS as ${identity}`,
  });
}

function admitPlaintext(request: AccessRequest, setup: PortSetup): Admission {
  if (setup.mode === 'STRICT') return { admitted: false, reason: 'the port takes mutual TLS only' };
  const isHttp = request.http !== undefined && isRequestTarget(request.http.path);
  return admit(request, setup.protocol, { sni: '', isHttp, reason: 'plaintext, without identity' });
}

/** TLS that is not the mesh's is handed on unopened where the port is not known to speak HTTP. */
function admitForeignTls(request: AccessRequest, setup: PortSetup): Admission {
  if (setup.mode === 'STRICT') return { admitted: false, reason: 'the client shows no certificate' };
  if (setup.mode === 'PERMISSIVE' && setup.protocol === 'HTTP')
    return { admitted: false, reason: 'no filter chain takes TLS without a mesh certificate' };
  if (setup.protocol === 'HTTP')
    return {
      admitted: true,
      chain: 'none',
      reason: 'TLS bytes on a plaintext HTTP port: no filter reads them',
    };
  // The TLS inspector runs only where some chain of the port asks for TLS.
  const sni = setup.mode === 'PERMISSIVE' ? (request.sni ?? '').toLowerCase() : '';
  return {
    admitted: true,
    chain: 'tcp',
    identity: undefined,
    sni,
    reason: 'TLS handed on unopened, without identity',
  };
}

/**
 * Which filter chain of a sidecar's inbound listener takes a connection, and as whom
 * (pilot/pkg/networking/core/filterchain_options.go and listener_inbound.go; BuildInboundTLS in
 * pilot/pkg/security/authn/utils/utils.go).
 */
export function admission(request: AccessRequest, setup: PortSetup): Admission {
  switch (request.from.kind) {
    case 'mesh':
      return admitMeshClient(request, request.from, setup);
    case 'plaintext':
      return admitPlaintext(request, setup);
    case 'foreign-tls':
      return admitForeignTls(request, setup);
  }
}

/**
 * Which filter chain of a waypoint takes what comes out of a tunnel. The bytes inside are plain, so they are looked at
 * where the protocol is not declared (buildWaypointInternal in pilot/pkg/networking/core/listener_waypoint.go).
 */
export function admissionInTunnel(
  request: AccessRequest,
  tunnel: { readonly protocol: InboundProtocol; readonly identity: string; readonly sni: string },
): Admission {
  const { protocol, identity, sni } = tunnel;
  const isHttp = request.http !== undefined && isRequestTarget(request.http.path);
  return admit(request, protocol, { identity, sni, isHttp, reason: `in the tunnel as ${identity}` });
}
