import type { FrontMode, WafProduct } from '#policy/waf/product.js';
import { traefikPlugin } from './traefik.js';
import { wallarmProducts } from './wallarm.js';

/** Modes of open-appsec (its policy CRD): without one it only learns. */
const openAppsecMode: FrontMode = {
  field: 'spec.default.mode',
  blocks: ['prevent*'],
  detects: ['detect*', 'inactive', 'as-top-level'],
  otherwise: 'detects',
};

/** Products whose engine is a container that a proxy asks, or that stands in the pod in front of the application. */
export const agentProducts: readonly WafProduct[] = [
  {
    id: 'signal-sciences',
    name: 'Fastly Next-Gen WAF (Signal Sciences)',
    filters: [
      { clusters: ['*sigsci*', '*ngwaf*'] },
      { names: ['*sigsci*', '*ngwaf*'] },
      { addresses: ['*sigsci*', '*ngwaf*'] },
    ],
    agent: {
      images: ['*sigsci-agent', '*signalsciences/sigsci*'],
      // Agents are often built into images of one's own: the variables tell them.
      env: ['SIGSCI_*'],
      listeners: [
        { mode: 'ext_proc', env: ['SIGSCI_ENVOY_EXTPROC_ENABLED'], value: 'true' },
        { mode: 'ext_authz', env: ['SIGSCI_ENVOY_GRPC_ADDRESS'], holdsAddress: true },
        {
          mode: 'reverse-proxy',
          env: ['SIGSCI_REVPROXY_LISTENER', 'SIGSCI_REVERSE_PROXY_LISTENER'],
          holdsAddress: true,
        },
        { mode: 'module', env: ['SIGSCI_RPC_ADDRESS'], holdsAddress: true },
      ],
      defaultSocket: '/sigsci/tmp/sigsci.sock',
    },
  },
  {
    id: 'open-appsec',
    name: 'open-appsec',
    filters: [{ libraries: ['cp_nano_filter'] }],
    agent: {
      images: ['*openappsec/agent', '*openappsec/agent-unified', '*openappsec/smartsync*'],
      env: ['OPENAPPSEC_*'],
      defaultMode: 'module',
    },
    injected: [{ on: 'namespace-label', name: 'inject-waf-attachment', value: 'true' }],
    fronts: [
      {
        kinds: ['openappsec.io/Policy', 'openappsec.io/PolicyNamespaced'],
        covers: 'own-engines',
        mode: openAppsecMode,
      },
      {
        on: ['Ingress'],
        annotation: { name: 'openappsec.io/policy' },
        refers: [{ kind: 'openappsec.io/Policy', annotation: 'openappsec.io/policy' }],
        mode: openAppsecMode,
      },
    ],
  },
  ...wallarmProducts,
  {
    id: 'datadog',
    name: 'Datadog App and API Protection',
    filters: [
      { clusters: ['datadog_appsec_*', 'datadog_aap_*'] },
      { addresses: ['*datadog-appsec*', '*datadog-aap*'] },
    ],
    agent: {
      images: ['*datadog/dd-trace-go/service-extensions-callout'],
      env: ['DD_SERVICE_EXTENSION_*'],
      listeners: [{ mode: 'ext_proc', env: ['DD_SERVICE_EXTENSION_PORT'], holdsAddress: true }],
      defaultMode: 'ext_proc',
      defaultPorts: { ext_proc: 443 },
      detectsOnly: [{ env: ['DD_SERVICE_EXTENSION_OBSERVABILITY_MODE'], value: 'true' }],
    },
  },
  {
    id: 'crowdsec',
    name: 'CrowdSec Envoy bouncer',
    agent: {
      // Without its WAF the bouncer looks at addresses only, which is no inspection of requests.
      env: ['ENVOY_BOUNCER_WAF_*'],
      listeners: [{ mode: 'ext_authz', env: ['ENVOY_BOUNCER_WAF_ENABLED'], value: 'true' }],
      defaultPorts: { ext_authz: 8080 },
      opens: [{ env: ['ENVOY_BOUNCER_WAF_FAILOPEN'], value: 'true' }],
    },
    fronts: traefikPlugin('spec.plugin.*.crowdsecAppsecEnabled', {
      failure: { field: 'spec.plugin.*.crowdsecAppsecUnreachableBlock', opens: ['false'] },
    }),
  },
  {
    id: 'calico',
    name: 'Calico WAF',
    filters: [{ names: ['tigera*waf-ext-authz*'] }, { addresses: ['*localhost:55555', '*127.0.0.1:55555'] }],
    agent: {
      images: ['*tigera/dikastes', '*calico/dikastes'],
      // Dikastes also runs for policies of the application layer alone.
      args: ['-waf-enabled*', '--waf-enabled*'],
      directiveArgs: ['-waf-directive', '--waf-directive'],
      defaultMode: 'ext_authz',
      defaultPorts: { ext_authz: 55555 },
    },
    injected: [
      { on: 'annotation', name: 'inject.istio.io/templates', value: '*dikastes*' },
      { on: 'annotation', name: 'applicationlayer.projectcalico.org/waf', value: 'Enabled' },
    ],
    fronts: [
      {
        kinds: ['applicationlayer.projectcalico.org/WAFPolicy'],
        covers: 'targets',
        mode: { field: 'spec.action', blocks: ['Block'], detects: ['Detect'], otherwise: 'detects' },
      },
      {
        kinds: ['applicationlayer.projectcalico.org/GlobalWAFPolicy'],
        mode: { field: 'spec.defaultAction', blocks: ['Block'], detects: ['Detect'], otherwise: 'detects' },
      },
      {
        kinds: ['operator.tigera.io/ApplicationLayer'],
        field: 'spec.webApplicationFirewall',
        fieldValue: 'Enabled',
        mode: { otherwise: 'unseen' },
      },
    ],
  },
  {
    id: 'modsecurity-crs',
    name: 'ModSecurity with the OWASP Core Rule Set',
    agent: {
      images: ['*owasp/modsecurity-crs', '*owasp/modsecurity', '*coreruleset/modsecurity-crs'],
      env: ['MODSEC_RULE_ENGINE'],
      defaultMode: 'reverse-proxy',
      defaultPorts: { 'reverse-proxy': 8080 },
      listeners: [{ mode: 'reverse-proxy', env: ['PORT'], holdsAddress: true }],
      // Asked by ext_authz over HTTP it refuses what its rules match; the rest its backend answers.
      takesHttp: true,
      detectsOnly: ['DetectionOnly', 'Off'].map((value) => ({ env: ['MODSEC_RULE_ENGINE'], value })),
    },
  },
  {
    id: 'modsecurity-spoa',
    name: 'ModSecurity agent of HAProxy',
    agent: {
      images: ['*modsecurity-spoa', '*coraza-spoa'],
      defaultMode: 'module',
      defaultPorts: { module: 12345 },
    },
    fronts: [
      {
        on: ['Ingress', 'Service'],
        annotation: { name: 'haproxy-ingress.github.io/waf', value: 'modsecurity' },
        mode: {
          annotation: 'haproxy-ingress.github.io/waf-mode',
          blocks: ['deny'],
          detects: ['detect'],
          otherwise: 'blocks',
        },
      },
      {
        on: ['Ingress', 'Service'],
        annotation: { name: 'ingress.kubernetes.io/waf', value: 'modsecurity' },
        mode: {
          annotation: 'ingress.kubernetes.io/waf-mode',
          blocks: ['deny'],
          detects: ['detect'],
          otherwise: 'blocks',
        },
      },
    ],
  },
  {
    id: 'traceable',
    name: 'Traceable (Harness)',
    filters: [{ clusters: ['*traceable*'] }, { names: ['*traceable*'] }, { addresses: ['*traceable*'] }],
    agent: { images: ['*traceableai/*', '*traceable-agent*'], unproven: true },
    injected: [
      { on: 'annotation', name: 'tme.traceable.ai/inject', value: 'true' },
      { on: 'label', name: 'traceableai-istio', value: 'enabled' },
      { on: 'namespace-label', name: 'traceableai-inject-tme', value: 'enabled' },
    ],
  },
  {
    id: 'prisma-waas',
    name: 'Prisma Cloud WAAS (Twistlock)',
    agent: {
      images: ['*twistlock/defender*', 'registry.twistlock.com/*', 'registry-auth.twistlock.com/*'],
      env: ['DEFENDER_TYPE'],
      unproven: true,
    },
  },
];
