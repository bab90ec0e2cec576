import type { Framework } from './framework.js';

/** What Istio's own documentation recommends; clause names are ours, the page does not number them. */
export const istio: Framework = {
  id: 'istio-best-practices',
  title: 'Istio security best practices',
  version: '2026-07',
  url: 'https://istio.io/latest/docs/ops/best-practices/security/',
  clauses: {
    'strict-mtls': 'Use mutual TLS in STRICT mode',
    'authorization-policies': 'Use authorization policies, mutual TLS only authenticates',
    'default-deny': 'Deny by default, allow explicitly',
    'safe-patterns': 'ALLOW with positive, DENY with negative matches',
    'path-normalization': 'Choose the path normalization that the backend needs',
    'host-matching': 'Match hosts with and without port, at gateways',
    'server-first-protocols': 'Authorization does not protect what a server sends first',
    'traffic-capture': 'Know which traffic the proxy does not capture',
    'network-policy': 'Defence in depth with NetworkPolicy',
    egress: 'Secure egress by gateway and network policy',
    'registry-only': 'Refuse destinations that the mesh does not know, as far as the proxy can',
    'tls-origination': 'TLS origination with CA, names and SNI',
    'gateway-hosts': 'No overly broad hosts on gateways',
    'gateway-isolation': 'Isolate sensitive services behind a gateway of their own',
    'explicit-protocols': 'Declare protocols explicitly',
    'validate-configuration': 'Validate configuration before and after it is applied',
    'cni-plugin': 'Use the CNI plugin, so that pods need no network capabilities',
    'maturity-of-features': 'Avoid alpha and experimental features',
    'downstream-connections': 'Limit connections from downstream',
    'mandatory-token': 'Refuse requests without a valid token',
    'supported-release': 'Stay on a supported, patched release',
  },
};
