import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { namespace, object, policiesOf } from '../manifests.js';
import { nameOf, outside, shop } from './wall.js';

const way = object('gateway.networking.k8s.io/v1/Gateway', 'shop/way', {
  gatewayClassName: 'istio-waypoint',
  listeners: [{ name: 'mesh', port: 15008, protocol: 'HBONE' }],
});

const plugin = object('extensions.istio.io/v1alpha1/WasmPlugin', 'shop/coraza', {
  targetRefs: [{ kind: 'Gateway', group: 'gateway.networking.k8s.io', name: 'way' }],
  url: 'oci://ghcr.io/corazawaf/coraza-proxy-wasm:1',
  pluginConfig: {
    default_directives: 'all',
    directives_map: { all: ['SecRuleEngine On', 'Include @owasp_crs/*.conf', 'SecRequestBodyAccess On'] },
  },
});

/** A Service whose ports are read as HTTP: a waypoint runs plugins on no other. */
function readAsHttp(part: JsonObject): JsonObject {
  const text = JSON.stringify(part).replaceAll('"tcp-', '"http-');
  return JSON.parse(text) as JsonObject;
}

function verdicts(labels: Readonly<Record<string, string>>): ReadonlySet<string> {
  const ambient = namespace('shop', {
    'istio.io/dataplane-mode': 'ambient',
    'istio.io/use-waypoint': 'way',
    ...labels,
  });
  const read = shop.map((part) => (part['kind'] === 'Service' ? readAsHttp(part) : part));
  const rest = read.filter((part: JsonObject) => !(part['kind'] === 'Namespace' && nameOf(part) === 'shop'));
  const { routes: every } = policiesOf([ambient, ...rest, outside, way, plugin]).waf;
  const routes = every();
  return new Set(routes.map(({ inspection }) => (inspection.known ? inspection.value.verdict : 'unknown')));
}

describe('requests from a gateway to a workload behind a waypoint (istio.io/ingress-use-waypoint)', () => {
  it('go past it by default', () => {
    expect(verdicts({})).toEqual(new Set(['not-inspected']));
  });

  it('pass it where the namespace says so', () => {
    expect(verdicts({ 'istio.io/ingress-use-waypoint': 'true' })).toEqual(new Set(['inspected']));
  });
});
