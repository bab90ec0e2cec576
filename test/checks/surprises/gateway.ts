import { surprises } from './surprise.js';

/** Authorization, tokens and CUSTOM at ingress gateways. */
export const gateway = surprises('5', [
  ['A.1', 'The authorizer is not asked where only a claim makes a route', 'GW-019 skipped', 'claim-only'],
  ['A.2', 'The authorizer is not asked about requests without a route', 'they are answered with 404'],
  ['A.3', 'ISTIO_MUTUAL servers look at the CA, not at the trust domain', 'GW-034 any', 'namespace'],
  ['A.4', 'gatewayTopology of a pod replaces that of the mesh', 'GW-022 dropped', 'only-proxy-protocol'],
  ['B.1', 'Ports of policies are those of the pod', 'GW-029 dead', 'service-port'],
  ['B.2', 'With the flag off policies for all do not reach the gateway', 'AUTHZ-037 unread', 'flag-off'],
  ['B.3', 'targetRefs of another namespace attach nothing', 'AUTHZ-025 elsewhere', 'application-namespace'],
  ['B.4', 'A selector beside targetRefs is refused', 'REF-002 refused', 'surprises'],
  ['B.5', 'Policies do not hold at AUTO_PASSTHROUGH', 'GW-013 shared', 'on-the-ingress'],
  ['B.6', 'An HTTP-only DENY closes passthrough servers', 'GW-020 closed', 'passthrough'],
  ['B.7', 'CUSTOM in dry run refuses', 'AUTHZ-006 custom', 'custom-stored'],
  [
    'B.8',
    'Routes by claims need a RequestAuthentication at the gateway',
    'GW-032 never',
    'no-request-authentication',
  ],
  ['C.1', 'A host with a port passes and is routed', 'AUTHZ-014 portless', 'gateway-api'],
  ['C.2', 'Addresses are those of the direct peer', 'GW-024 hidden', 'cluster-policy'],
  [
    'C.2 hops',
    'More trusted proxies than there are let clients choose',
    'no manifest shows how many proxies stand in front',
  ],
  ['C.3', 'Policies come before redirects and answers of routes', 'requests are refused earlier, none later'],
  ['C.3 case', 'A route that ignores case is reached past a path', 'GW-035 spelling', 'capitals'],
  ['C.4', 'A mesh-wide default deny closes the gateway', 'GW-021 nothing', 'mesh-wide-default-deny'],
  [
    'C.4 negative',
    'An exclusion of identities matches everybody outside',
    'AUTHZ-003 absent',
    'not-namespaces',
  ],
  ['C.5', 'Names of a foreign CA count as identities', 'GW-027 foreign', 'principals-at-mutual'],
  ['C.6', 'SNI and host are both chosen by the client', 'GW-036 chosen', 'wildcard-server'],
  [
    'C.7',
    'Policies of the namespace of the application do nothing there',
    'AUTHZ-025 elsewhere',
    'application-namespace',
  ],
  [
    'C.8',
    'Token rules for the mesh refuse foreign tokens at every gateway',
    'closed: requests with such tokens are refused',
  ],
  ['C.9', 'Policies see some headers as the gateway writes them', 'forged ones are removed'],
  ['C.10', 'An HTTP provider is not asked at passthrough servers', 'AUTHZ-028 skipped', 'passthrough'],
]);
