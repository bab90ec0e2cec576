import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { deployment } from '../manifests.js';
import {
  address,
  authz,
  cluster,
  custom,
  filter,
  ingress,
  lua,
  plugin,
  pod,
  processor,
  productsIn,
} from './marked.js';

describe('look-alikes', () => {
  it.each<[string, JsonObject]>([
    ['policy agent', authz(cluster('opa-grpc'))],
    ['policy agent, image', pod('openpolicyagent/opa:latest-istio', {}, { args: ['run', '--server'] })],
    ['login', authz(cluster('outbound|80||oauth2-proxy.auth.svc.cluster.local'))],
    ['flow control', authz(address('aperture-agent.aperture-agent.svc:8080'))],
    ['processor of Istio itself', processor(cluster('dummy'))],
    ['script that sets headers', lua('function envoy_on_response(h) h:headers():add("a", "b") end')],
    ['script that reads tokens', lua('local jwt = require "jwt"')],
    ['filter with a name only', filter('envoy.extensions.filters.http.lua.v3.Lua', {}, 'owaspfilter')],
    ['rate limit', filter('envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit', {})],
    ['data-leak sensor', plugin('https://ingestion.example/leakproxy/leaksignal.wasm')],
    ['login by a plugin', plugin('oci://ghcr.io/istio-ecosystem/wasm-extensions/basic-auth:1.12.0')],
    [
      'bouncer of addresses',
      pod('ghcr.io/kdwils/envoy-proxy-bouncer', { ENVOY_BOUNCER_BOUNCER_APIKEY: 'x' }),
    ],
    ['dikastes for policies alone', pod('quay.io/tigera/dikastes:v3.21', {}, { args: ['server'] })],
    ['security in the application', pod('own/app', { DD_APPSEC_ENABLED: 'true' })],
    ['controller of sidecars', pod('wallarm/sidecar-controller:1.5.0')],
    ['switched off', ingress({ 'alb.ingress.kubernetes.io/wafv2-acl-arn': 'none' })],
    ['switched off for a pod', deployment('shop/a', { labels: { 'wallarm-sidecar': 'disabled' } })],
    ['back end without a policy', custom('cloud.google.com/v1/BackendConfig', { healthCheck: {} })],
    ['login policy', custom('k8s.nginx.org/v1/Policy', { basicAuth: { secret: 'a' } })],
    [
      'plugin of another kind',
      custom('extensions.higress.io/v1alpha1/WasmPlugin', { url: 'oci://x/basic-auth' }),
    ],
    ['middleware of another kind', custom('traefik.io/v1alpha1/Middleware', { plugin: { geoblock: {} } })],
    ['same kind of another group', custom('network.azure.upbound.io/v1beta1/WebApplicationFirewallPolicy')],
    ['shield', ingress({ 'alb.ingress.kubernetes.io/shield-advanced-protection': 'true' })],
  ])('%s', (_what, manifest) => {
    expect(productsIn([manifest])).toEqual([]);
  });
});
