import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { at, check, cluster, envoyFilter, insert, patch, router } from '../filter-chain/bakery.js';
import { meshConfig, object } from '../manifests.js';
import { configMap } from './before-the-door.js';
import { bakery, plugin, told } from './kiln.js';

type Objects = readonly JsonObject[];

const selected = { labels: { app: 'oven' } };

/** The oven with an engine beside it that its sidecar asks by ext_authz on a port. */
function asked(container: JsonObject, port: number, spec: JsonObject = {}): Objects {
  const value = check('envoy.filters.http.ext_authz', {
    grpc_service: { envoy_grpc: { cluster_name: 'engine' }, timeout: '1s' },
    with_request_body: { max_request_bytes: 8192 },
  });
  const added = cluster('engine', '127.0.0.1', port, { http2_protocol_options: {} });
  const own = [insert(value, at(router)), patch('CLUSTER', 'ADD', added, { context: 'SIDECAR_OUTBOUND' })];
  return [...bakery({ containers: [container], spec }), envoyFilter('bakery/waf', own, selected)];
}

const variables = (env: Readonly<Record<string, string>>): readonly JsonObject[] =>
  Object.entries(env).map(([name, value]) => ({ name, value }));

describe('modes of engines that manifests hold', () => {
  const dikastes = (...args: readonly string[]): Objects =>
    asked(
      { name: 'dikastes', image: 'quay.io/tigera/dikastes:v3.21', args: ['server', '-waf-enabled', ...args] },
      55_555,
    );
  it.each<[readonly string[], string]>([
    [[], 'inspected'],
    [['-waf-directive=SecRuleEngine On'], 'inspected'],
    [['-waf-directive=SecRuleEngine DetectionOnly'], 'detects-only: detects-only'],
    [['-waf-directive', 'SecRuleEngine DetectionOnly'], 'detects-only: detects-only'],
    [['-waf-directive=SecRuleEngine DetectionOnly', '-waf-directive=SecRuleEngine On'], 'inspected'],
    [['-waf-directive=Include @recommended-conf'], 'detects-only: detects-only'],
  ])('dikastes %j: %s', (args, expected) => {
    expect(told(dikastes(...args))).toBe(expected);
  });

  it.each([
    [{}, 'inspected'],
    [{ ENVOY_BOUNCER_WAF_FAILOPEN: 'true' }, 'fails-open: fails-open'],
  ])('CrowdSec %j: %s', (env, expected) => {
    const image = 'ghcr.io/kdwils/envoy-proxy-bouncer:1';
    const container = {
      name: 'bouncer',
      image,
      env: variables({ ENVOY_BOUNCER_WAF_ENABLED: 'true', ...env }),
    };
    expect(told(asked(container, 8080))).toBe(expected);
  });

  const processor = (config: string): Objects => {
    const value = {
      name: 'envoy.filters.http.ext_proc',
      typed_config: {
        '@type': 'type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor',
        grpc_service: { envoy_grpc: { cluster_name: 'wallarm_cluster' } },
        processing_mode: { request_body_mode: 'STREAMED' },
      },
    };
    const added = cluster('wallarm_cluster', '127.0.0.1', 5080, { http2_protocol_options: {} });
    const container = {
      name: 'node',
      image: 'wallarm/node-native-aio:0.14.0',
      volumeMounts: [{ name: 'config', mountPath: '/opt/wallarm/etc' }],
    };
    const own = [insert(value, at(router)), patch('CLUSTER', 'ADD', added, { context: 'SIDECAR_OUTBOUND' })];
    const pod = bakery({ containers: [container] });
    const [first, second, oven, ...rest] = pod;
    const volumes = [{ name: 'config', configMap: { name: 'node' } }];
    const text = JSON.stringify(oven).replace(
      '"containers":',
      `"volumes":${JSON.stringify(volumes)},"containers":`,
    );
    return [
      ...[first, second].filter((one) => one !== undefined),
      JSON.parse(text) as JsonObject,
      ...rest,
      configMap('bakery/node', { 'node.yaml': config }),
      envoyFilter('bakery/waf', own, selected),
    ];
  };
  it.each([
    [
      'route_config:\n  wallarm_mode: block\n  routes:\n    - route: /a\n      wallarm_mode: off\n',
      'inspected',
    ],
    ['route_config:\n  wallarm_mode: monitoring # for now\n', 'detects-only: detects-only'],
    ['version: 4\n', 'inspected'],
  ])('Wallarm, its mounted file %j: %s', (config, expected) => {
    expect(told(processor(config))).toBe(expected);
  });
});

describe('what annotations and objects tell of engines', () => {
  it.each([
    ['monitoring', 'unknown(webhook): detects-only'],
    ['block', 'unknown(webhook)'],
  ])('Wallarm Sidecar in mode %s: %s', (mode, expected) => {
    const [first, second, oven, ...rest] = bakery({
      containers: [],
      annotations: { 'sidecar.wallarm.io/wallarm-mode': mode },
    });
    const labelled = JSON.stringify(oven).replaceAll('"labels":{', '"labels":{"wallarm-sidecar":"enabled",');
    const parts = [first, second].filter((one) => one !== undefined);
    expect(told([...parts, JSON.parse(labelled) as JsonObject, ...rest])).toBe(expected);
  });

  const attachment = {
    name: 'envoy.filters.http.golang',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.golang.v3alpha.Config',
      library_id: 'cp_nano_filter',
      library_path: '/usr/lib/attachment/libenvoy_attachment.so',
      plugin_name: 'cp_nano_filter',
    },
  };
  const policy = (name: string, mode: string): JsonObject => ({
    apiVersion: 'openappsec.io/v1beta2',
    kind: 'Policy',
    metadata: { name },
    spec: { default: { mode } },
  });
  const attached: Objects = [
    ...bakery({
      containers: [],
      annotations: { 'sidecar.istio.io/userVolume': '{"envoy-attachment-shared":{"emptyDir":{}}}' },
    }),
    envoyFilter('bakery/waf', [insert(attachment, at(router))], selected),
    meshConfig({}),
  ];
  it.each<[string, Objects, string]>([
    ['prevents', [policy('a', 'prevent-learn')], 'inspected'],
    ['learns', [policy('a', 'detect-learn')], 'detects-only: detects-only'],
    ['one of two learns', [policy('a', 'detect-learn'), policy('b', 'prevent')], 'inspected'],
  ])('open-appsec, whose policy %s', (_case, policies, expected) => {
    expect(told([...attached, ...policies])).toBe(expected);
  });

  const fetching = plugin({
    pluginConfig: { cache_server_instance: 'bakery/rules', cache_server_cluster: 'x' },
  });
  const ruleSet = object('waf.k8s.coraza.io/v1alpha1/RuleSet', 'bakery/rules', { rules: [{ name: 'own' }] });
  const rules = (text: string): JsonObject => configMap('bakery/own', { rules: text });
  const blocking = 'SecRuleEngine On\nSecRequestBodyAccess On\nSecRule ARGS "@rx x" "id:1,deny"';
  it.each<[string, Objects, string]>([
    ['that are not here', [], 'inspected'],
    ['that block', [ruleSet, rules(blocking)], 'inspected'],
    [
      'that report',
      [ruleSet, rules(blocking.replace('Engine On', 'Engine DetectionOnly'))],
      'detects-only: detects-only',
    ],
  ])('a plugin of Coraza’s operator with rules %s', (_case, parts, expected) => {
    expect(told([...bakery({ containers: [] }), fetching, ...parts])).toBe(expected);
  });
});
