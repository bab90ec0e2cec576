import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { object } from '../manifests.js';
import { classed, configMap, told, toDoor } from './before-the-door.js';
import { ingress } from './wall.js';

const on = 'SecRuleEngine On\nSecRequestBodyAccess On\nSecRule ARGS "@rx x" "id:1,phase:2,deny"';
const logs = on.replace('Engine On', 'Engine DetectionOnly');

describe('Gloo (waf.proto): libmodsecurity, off until it is switched on', () => {
  const single = (routeAction: JsonObject): JsonObject => ({ routeAction: { single: routeAction } });
  const byService = single({ kube: { ref: { name: 'door', namespace: 'edge' }, port: 80 } });
  const virtualService = (waf: JsonObject, route = byService): JsonObject =>
    object('gateway.solo.io/v1/VirtualService', 'gloo-system/shop', {
      virtualHost: { domains: ['*'], routes: [{ matchers: [{ prefix: '/' }], ...route }], options: { waf } },
    });
  const upstream = object('gloo.solo.io/v1/Upstream', 'gloo-system/to-door', {
    kube: { serviceName: 'door', serviceNamespace: 'edge', servicePort: 80 },
  });
  it.each<[string, readonly JsonObject[], string]>([
    ['rules that block', [virtualService({ ruleSets: [{ ruleStr: on }] })], 'inspected'],
    ['rules that report', [virtualService({ ruleSets: [{ ruleStr: logs }] })], 'detects-only: detects-only'],
    [
      'rules, and nothing that switches the engine on',
      [virtualService({ coreRuleSet: {} })],
      'not-inspected: disabled',
    ],
    [
      'the Core Rule Set',
      [
        virtualService({
          coreRuleSet: { customSettingsString: 'SecRuleEngine On\nSecRequestBodyAccess On' },
        }),
      ],
      'inspected',
    ],
    [
      'to an Upstream',
      [
        virtualService(
          { ruleSets: [{ ruleStr: on }] },
          single({ upstream: { name: 'to-door', namespace: 'gloo-system' } }),
        ),
        upstream,
      ],
      'inspected',
    ],
    [
      'to an Upstream by discovery',
      [
        virtualService(
          { ruleSets: [{ ruleStr: on }] },
          single({ upstream: { name: 'edge-door-80', namespace: 'gloo-system' } }),
        ),
      ],
      'inspected',
    ],
    [
      'a policy that only the control plane applies',
      [object('security.policy.gloo.solo.io/v2/WAFPolicy', 'gloo-mesh/waf', {})],
      'unknown(front)',
    ],
  ])('%s', (_case, parts, expected) => {
    expect(told(...parts)).toBe(expected);
  });
});

describe('Coraza of the operator', () => {
  const ruleSet = object('waf.k8s.coraza.io/v1alpha1/RuleSet', 'edge/rules', {
    rules: [{ name: 'base' }, { name: 'own' }],
  });
  const base = configMap('edge/base', { rules: 'SecRuleEngine DetectionOnly\nSecRequestBodyAccess On' });
  const own = (rules: string): JsonObject => configMap('edge/own', { rules });
  const engine = (labels: JsonObject): JsonObject =>
    object('waf.k8s.coraza.io/v1alpha1/Engine', 'edge/coraza', {
      ruleSet: { name: 'rules' },
      failurePolicy: 'fail',
      driver: { istio: { wasm: { mode: 'gateway', workloadSelector: { matchLabels: labels } } } },
    });
  const selecting = engine({ door: 'front' });
  it('before the pods that it selects, with the rules of its ConfigMaps in their order', () => {
    expect(told(selecting, ruleSet, base, own(on))).toBe('inspected');
    expect(told(selecting, ruleSet, base, own(on.replace('SecRuleEngine On\n', '')))).toBe(
      'detects-only: detects-only',
    );
    expect(told(selecting, ruleSet, base, own('SecRuleEngine Off'))).toBe('not-inspected: disabled');
    expect(told(selecting, ruleSet, base, own('SecRuleEngine On'))).toBe('not-inspected: no-rules');
    expect(told(engine({ door: 'back' }), ruleSet, base, own(on))).toBe('not-inspected');
  });
  it('with rules that are not here: what it attaches to counts', () => {
    expect(told(selecting)).toBe('inspected');
    expect(told(selecting, ruleSet, base)).toBe('inspected');
  });
});

