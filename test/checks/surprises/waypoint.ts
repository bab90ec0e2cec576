import { surprises } from './surprise.js';

/** What a waypoint enforces. */
export const waypoint = surprises('6', [
  ['1', 'ipBlocks never match at a waypoint', 'AUTHZ-024 open', 'fields'],
  ['2', 'The X-Forwarded-For of the client counts', 'AUTHZ-019 waypoint', 'waypoint'],
  ['3', 'Ports are those of the Service', 'AUTHZ-011 waypoint', 'waypoint'],
  ['4', 'The SNI never matches', 'AUTHZ-024 closed', 'fields'],
  ['5', 'A namespace in a targetRef is refused', 'REF-002 refused', 'surprises'],
  ['6', 'A Gateway of another class serves as a waypoint', 'the policies bound to it hold there'],
  ['7', 'A waypoint that is not there or not ready is passed by', 'ENR-006 refused', 'missing'],
  ['7 policy', 'Policies for a Service without waypoint do nothing', 'AUTHZ-020 unbound', 'unbound'],
  [
    '8',
    'Traffic to the address of a pod is not asked by policies of the Service',
    'AUTHZ-023 bypassed',
    'open',
  ],
  ['9', 'Without targetRefs an HTTP-only DENY does nothing', 'AUTHZ-005 dead', 'ambient-without-waypoint'],
  [
    '10',
    'The layered flag enforces policies of the Gateway twice',
    'closed: HTTP-only rules deny at the tunnel',
  ],
  ['11', 'CUSTOM without targetRefs does nothing', 'AUTHZ-010 custom', 'custom'],
  ['12', 'Gateways and sidecars go past the waypoint', 'AUTHZ-023 bypassed', 'open'],
  ['13', 'A foreign trust domain is refused', 'stricter than at a gateway'],
  ['14', 'A port that the Service does not have is closed', 'nothing is reached'],
]);
