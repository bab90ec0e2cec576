import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { deployment, meshConfig, object, service } from '../manifests.js';
import { at, check, cluster, decide, envoyFilter, insert, lua, oven, patch, router } from './bakery.js';

/** Ids of the proxies that the object called `bakery/name` changes. */
function changes(name: string, ...objects: readonly JsonObject[]): readonly string[] {
  const policies = decide(...objects);
  const found = policies.mesh.resources.find(
    (resource) => resource.name === name && resource.kind !== 'Deployment',
  );
  const decision = found && policies.extensionEffect(found);
  if (decision?.known !== true) throw new Error(`nothing is known of ${name}`);
  return decision.value.changes;
}

const waf = envoyFilter('bakery/waf', [insert(check('guard'))], { labels: { app: 'oven' } });
const till = 'bakery/Deployment/till';

describe('whether an object changes anything', () => {
  it('tells the proxies', () => {
    expect(changes('waf', waf)).toEqual([oven]);
    expect(changes('waf', envoyFilter('bakery/waf', [insert(check('guard'))]))).toEqual([oven, till]);
  });

  const inert: readonly (readonly [string, readonly JsonObject[]])[] = [
    ['no patches', [envoyFilter('bakery/waf', [])]],
    [
      'a selector that selects nothing',
      [envoyFilter('bakery/waf', [insert(check('guard'))], { labels: { app: 'x' } })],
    ],
    [
      'an anchor that is not there',
      [envoyFilter('bakery/waf', [insert(check('guard'), at('envoy.filters.http.absent'))])],
    ],
    [
      'another version',
      [
        envoyFilter('bakery/waf', [
          insert(check('guard'), { ...at(router), proxy: { proxyVersion: '^1\\.19' } }),
        ]),
      ],
    ],
    [
      'an insert that is removed again',
      [
        waf,
        envoyFilter('bakery/off', [patch('HTTP_FILTER', 'REMOVE', undefined, at('guard'))], { priority: 1 }),
      ],
    ],
    [
      'the same as another object does',
      [
        envoyFilter('bakery/waf', [patch('CLUSTER', 'ADD', cluster('a'))]),
        envoyFilter('bakery/too', [patch('CLUSTER', 'ADD', cluster('a'))]),
      ],
    ],
    [
      'MERGE of what is not taken',
      [
        envoyFilter('bakery/waf', [
          patch('HTTP_FILTER', 'MERGE', { name: router, disabled: true }, at(router)),
        ]),
      ],
    ],
    [
      'a configuration that nobody asks for',
      [
        envoyFilter('bakery/waf', [
          patch('EXTENSION_CONFIG', 'ADD', { name: 'x', typed_config: lua('x')['typed_config'] ?? null }),
        ]),
      ],
    ],
    [
      'settings of routes in another context',
      [envoyFilter('bakery/waf', [patch('VIRTUAL_HOST', 'MERGE', { name: 'x' }, { context: 'GATEWAY' })])],
    ],
  ];

  it.each(inert)('is inert: %s', (_, objects) => {
    expect(changes('waf', ...objects)).toEqual([]);
  });

  it('sees what is done to outbound listeners alone', () => {
    const outbound = envoyFilter('bakery/waf', [
      insert(check('guard'), { ...at(router), context: 'SIDECAR_OUTBOUND' }),
    ]);
    expect(changes('waf', outbound)).toEqual([oven, till]);
    const nowhere = { context: 'SIDECAR_OUTBOUND', listener: { portNumber: 4711 } };
    expect(changes('waf', envoyFilter('bakery/waf', [insert(check('guard'), nowhere)]))).toEqual([]);
  });

  it('sees what it takes from others', () => {
    const odd = patch('HTTP_FILTER', 'MERGE', lua('x'), at('envoy.filters.http.cors'));
    expect(
      changes(
        'odd',
        envoyFilter('istio-system/root', [insert(check('guard'))]),
        envoyFilter('bakery/odd', [odd]),
      ),
    ).toEqual([oven, till]);
    expect(changes('odd', envoyFilter('bakery/odd', [odd]))).toEqual([]);
  });

  it('knows plugins and CUSTOM policies', () => {
    const plugin = object('extensions.istio.io/v1alpha1/WasmPlugin', 'bakery/waf', { url: 'x' });
    expect(changes('waf', plugin)).toEqual([oven, till]);
    const config = meshConfig({
      extensionProviders: [
        { name: 'a', envoyExtAuthzGrpc: { service: 'opa.depot.svc.cluster.local', port: 90 } },
      ],
    });
    const policy = object('security.istio.io/v1/AuthorizationPolicy', 'bakery/ask', {
      action: 'CUSTOM',
      provider: { name: 'a' },
      rules: [{}],
      selector: { matchLabels: { app: 'oven' } },
    });
    const asked = [config, deployment('depot/opa'), service('depot/opa', [{ name: 'grpc', port: 90 }])];
    expect(changes('ask', ...asked, policy)).toEqual([oven]);
  });
});