describe('Tetrate', () => {
  const tsb = (rules: readonly string[], labels: JsonObject): JsonObject =>
    object('gateway.tsb.tetrate.io/v2/IngressGateway', 'shop/tsb', {
      waf: { rules },
      workloadSelector: { namespace: 'edge', labels },
    });
  const crs = ['Include @recommended-conf', 'Include @owasp_crs/*.conf'];
  it('before the pods that its gateway selects', () => {
    expect(told(tsb([...crs, 'SecRuleEngine On'], { door: 'front' }))).toBe('inspected');
    expect(told(tsb(crs, { door: 'front' }))).toBe('detects-only: detects-only');
    expect(told(tsb(crs, { door: 'back' }))).toBe('not-inspected');
  });
  it('by settings of a workspace: not told', () => {
    const setting = object('security.tsb.tetrate.io/v2/SecuritySetting', 'shop/s', { waf: { rules: crs } });
    expect(told(setting)).toBe('unknown(front)');
  });
});

describe('Higress', () => {
  const plugin = (spec: JsonObject): JsonObject =>
    object('extensions.higress.io/v1alpha1/WasmPlugin', 'higress-system/waf', {
      url: 'oci://higress.example/plugins/waf:1',
      ...spec,
    });
  const front = classed(ingress('edge/front', {}, toDoor), 'higress');
  it.each<[string, readonly JsonObject[], string]>([
    ['its default, before every Ingress', [front, plugin({ defaultConfig: { useCRS: true } })], 'inspected'],
    [
      'rules that report',
      [front, plugin({ defaultConfig: { useCRS: true, secRules: ['SecRuleEngine DetectionOnly'] } })],
      'detects-only: detects-only',
    ],
    [
      'an Ingress of another class',
      [classed(ingress('edge/front', {}, toDoor), 'nginx'), plugin({ defaultConfig: { useCRS: true } })],
      'not-inspected',
    ],
    [
      'open on failure',
      [front, plugin({ failStrategy: 'FAIL_OPEN', defaultConfig: { useCRS: true } })],
      'fails-open: fails-open',
    ],
    [
      'for the Ingress that a rule names',
      [
        ingress('edge/front', {}, toDoor),
        plugin({ matchRules: [{ ingress: ['edge/front'], config: { useCRS: true } }] }),
      ],
      'inspected',
    ],
  ])('%s', (_case, parts, expected) => {
    expect(told(...parts)).toBe(expected);
  });
});

describe('ingress-nginx and Traefik', () => {
  const key = 'nginx.ingress.kubernetes.io/enable-modsecurity';
  const nginx = (annotations: JsonObject): JsonObject =>
    classed(ingress('edge/front', annotations, toDoor), 'nginx');
  const controller = (snippet: string): JsonObject =>
    configMap('ingress-nginx/controller', { 'enable-modsecurity': 'true', 'modsecurity-snippet': snippet });
  it('by the controller, unless an Ingress takes itself out', () => {
    expect(told(nginx({}), controller('SecRuleEngine On'))).toBe('inspected');
    expect(told(nginx({}), controller('SecRuleEngine DetectionOnly'))).toBe('detects-only: detects-only');
    expect(told(nginx({ [key]: 'false' }), controller('SecRuleEngine On'))).toBe('not-inspected');
  });
  it('by the middleware that a route names', () => {
    const middleware = object('traefik.io/v1alpha1/Middleware', 'edge/waf', {
      plugin: { coraza: { directives: on.split('\n') } },
    });
    const route = (name: string): JsonObject =>
      object('traefik.io/v1alpha1/IngressRoute', 'edge/shop', {
        routes: [{ match: 'Host(`x`)', middlewares: [{ name }], services: [{ name: 'door', port: 80 }] }],
      });
    const annotation = 'traefik.ingress.kubernetes.io/router.middlewares';
    const annotated = ingress('edge/front', { [annotation]: 'edge-waf@kubernetescrd' }, toDoor);
    expect(told(middleware, route('waf'))).toBe('inspected');
    expect(told(middleware, route('compress'))).toBe('not-inspected');
    expect(told(middleware, annotated)).toBe('inspected');
  });
});

describe('Wallarm and open-appsec before an Ingress', () => {
  it.each([
    ['block', 'inspected'],
    ['monitoring', 'detects-only: detects-only'],
    ['off', 'not-inspected'],
  ])('wallarm-mode %s: %s', (mode, expected) => {
    expect(told(ingress('edge/front', { 'nginx.org/wallarm-mode': mode }, toDoor))).toBe(expected);
  });
  it.each([
    ['prevent-learn', 'inspected'],
    ['detect-learn', 'detects-only: detects-only'],
  ])('mode %s of the policy that it names: %s', (mode, expected) => {
    const policy = {
      apiVersion: 'openappsec.io/v1beta2',
      kind: 'Policy',
      metadata: { name: 'guard' },
      spec: { default: { mode } },
    };
    const front = ingress('edge/front', { 'openappsec.io/policy': 'guard' }, toDoor);
    expect(told(front, policy)).toBe(expected);
  });
});
