import type { WafProduct } from '#policy/waf/product.js';

/** Products whose engine runs inside of the proxy: as a Wasm module, a library, a script, or built into its image. */
export const filterProducts: readonly WafProduct[] = [
  {
    id: 'curiefense',
    name: 'Curiefense',
    filters: [{ luaModules: ['lua.session', 'lua.session_envoy', '*curiefense*'] }],
    agent: {
      images: ['*curieproxy-istio', '*curieproxy-envoy'],
      defaultMode: 'in-process',
    },
    needsOwnProxy: true,
  },
  {
    id: 'curiefense-extproc',
    name: 'Curiefense (ext_proc)',
    filters: [
      { clusters: ['*curiefense*', '*curieproxy*'] },
      { addresses: ['*curiefense*', '*curieproxy*'] },
    ],
    agent: {
      images: ['*curiefense/extproc', '*curieproxy-extproc'],
      defaultMode: 'ext_proc',
    },
  },
  {
    id: 'coraza',
    name: 'OWASP Coraza',
    filters: [
      { moduleUrls: ['*corazawaf/coraza-proxy-wasm*', '*networking-incubator/coraza-proxy-wasm*'] },
      { moduleUrls: ['*coraza-proxy-wasm*'] },
      { names: ['coraza-filter'] },
      { libraries: ['coraza-waf'] },
      { names: ['coraza-waf'] },
    ],
    rules: 'seclang',
    fronts: [
      {
        kinds: ['waf.k8s.coraza.io/Engine'],
        covers: 'targets',
        mode: { otherwise: 'unseen' },
        failure: { field: 'spec.failurePolicy', opens: ['allow'] },
      },
      { kinds: ['waf.kubewaf.io/WAF'], mode: { otherwise: 'unseen' } },
    ],
  },
  {
    id: 'modsecurity',
    name: 'ModSecurity in Envoy',
    filters: [
      { names: ['envoy.filters.http.modsecurity'] },
      { types: ['envoy_modsecurity.extensions.filters.http.modsecurity.*'] },
      { types: ['modsecurity.*'] },
      { moduleUrls: ['*basemodsec.wasm*'] },
    ],
  },
  {
    id: 'gloo',
    name: 'Gloo',
    filters: [
      { names: ['io.solo.filters.http.modsecurity'] },
      { types: ['envoy.config.filter.http.modsecurity.*'] },
    ],
    fronts: [
      { kinds: ['security.policy.gloo.solo.io/WAFPolicy'], mode: { otherwise: 'unseen' } },
      { kinds: ['gateway.solo.io/RouteOption'], field: 'spec.options.waf', mode: { otherwise: 'unseen' } },
      {
        kinds: ['gateway.solo.io/VirtualService'],
        field: 'spec.virtualHost.options.waf',
        mode: { otherwise: 'unseen' },
      },
    ],
  },
  {
    id: 'higress',
    name: 'Higress WAF plugin',
    fronts: [
      {
        kinds: ['extensions.higress.io/WasmPlugin'],
        field: 'spec.url',
        fieldValue: '*waf*',
        mode: { otherwise: 'unseen' },
      },
    ],
  },
  {
    id: 'tetrate',
    name: 'Tetrate Service Bridge WAF',
    fronts: [
      {
        kinds: ['gateway.tsb.tetrate.io/IngressGateway', 'gateway.tsb.tetrate.io/Gateway'],
        field: 'spec.waf',
        mode: { otherwise: 'unseen' },
      },
      {
        kinds: ['security.tsb.tetrate.io/SecuritySetting'],
        field: 'spec.waf',
        mode: { otherwise: 'unseen' },
      },
    ],
  },
];
