import type { FrontMark, FrontRules, WafProduct } from '#policy/waf/product.js';

/** The Engine of Coraza's operator: its rules are in ConfigMaps that a RuleSet names. */
const corazaEngine: FrontMark = {
  kinds: ['waf.k8s.coraza.io/Engine'],
  refers: [
    { kind: 'waf.k8s.coraza.io/RuleSet', fields: ['spec.ruleSet'] },
    { kind: '/ConfigMap', fields: ['spec.rules.*'] },
  ],
  rules: { fields: ['data.rules'], engine: 'On' },
  failure: { field: 'spec.failurePolicy', opens: ['allow'] },
};

/** Settings of Gloo's firewall at a path (waf.proto): libmodsecurity, whose engine is off until a directive says otherwise. */
function glooWaf(path: string): Pick<FrontMark, 'field' | 'rules'> {
  return {
    field: path,
    rules: {
      fields: [`${path}.coreRuleSet.customSettingsString`, `${path}.ruleSets.*.ruleStr`],
      core: [{ field: `${path}.coreRuleSet`, directives: ['Include @owasp_crs/*.conf'] }],
      engine: 'Off',
    },
  };
}

const higressPlugin: FrontMark = {
  kinds: ['extensions.higress.io/WasmPlugin'],
  field: 'spec.url',
  fieldValue: '*waf*',
  failure: { field: 'spec.failStrategy', opens: ['FAIL_OPEN'] },
};

/** The configuration of Higress' plugin: directives, and a switch for the Core Rule Set (plugins/wasm-go/extensions/waf). */
function secLang(path: string): FrontRules {
  const core = ['Include @demo-conf', 'Include @owasp_crs/*.conf', 'SecRuleEngine On'];
  return {
    fields: [`${path}.secRules`, `${path}.rules`],
    core: [{ field: `${path}.useCRS`, directives: core }],
    engine: 'On',
  };
}

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
    id: 'coraza-processor',
    name: 'OWASP Coraza as an external processor',
    filters: [{ clusters: ['*coraza*'] }, { addresses: ['*coraza*'] }],
    agent: {
      images: ['*coraza-envoy-*', '*coraza-extproc*', '*coraza-ext-proc*', '*coraza-ext-authz*'],
      // The image of the Wasm module holds no server.
      servesNothing: ['*coraza-proxy-wasm'],
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
      { ...corazaEngine, field: 'spec.target', covers: 'targets' },
      {
        ...corazaEngine,
        field: 'spec.driver.istio.wasm.workloadSelector',
        covers: 'pods',
        pods: { labels: 'spec.driver.istio.wasm.workloadSelector.matchLabels' },
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
      { moduleUrls: ['*basemodsec.wasm*', '*WAF_wasm.wasm*'] },
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
      // Told to routes by their labels, which Gloo's own control plane reads.
      { kinds: ['security.policy.gloo.solo.io/WAFPolicy'], covers: 'unseen' },
      ...['RouteOption', 'VirtualHostOption', 'HttpListenerOption'].map((kind): FrontMark => ({
        kinds: [`gateway.solo.io/${kind}`],
        covers: 'targets',
        ...glooWaf('spec.options.waf'),
      })),
      {
        kinds: ['gateway.solo.io/VirtualService'],
        covers: 'upstreams',
        upstreams: ['kube.ref', 'upstream'].map(
          (path) => `spec.virtualHost.routes.*.routeAction.single.${path}`,
        ),
        ...glooWaf('spec.virtualHost.options.waf'),
      },
      {
        kinds: ['gateway.solo.io/VirtualService'],
        covers: 'upstreams',
        upstreams: ['kube.ref', 'upstream'].map(
          (path) => `spec.virtualHost.routes.*.routeAction.single.${path}`,
        ),
        ...glooWaf('spec.virtualHost.routes.*.options.waf'),
        leavesOut: 'routes of the virtual host that do not name it',
      },
    ],
  },
  {
    id: 'higress',
    name: 'Higress WAF plugin',
    fronts: [
      {
        ...higressPlugin,
        covers: 'ingress-classes',
        classes: ['higress'],
        rules: secLang('spec.defaultConfig'),
      },
      {
        ...higressPlugin,
        covers: 'ingresses',
        ingresses: 'spec.matchRules.*.ingress.*',
        rules: secLang('spec.matchRules.*.config'),
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
        covers: 'pods',
        pods: { labels: 'spec.workloadSelector.labels', namespace: 'spec.workloadSelector.namespace' },
        rules: { fields: ['spec.waf.rules'], engine: 'On' },
      },
      // Told to whole workspaces, which only the management plane knows.
      { kinds: ['security.tsb.tetrate.io/SecuritySetting'], field: 'spec.waf', covers: 'unseen' },
    ],
  },
];
