import { describe, expect, it } from 'vitest';
import type { Container } from '#mesh/mesh.js';
import type { ProxyFilter } from '#policy/filter-chain/filter-chain.js';
import { fitsGlob } from '#policy/waf/glob.js';
import { WAF_PRODUCTS } from '#policy/waf/products.js';
import { productOfContainer, productOfFilter } from '#policy/waf/recognise.js';

const PLAIN: ProxyFilter = {
  name: 'a-filter',
  stock: false,
  type: undefined,
  typedStruct: false,
  disabled: false,
  optional: false,
  discovery: undefined,
  settings: { kind: 'other' },
  cluster: undefined,
  clusterExists: undefined,
  addedBy: undefined,
  changedBy: [],
};

function lua(requires: readonly string[]): Partial<ProxyFilter> {
  return {
    settings: { kind: 'lua', code: '', file: undefined, requires, handlesRequests: true, namedSources: [] },
  };
}

function wasm(url: string): Partial<ProxyFilter> {
  return { settings: { kind: 'wasm', url, failOpen: false, failurePolicy: '', configured: true } };
}

function golang(libraryId: string): Partial<ProxyFilter> {
  return { settings: { kind: 'golang', libraryId, libraryPath: '', pluginName: '' } };
}

function container(image: string, env: readonly string[] = []): Container {
  const spec = { env: env.map((name) => ({ name, value: 'x' })) };
  return { name: 'c', image, list: 'containers', spec, path: [], ports: [] };
}

describe('productOfFilter', () => {
  it.each<[string, Partial<ProxyFilter>, string | undefined]>([
    ['cluster of the agent', { cluster: 'sigsci-agent-grpc1' }, 'signal-sciences'],
    ['script of the engine', lua(['lua.session_envoy']), 'curiefense'],
    ['Wasm module', wasm('oci://ghcr.io/corazawaf/coraza-proxy-wasm:0.6.0'), 'coraza'],
    ['Go filter', golang('coraza-waf'), 'coraza'],
    ['attachment', golang('cp_nano_filter'), 'open-appsec'],
    ['filter of an own build', { name: 'envoy.filters.http.modsecurity' }, 'modsecurity'],
    ['filter of Gloo', { name: 'io.solo.filters.http.modsecurity' }, 'gloo'],
    ['processor', { cluster: 'datadog_aap_ext_proc_cluster' }, 'datadog'],
    ['node', { cluster: 'wallarm_cluster' }, 'wallarm'],
    ['look-alike: a filter called as a list of attacks', { name: 'owaspfilter', ...lua([]) }, undefined],
    ['look-alike: login', { name: 'envoy.filters.http.ext_authz', cluster: 'oauth2-proxy' }, undefined],
    ['look-alike: data-leak sensor', wasm('https://example.org/leak-sensor.wasm'), undefined],
    ['look-alike: InferencePool', { name: 'envoy.filters.http.ext_proc', cluster: 'dummy' }, undefined],
    ['what istiod sends by itself', { stock: true, cluster: 'sigsci-agent-grpc' }, undefined],
  ])('%s', (_case, filter, product) => {
    expect(productOfFilter(WAF_PRODUCTS, { ...PLAIN, ...filter })?.id).toBe(product);
  });

  it('asks for every field of a mark', () => {
    const own = [{ id: 'own', name: 'Own', filters: [{ names: ['guard'], clusters: ['guard-*'] }] }];
    expect(productOfFilter(own, { ...PLAIN, name: 'guard', cluster: 'guard-a' })?.id).toBe('own');
    expect(productOfFilter(own, { ...PLAIN, name: 'guard' })).toBeUndefined();
  });

  it('takes an empty mark for none', () => {
    expect(productOfFilter([{ id: 'own', name: 'Own', filters: [{}] }], PLAIN)).toBeUndefined();
  });
});

describe('productOfContainer', () => {
  it.each<[string, Container, string | undefined]>([
    ['image with tag', container('signalsciences/sigsci-agent:4.50.0'), 'signal-sciences'],
    ['registry with port', container('registry.example:5000/signalsciences/sigsci-agent'), 'signal-sciences'],
    ['digest', container('curiefense/curieproxy-istio@sha256:00'), 'curiefense'],
    ['image of an own build', container('example/agent', ['SIGSCI_ACCESSKEYID']), 'signal-sciences'],
    ['look-alike: policy agent', container('openpolicyagent/opa:latest-envoy'), undefined],
  ])('%s', (_case, agent, product) => {
    expect(productOfContainer(WAF_PRODUCTS, agent)?.id).toBe(product);
  });
});

describe('fitsGlob', () => {
  it.each<[string, string, boolean]>([
    ['a*a', 'a', false],
    ['a*b*c', 'aXbYc', true],
    ['a*b*c', 'ac', false],
    ['A', 'a', true],
    ['*', '', true],
    ['ab*bc', 'abc', false],
  ])('%s against %s', (pattern, text, fits) => {
    expect(fitsGlob(pattern, text)).toBe(fits);
  });
});
