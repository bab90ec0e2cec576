/** An API that Istio no longer has: an object of it does nothing, whatever it says. */
export interface RemovedApi {
  /** What the object was for. */
  readonly purpose: string;
  /** Istio release that no longer had it. */
  readonly removedIn: string;
  /** What does its work today. */
  readonly replacement: string;
}

const rbac: RemovedApi = {
  purpose: 'authorization (the RBAC API v1alpha1)',
  removedIn: '1.6',
  replacement: 'AuthorizationPolicy (security.istio.io/v1)',
};

const authentication: RemovedApi = {
  purpose: 'mutual TLS and end-user authentication (the authentication API v1alpha1)',
  removedIn: '1.6',
  replacement: 'PeerAuthentication and RequestAuthentication (security.istio.io/v1)',
};

const mixer: RemovedApi = {
  purpose: 'Mixer policy and telemetry',
  removedIn: '1.8',
  replacement: 'Telemetry (telemetry.istio.io/v1), AuthorizationPolicy with action CUSTOM, or WasmPlugin',
};

function routing(kind: string, replacement: string): readonly [string, RemovedApi] {
  const purpose = `traffic routing (${kind} of the API before 1.0)`;
  return [`config.istio.io/${kind}`, { purpose, removedIn: '1.0', replacement: `${replacement} (networking.istio.io/v1)` }];
}

const sail: RemovedApi = {
  purpose: 'installing Istio with an early Sail operator',
  removedIn: 'Sail operator 1.0',
  replacement: 'the same kind in group sailoperator.io/v1',
};

/** Whole groups that are gone. Source: Istio's release and upgrade notes of the releases named. */
const groups: ReadonlyMap<string, RemovedApi> = new Map([
  ['rbac.istio.io', rbac],
  ['authentication.istio.io', authentication],
  ['config.istio.io', mixer],
]);

/** Single kinds that are gone, or that were replaced by something else than the rest of their group. */
const kinds: ReadonlyMap<string, RemovedApi> = new Map([
  routing('RouteRule', 'VirtualService'),
  routing('DestinationPolicy', 'DestinationRule'),
  routing('EgressRule', 'ServiceEntry'),
  ['operator.istio.io/Istio', sail],
  ['operator.istio.io/IstioCNI', sail],
  ['operator.istio.io/IstioRevision', sail],
  [
    'install.istio.io/IstioControlPlane',
    { purpose: 'installing Istio with the operator of 1.4', removedIn: '1.5', replacement: 'IstioOperator (install.istio.io/v1alpha1)' },
  ],
]);

/** What an API was, when it went and what replaces it; undefined for an API that Istio still has or never had. */
export function removedApi(group: string, kind: string): RemovedApi | undefined {
  return kinds.get(`${group}/${kind}`) ?? groups.get(group);
}
