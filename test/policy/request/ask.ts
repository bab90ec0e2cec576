import type { JsonObject } from '#documents/json.js';
import { decideRequest } from '#policy/decide-request.js';
import { effectivePolicies } from '#policy/effective-policies.js';
import type { EffectivePolicies } from '#policy/policies.js';
import { readAccessRequest } from '#policy/request/access-request.js';
import type { DecideOptions, RequestDecision } from '#policy/request/request-decision.js';
import { meshOf } from '../../mesh/mesh-of.js';
import type { MeshOfOptions } from '../../mesh/mesh-of.js';

/** A shop with one workload that serves HTTP on 8080 and TCP on 9000, and a port that no Service names. */
export const shop = `
apiVersion: v1
kind: Namespace
metadata: {name: istio-system}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio-injection: enabled}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      serviceAccountName: cart
      containers: [{name: app, image: app, ports: [{containerPort: 8080}, {containerPort: 9000}]}]
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec:
  selector: {app: cart}
  ports:
    - {name: http, port: 80, targetPort: 8080}
    - {name: tcp, port: 9000, targetPort: 9000}
---
apiVersion: v1
kind: Service
metadata: {name: checker, namespace: shop}
spec:
  ports: [{name: http, port: 8000}]
`;

/** A policy of the security API in the namespace of the shop, or another one. */
export function policy(kind: string, name: string, spec: JsonObject, namespace = 'shop'): string {
  const metadata = { name, namespace };
  return JSON.stringify({ apiVersion: 'security.istio.io/v1', kind, metadata, spec });
}

export const authorization = (name: string, spec: JsonObject, namespace = 'shop'): string =>
  policy('AuthorizationPolicy', name, spec, namespace);

/** The mesh configuration as a ConfigMap. */
export function meshConfig(config: JsonObject): string {
  const metadata = { name: 'istio', namespace: 'istio-system' };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: { mesh: JSON.stringify(config) },
  });
}

/** The engine over the shop and further documents. */
export function shopWith(documents: readonly string[], options: MeshOfOptions = {}): EffectivePolicies {
  return effectivePolicies(meshOf([shop, ...documents].join('\n---\n'), options));
}

const base: JsonObject = {
  from: { namespace: 'shop', serviceAccount: 'web' },
  ip: '10.0.0.10',
  to: { namespace: 'shop', workload: 'Deployment/cart', port: 8080 },
  http: { method: 'GET', path: '/', host: 'cart.shop' },
};

/** Decides a request to the cart; what is not given is a GET of / by a mesh client. `http: null` sends raw bytes. */
export function ask(
  policies: EffectivePolicies,
  change: JsonObject = {},
  options?: DecideOptions,
): RequestDecision {
  const http =
    change['http'] === null
      ? undefined
      : { ...(base['http'] as JsonObject), ...(change['http'] as JsonObject | undefined) };
  const request = readAccessRequest({ ...base, ...change, http });
  if (typeof request === 'string') throw new Error(request);
  return decideRequest(policies, request, options);
}

/** The verdict with the stage and rule that denied, in one line. */
export function outcome({ verdict, stage, by }: RequestDecision): string {
  return [verdict, stage, by && `${by.policy}[${String(by.rule)}]`]
    .filter((part) => part !== undefined)
    .join(' ');
}
