import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { WAF_PRODUCTS } from '#policy/waf/products.js';
import { deployment, namespace } from '../manifests.js';
import {
  address,
  authz,
  cluster,
  configMap,
  custom,
  discovered,
  envoyFilter,
  filter,
  golang,
  ingress,
  lua,
  patch,
  plugin,
  pod,
  processor,
  productsIn,
  struct,
  wall,
  wasmType,
} from './marked.js';

const positives: readonly (readonly [string, string, JsonObject])[] = [
  ['signal-sciences', 'agent asked by Envoy', pod('signalsciences/sigsci-agent:4.60.0')],
  ['signal-sciences', 'agent in an image of an own build', pod('own/agent', { SIGSCI_ACCESSKEYID: 'x' })],
  ['signal-sciences', 'filter by cluster', authz(cluster('sigsci-agent-grpc1'))],
  ['signal-sciences', 'filter by address', authz(address('ngwaf-agent.waf:8000'))],
  ['signal-sciences', 'processor', processor(cluster('ngwaf-agent'))],
  [
    'signal-sciences',
    'filter without a type, as first written',
    envoyFilter(
      patch({
        name: 'envoy.ext_authz',
        config: { grpc_service: { envoy_grpc: { cluster_name: 'sigsci-agent-grpc' } } },
      }),
    ),
  ],
  [
    'curiefense',
    'script',
    lua('local session = require "lua.session_envoy"\nfunction envoy_on_request(h)\nend'),
  ],
  ['curiefense', 'script of the first release', lua('local session = require "lua.session"')],
  ['curiefense', 'image of the proxy', pod('curiefense/curieproxy-istio:e7a5')],
  ['curiefense-extproc', 'image', pod('curiefense/curieproxy-extproc:main')],
  ['coraza-processor', 'image', pod('ghcr.io/example/coraza-envoy-extproc:1')],
  ['coraza-processor', 'cluster', processor(cluster('outbound|9002||coraza.waf.svc.cluster.local'))],
  ['coraza', 'plugin', plugin('oci://ghcr.io/corazawaf/coraza-proxy-wasm:0.6.0')],
  ['coraza', 'plugin without a scheme', plugin('ghcr.io/networking-incubator/coraza-proxy-wasm@sha256:0')],
  ['coraza', 'module of an EnvoyFilter', filter(wasmType, {}, 'coraza-filter')],
  ['coraza', 'Go filter', golang('coraza-waf')],
  [
    'coraza',
    'dynamic module',
    filter('envoy.extensions.filters.http.dynamic_modules.v3.DynamicModuleFilter', {}, 'coraza-waf'),
  ],
  [
    'coraza',
    'engine of the operator',
    custom('waf.k8s.coraza.io/v1alpha1/Engine', { target: { type: 'Gateway', name: 'edge' } }),
  ],
  ['coraza', 'kubeWAF', custom('waf.kubewaf.io/v1beta1/WAF')],
  ['modsecurity', 'filter', struct('modsecurity.Modsecurity', { rules_inline: ['SecRuleEngine On'] })],
  ['modsecurity', 'filter by name', filter('a.B', {}, 'envoy.filters.http.modsecurity')],
  [
    'modsecurity',
    'filter by type',
    filter('envoy_modsecurity.extensions.filters.http.modsecurity.v3.ModSecurity', {}),
  ],
  ['modsecurity', 'module that comes by discovery', discovered],
  ['modsecurity-crs', 'nginx', pod('docker.io/owasp/modsecurity-crs:4-nginx')],
  ['modsecurity-spoa', 'agent', pod('quay.io/jcmoraisjr/modsecurity-spoa:v0.1')],
  ['modsecurity-spoa', 'ingress', ingress(wall('modsecurity'))],
  [
    'ingress-nginx-modsecurity',
    'ingress',
    ingress({ 'nginx.ingress.kubernetes.io/enable-modsecurity': 'true' }),
  ],
  ['ingress-nginx-modsecurity', 'controller', configMap({ 'enable-modsecurity': 'true' })],
  ['open-appsec', 'attachment', golang('cp_nano_filter')],
  ['open-appsec', 'agent', pod('ghcr.io/openappsec/agent:latest')],
  ['open-appsec', 'policy', custom('openappsec.io/v1beta2/Policy', { default: { mode: 'prevent' } })],
  ['wallarm', 'connector', processor(cluster('wallarm_cluster'))],
  ['wallarm', 'node', pod('wallarm/node-native-aio:0.14.0')],
  ['wallarm', 'module in the proxy', struct('wallarm.Wallarm', { rulesets: [] })],
  ['wallarm-sidecar', 'image', pod('wallarm/sidecar:4.10.2', { WALLARM_MODE: 'block' })],
  ['wallarm-sidecar', 'label', deployment('shop/a', { labels: { 'wallarm-sidecar': 'enabled' } })],
  ['datadog', 'external processor', processor(cluster('datadog_aap_ext_proc_cluster'))],
  ['datadog', 'processor of the injector', processor(cluster('datadog_appsec_ext_proc_cluster'))],
  ['datadog', 'image', pod('ghcr.io/datadog/dd-trace-go/service-extensions-callout:v2.4.0')],
  [
    'crowdsec',
    'bouncer with its WAF',
    pod('ghcr.io/kdwils/envoy-proxy-bouncer', { ENVOY_BOUNCER_WAF_ENABLED: 'true' }),
  ],
  ['calico', 'dikastes', pod('quay.io/tigera/dikastes:v3.21', {}, { args: ['server', '-waf-enabled'] })],
  ['calico', 'filter', authz(address('dns:localhost:55555'))],
  [
    'calico',
    'template of the gateway',
    deployment('shop/a', { annotations: { 'inject.istio.io/templates': 'gateway,dikastes' } }),
  ],
  ['calico', 'policy', custom('applicationlayer.projectcalico.org/v3/WAFPolicy', { action: 'Block' })],
  ['calico', 'policy of all', custom('applicationlayer.projectcalico.org/v3/GlobalWAFPolicy')],
  ['prisma-waas', 'defender', pod('registry-auth.twistlock.com/tw_x/twistlock/defender:defender_33_01_137')],
  ['traceable', 'annotation', deployment('shop/a', { annotations: { 'tme.traceable.ai/inject': 'true' } })],
  ['traceable', 'processor', processor(address('agent.traceableai:5442'))],
  ['gloo', 'filter', struct('envoy.config.filter.http.modsecurity.v2.ModSecurity', {})],
  ['gloo', 'policy', custom('security.policy.gloo.solo.io/v2/WAFPolicy')],
  ['gloo', 'route option', custom('gateway.solo.io/v1/RouteOption', { options: { waf: { ruleSets: [] } } })],
  [
    'higress',
    'plugin',
    custom('extensions.higress.io/v1alpha1/WasmPlugin', { url: 'oci://x/plugins/corazawaf:1' }),
  ],
  [
    'tetrate',
    'gateway',
    custom('gateway.tsb.tetrate.io/v2/IngressGateway', { waf: { rules: ['SecRuleEngine On'] } }),
  ],
  [
    'airlock',
    'policy',
    custom('microgateway.airlock.com/v1alpha1/ContentSecurityPolicy', { targetRefs: [{ name: 'a' }] }),
  ],
  ['airlock', 'rules', custom('microgateway.airlock.com/v1alpha1/DenyRules')],
  ['bunkerweb', 'ingress', ingress({ 'bunkerweb.io/USE_MODSECURITY': 'yes' })],
  ['bunkerweb', 'image', pod('bunkerity/bunkerweb:1.6.1')],
  ['neuvector', 'rule', custom('neuvector.com/v1/NvWafSecurityRule')],
  [
    'traefik-coraza',
    'middleware',
    custom('traefik.io/v1alpha1/Middleware', { plugin: { coraza: { crsEnabled: true } } }),
  ],
  ['ambassador', 'policy', custom('gateway.getambassador.io/v1alpha1/WebApplicationFirewallPolicy')],
  ['nginx-app-protect', 'ingress', ingress({ 'appprotect.f5.com/app-protect-enable': 'True' })],
  ['nginx-app-protect', 'policy', custom('k8s.nginx.org/v1/Policy', { waf: { enable: true } })],
  ['nginx-app-protect', 'enforcer', pod('private-registry.nginx.com/nap/waf-enforcer:5.6.0')],
  ['f5-big-ip', 'virtual server', custom('cis.f5.com/v1/VirtualServer', { waf: '/Common/block' })],
  ['wallarm', 'ingress', ingress({ 'nginx.org/wallarm-mode': 'block' })],
  [
    'aws-waf',
    'ingress',
    ingress({ 'alb.ingress.kubernetes.io/wafv2-acl-arn': 'arn:aws:wafv2:eu-west-1:1:x' }),
  ],
  ['aws-waf', 'class', custom('elbv2.k8s.aws/v1beta1/IngressClassParams', { wafv2AclName: 'edge' })],
  [
    'aws-waf',
    'load balancer',
    custom('gateway.k8s.aws/v1beta1/LoadBalancerConfiguration', { wafV2: { webACL: 'x' } }),
  ],
  [
    'cloud-armor',
    'back end',
    custom('cloud.google.com/v1/BackendConfig', { securityPolicy: { name: 'edge' } }),
  ],
  [
    'cloud-armor',
    'policy of a gateway',
    custom('networking.gke.io/v1/GCPBackendPolicy', { default: { securityPolicy: 'edge' } }),
  ],
  [
    'azure-waf',
    'ingress',
    ingress({ 'appgw.ingress.kubernetes.io/waf-policy-for-path': '/subscriptions/x' }),
  ],
  [
    'azure-waf',
    'policy',
    custom('alb.networking.azure.io/v1/WebApplicationFirewallPolicy', {
      webApplicationFirewall: { id: '/x' },
    }),
  ],
];

describe('products', () => {
  it.each(positives)('%s: %s', (id, _what, manifest) => {
    expect(productsIn([manifest])).toEqual([id]);
  });

  it('are each told by something', () => {
    expect(new Set(positives.map(([id]) => id))).toEqual(new Set(WAF_PRODUCTS.map(({ id }) => id)));
  });

  it('take webhooks told by the namespace for what they put into its pods', () => {
    const labels = { 'inject-waf-attachment': 'true' };
    expect(productsIn([namespace('shop', labels), deployment('shop/a')])).toEqual(['open-appsec']);
    expect(productsIn([namespace('shop'), deployment('shop/a')])).toEqual([]);
  });
});
