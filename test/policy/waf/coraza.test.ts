import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { envoyFilter, insert, typed } from '../filter-chain/bakery.js';
import { object } from '../manifests.js';
import { bakery, gapOfKind, plugin, rules, told } from './kiln.js';

type Objects = readonly JsonObject[];
type Row = readonly [string, string, Objects];

const crs = [
  'Include @recommended-conf',
  'SecRuleEngine On',
  'Include @crs-setup-conf',
  'Include @owasp_crs/*.conf',
];
const withPlugin = (spec: JsonObject): Objects => [...bakery({ containers: [] }), plugin(spec)];

describe('Coraza’s Wasm module (wasmplugin/config.go and wasmplugin/rules of coraza-proxy-wasm)', () => {
  const sets = (map: JsonObject, more: JsonObject): JsonObject => ({
    pluginConfig: { directives_map: map, ...more },
  });
  const table: readonly Row[] = [
    ['complete', 'inspected', withPlugin(rules(...crs))],
    [
      'On before the recommended file',
      'detects-only: detects-only',
      withPlugin(
        rules(
          'SecRuleEngine On',
          'Include @recommended-conf',
          'Include @crs-setup-conf',
          'Include @owasp_crs/*.conf',
        ),
      ),
    ],
    [
      'the demonstration’s file',
      'partly: body-truncated',
      withPlugin(rules('Include @demo-conf', 'Include @crs-setup-conf', 'Include @owasp_crs/*.conf')),
    ],
    ['Off', 'not-inspected: disabled', withPlugin(rules(...crs, 'SecRuleEngine Off'))],
    [
      'switched by an action',
      'detects-only: detects-only',
      withPlugin(rules(...crs, 'SecAction "id:1,phase:1,pass,nolog,ctl:ruleEngine=DetectionOnly"')),
    ],
    [
      'no rules',
      'not-inspected: no-rules',
      withPlugin(rules('Include @recommended-conf', 'SecRuleEngine On')),
    ],
    [
      'scores that nothing judges',
      'detects-only: detects-only',
      withPlugin(
        rules(
          'Include @recommended-conf',
          'SecRuleEngine On',
          'Include @owasp_crs/REQUEST-942-APPLICATION-ATTACK-SQLI.conf',
        ),
      ),
    ],
    ['no body', 'partly: no-body', withPlugin(rules(...crs, 'SecRequestBodyAccess Off'))],
    [
      'rules of one’s own',
      'inspected',
      withPlugin(
        rules(
          'SecRuleEngine On',
          'SecRequestBodyAccess On',
          'SecRule REQUEST_URI "@contains evil" "id:1,phase:1,deny"',
        ),
      ),
    ],
    ['the former field', 'inspected', withPlugin({ pluginConfig: { rules: crs } })],
    [
      'no default set',
      'partly: no-rules',
      withPlugin(sets({ shop: crs }, { per_authority_directives: { 'shop.example': 'shop' } })),
    ],
    ['no set in use', 'not-inspected: no-rules', withPlugin(sets({ shop: crs }, {}))],
    [
      'a default set that is not there',
      'not-inspected: no-rules',
      withPlugin(sets({ shop: crs }, { default_directives: 'other' })),
    ],
    [
      'one host that only detects',
      'partly: detects-only',
      withPlugin(
        sets(
          { all: crs, shop: [...crs, 'SecRuleEngine DetectionOnly'] },
          { default_directives: 'all', per_authority_directives: { 'shop.example': 'shop' } },
        ),
      ),
    ],
    ['no configuration', 'not-inspected: no-rules', withPlugin({})],
    [
      'open on failure',
      'fails-open: fails-open',
      withPlugin({ ...rules(...crs), failStrategy: 'FAIL_OPEN' }),
    ],
    [
      'a module that can be exchanged',
      'inspected: mutable-module',
      withPlugin({ ...rules(...crs), url: 'oci://ghcr.io/corazawaf/coraza-proxy-wasm:latest' }),
    ],
    [
      'a checksum',
      'inspected',
      withPlugin({
        ...rules(...crs),
        url: 'oci://ghcr.io/corazawaf/coraza-proxy-wasm:latest',
        sha256: 'a'.repeat(64),
      }),
    ],
    [
      'for clients',
      'not-inspected: never-runs-here',
      withPlugin({ ...rules(...crs), match: [{ mode: 'CLIENT' }] }),
    ],
    ['on connections', 'not-inspected: never-runs-here', withPlugin({ ...rules(...crs), type: 'NETWORK' })],
  ];
  it.each(table)('%s: %s', (_, expected, objects) => {
    expect(told(objects)).toBe(expected);
  });

  it('points at the directive that decides', () => {
    const objects = withPlugin(
      rules('SecRuleEngine On', 'Include @recommended-conf', 'Include @owasp_crs/*.conf'),
    );
    expect(gapOfKind(objects, 'detects-only').at.path.join('.')).toBe(
      'spec.pluginConfig.directives_map.default.1',
    );
  });

  it('tells a plugin that runs after authorization', () => {
    const allow = object('security.istio.io/v1/AuthorizationPolicy', 'bakery/some', {
      rules: [{ to: [{ operation: { paths: ['/a'] } }] }],
    });
    expect(told([...withPlugin(rules(...crs)), allow])).toBe('inspected: phase');
    expect(told([...withPlugin({ ...rules(...crs), phase: 'AUTHN' }), allow])).toBe('inspected');
  });

  it('reads the configuration of an EnvoyFilter', () => {
    const value = JSON.stringify({
      directives_map: {
        default: ['SecRuleEngine DetectionOnly', 'Include @owasp_crs/*.conf', 'SecRequestBodyAccess On'],
      },
      default_directives: 'default',
    });
    const filter = {
      name: 'coraza-filter',
      typed_config: typed('http.wasm.v3.Wasm', {
        config: {
          configuration: { '@type': 'type.googleapis.com/google.protobuf.StringValue', value },
          vm_config: { runtime: 'envoy.wasm.runtime.v8', code: { local: { filename: '/build/main.wasm' } } },
        },
      }),
    };
    const objects = [...bakery({ containers: [] }), envoyFilter('bakery/coraza', [insert(filter)])];
    expect(told(objects)).toBe('detects-only: detects-only');
  });
});
