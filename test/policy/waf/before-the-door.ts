import { objectAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import { effectivePolicies } from '#policy/effective-policies.js';
import { gapsOf } from '#policy/waf/verdict.js';
import { meshOf } from '../../mesh/mesh-of.js';
import { door, gateway, routes, server, town } from '../gateway/edge.js';
import { asText } from '../manifests.js';
import { web } from './wall.js';

const shop = [
  ...town,
  ...door(),
  gateway('edge/gw', [server('HTTP', 80, ['shop.example'])]),
  routes('shop/one', ['shop.example'], [web]),
];

/** `verdict: gaps` of the route that the gateway's pods serve. */
export function told(...parts: readonly JsonObject[]): string {
  const mesh = meshOf(asText([...shop, ...parts]), { scope: 'complete' });
  const [route] = effectivePolicies(mesh)
    .waf.routes()
    .filter(({ gateway: pods }) => pods !== undefined);
  if (route === undefined) return 'no route';
  const { inspection } = route;
  const kinds = [...new Set(gapsOf(inspection).map(({ kind }) => kind))].sort().join(' ');
  const verdict = inspection.known
    ? inspection.value.verdict
    : `unknown(${inspection.missing.map(({ key }) => key).join(' ')})`;
  return kinds === '' ? verdict : `${verdict}: ${kinds}`;
}

export const toDoor = { service: 'door', port: 80 };

export const classed = (part: JsonObject, ingressClassName: string): JsonObject => ({
  ...part,
  spec: { ...objectAt(part, 'spec'), ingressClassName },
});

export function configMap(place: string, data: JsonObject): JsonObject {
  const [namespace = '', name = ''] = place.split('/');
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name }, data };
}
