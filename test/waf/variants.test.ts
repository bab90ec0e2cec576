import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { audit } from '#audit.js';
import { catalogue } from '#checks';

const root = fileURLToPath(new URL('../../fixtures/checks/waf/', import.meta.url));

/** Checks on the wiring of a product. */
const gapChecks = catalogue.filter(({ family, meta }) => family === 'waf' && meta.id >= 'WAF-010');

const whole = {
  agent: readFileSync(`${root}fails-open/pass/complete.yaml`, 'utf8'),
  processor: readFileSync(`${root}agent-mode-mismatch/pass/ext-proc.yaml`, 'utf8'),
  proxy: readFileSync(`${root}agent-not-called/pass/reverse-proxy.yaml`, 'utf8'),
  module: readFileSync(`${root}agent-not-called/pass/module.yaml`, 'utf8'),
  curiefense: readFileSync(`${root}agent-not-called/pass/curiefense.yaml`, 'utf8'),
  provider: readFileSync(`${root}dry-run/pass/enforced.yaml`, 'utf8'),
  coraza: readFileSync(`${root}detects-only/pass/coraza.yaml`, 'utf8'),
} as const;

type Edit = readonly [string | RegExp, string];

/** A complete integration, changed; an empty text stands for the end. Each change must change something. */
function changed(name: keyof typeof whole, edits: readonly Edit[]): string {
  return edits.reduce((text, [from, to]) => {
    const next = from === '' ? text + to : text.replace(from, to);
    expect(next).not.toBe(text);
    return next;
  }, whole[name]);
}

/** Ids of the checks that fire, and whether the pods' or the gateway's requests count as inspected. */
async function judged(text: string): Promise<{ readonly ids: string; readonly inspected: boolean }> {
  const result = await audit({
    sources: [{ path: 'mesh.yaml', text }],
    scope: 'complete',
    checks: gapChecks,
  });
  return {
    ids: [...new Set(result.findings.map(({ checkId }) => checkId))].sort().join(' '),
    inspected: (result.inspection ?? []).some(
      ({ routes, workloads }) => routes.inspected + workloads.inspected > 0,
    ),
  };
}

type Case = readonly [what: string, whole: keyof typeof whole, ...edits: readonly Edit[]];

const front = /\n {14}subFilter:\n {16}name: envoy\.filters\.http\.router/;
const agentOfPod = / {8}- name: sigsci-agent\n[\s\S]*?'127\.0\.0\.1:9999'\n/;
const ownCluster = / {4}- applyTo: CLUSTER[\s\S]*$/;
const byCluster = 'envoy_grpc: { cluster_name: sigsci-agent-grpc }';
const byAddress = "google_grpc: { target_uri: '127.0.0.1:9999', stat_prefix: waf }";
const variable = "            - name: SIGSCI_ENVOY_GRPC_ADDRESS\n              value: '127.0.0.1:9999'\n";

const agentOfService = `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: sigsci, namespace: waf }
spec:
  selector: { matchLabels: { app: sigsci } }
  template:
    metadata: { labels: { app: sigsci } }
    spec:
      containers:
        - name: agent
          image: signalsciences/sigsci-agent:4.60.0
          env: [{ name: SIGSCI_ENVOY_GRPC_ADDRESS, value: '0.0.0.0:8000' }]
---
apiVersion: v1
kind: Service
metadata: { name: sigsci, namespace: waf }
spec: { selector: { app: sigsci }, ports: [{ name: grpc, port: 8000 }] }
`;

const toService: readonly Edit[] = [
  [agentOfPod, ''],
  ['cluster_name: sigsci-agent-grpc }', 'cluster_name: outbound|8000||sigsci.waf.svc.cluster.local }'],
  [ownCluster, ''],
];

/** Names that tell no product. */
const neutral: readonly Edit[] = [
  [/sigsci-agent-grpc/g, 'inspection'],
  ['          name: sigsci\n', '          name: envoy.filters.http.ext_authz\n'],
];

const settings = (name: string): string =>
  `---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: agent, namespace: shop }\ndata: { ${name}: '127.0.0.1:9999' }\n`;

const native = `      initContainers:
        - name: sigsci-agent
          restartPolicy: Always
          image: signalsciences/sigsci-agent:4.60.0
          env: [{ name: SIGSCI_ENVOY_GRPC_ADDRESS, value: '127.0.0.1:9999' }]
      containers:
`;

describe('other forms of a complete integration', () => {
  const cases: readonly Case[] = [
    ['without a cluster of its own', 'agent', [byCluster, byAddress], [ownCluster, '']],
    ['agent by name', 'agent', ["'127.0.0.1:9999'", 'localhost:9999']],
    ['agent on every address', 'agent', ["'127.0.0.1:9999'", "':9999'"]],
    ['filter at the front', 'agent', [front, '']],
    ['filter put first', 'agent', [front, ''], ['INSERT_BEFORE', 'INSERT_FIRST']],
    ['any context', 'agent', ['context: SIDECAR_INBOUND', 'context: ANY']],
    [
      'cluster for outbound',
      'agent',
      [/(CLUSTER\n {6}match:\n {8}context: )SIDECAR_INBOUND/, '$1SIDECAR_OUTBOUND'],
    ],
    ['no selector', 'agent', ['  workloadSelector:\n    labels: { app: api }\n', '']],
    ['camel case', 'agent', ['http2_protocol_options', 'http2ProtocolOptions']],
    ['image of an own build', 'agent', ['signalsciences/sigsci-agent:4.60.0', 'registry.example/guard:1']],
    [
      'address from a ConfigMap',
      'agent',
      ["value: '127.0.0.1:9999'", 'valueFrom: { configMapKeyRef: { name: agent, key: at } }'],
      ['', settings('at')],
    ],
    [
      'all variables from a ConfigMap',
      'agent',
      [variable, '          envFrom: [{ configMapRef: { name: agent } }]\n'],
      ['', settings('SIGSCI_ENVOY_GRPC_ADDRESS')],
    ],
    ['native sidecar', 'agent', [agentOfPod, ''], ['      containers:\n', native]],
    ['agent behind a Service', 'agent', ...toService, ['', agentOfService]],
    ['names that tell nothing', 'agent', ...neutral],
    [
      'port by name',
      'proxy',
      ['targetPort: 8001', 'targetPort: web'],
      ['- containerPort: 8001', '- { containerPort: 8001, name: web }'],
    ],
    ['script of the first release', 'curiefense', ['lua.session_envoy', 'lua.session']],
    ['script as inlineCode', 'curiefense', [/default_source_code:\n\s+inline_string: \|/, 'inlineCode: |']],
    [
      'image of a mirror',
      'curiefense',
      ['curiefense/curieproxy', 'registry.example/mirror/curiefense/curieproxy'],
    ],
    ['every path', 'provider', ['rules: [{}]', 'rules: [{ to: [{ operation: { paths: ["/*"] } }] }]']],
    [
      'policy of the whole mesh',
      'provider',
      [/ {2}selector:\n {4}matchLabels: \{ istio: ingressgateway \}\n {2}action/, '  action'],
    ],
  ];

  it.each(cases.map(([what, name, ...edits]) => [what, name, edits] as const))(
    '%s',
    async (_what, name, edits) => {
      expect(await judged(changed(name, edits))).toEqual({ ids: '', inspected: true });
    },
  );
});

describe('one mistake in one of them', () => {
  const cases: readonly (readonly [id: string, ...Case])[] = [
    [
      'WAF-010',
      'access log only',
      'agent',
      [/ {4}- applyTo: HTTP_FILTER[\s\S]*?(?= {4}- applyTo: CLUSTER)/, ''],
    ],
    ['WAF-010', 'no volume in common', 'module', [/ {10}volumeMounts:\n.*\n(?= {8}- name: sigsci)/, '']],
    [
      'WAF-013',
      'address of another port',
      'agent',
      [byCluster, byAddress.replace('9999', '9998')],
      [ownCluster, ''],
    ],
    [
      'WAF-013',
      'names that tell nothing, other port',
      'agent',
      ...neutral,
      ['port_value: 9999', 'port_value: 8000'],
    ],
    [
      'WAF-013',
      'names that tell nothing, no such cluster',
      'agent',
      ...neutral,
      ['cluster_name: inspection }', 'cluster_name: inspect }'],
    ],
    [
      'WAF-013',
      'port that the Service has not',
      'agent',
      ...toService.slice(0, 1),
      ['address: 127.0.0.1, port_value: 9999', 'address: sigsci.waf, port_value: 9999'],
      ['', agentOfService],
    ],
    [
      'WAF-013',
      'Service of TCP',
      'agent',
      ...toService,
      ['', agentOfService.replace('name: grpc', 'name: tcp')],
    ],
    [
      'WAF-013',
      'loopback behind a Service',
      'agent',
      ...toService,
      ['', agentOfService.replace('0.0.0.0', '127.0.0.1')],
    ],
    [
      'WAF-013',
      'port of the provider',
      'provider',
      ['port: 9999\n          failOpen', 'port: 9000\n          failOpen'],
    ],
    [
      'WAF-014',
      'names that tell nothing, module',
      'agent',
      ...neutral,
      ['SIGSCI_ENVOY_GRPC_ADDRESS', 'SIGSCI_RPC_ADDRESS'],
    ],
    ['WAF-014', 'HTTP to an agent of gRPC', 'provider', ['envoyExtAuthzGrpc', 'envoyExtAuthzHttp']],
    ['WAF-016', 'no processing mode', 'processor', [/ {12}processing_mode: .*\n/, '']],
    [
      'WAF-017',
      'answers ignored',
      'processor',
      ['failure_mode_allow: false', 'disable_immediate_response: true'],
    ],
    ['WAF-017', 'recommended configuration alone', 'coraza', ['        - SecRuleEngine On\n', '']],
    [
      'WAF-019',
      'another version',
      'agent',
      ['        listener:\n', "        proxy: { proxyVersion: '^1\\.8.*' }\n        listener:\n"],
    ],
    [
      'WAF-019',
      'second version of the API',
      'curiefense',
      ['extensions.filters.http.lua.v3', 'config.filter.http.lua.v2'],
    ],
    [
      'WAF-020',
      'other namespace',
      'agent',
      ['name: sigsci\n  namespace: shop', 'name: sigsci\n  namespace: other'],
    ],
    ['WAF-020', 'other context', 'curiefense', ['context: GATEWAY', 'context: SIDECAR_INBOUND']],
    ['WAF-020', 'label left out', 'curiefense', [', curiefense: enabled }', ' }']],
    [
      'WAF-020',
      'pods without a sidecar',
      'agent',
      ['labels: { app: api }\n    spec', "labels: { app: api, sidecar.istio.io/inject: 'false' }\n    spec"],
    ],
    ['WAF-021', 'added at the end', 'curiefense', [front, ''], ['INSERT_BEFORE', 'ADD']],
    [
      'WAF-022',
      'form of the first release',
      'curiefense',
      ['name: envoy.filters.http.lua', 'name: envoy.lua'],
      [
        /typed_config:\n.*\n\s+default_source_code:\n\s+inline_string: \|/,
        'config:\n            inlineCode: |',
      ],
    ],
    [
      'WAF-025',
      'methods',
      'provider',
      ['rules: [{}]', 'rules: [{ to: [{ operation: { methods: [POST] } }] }]'],
    ],
    ['WAF-025', 'no rule', 'provider', ['rules: [{}]', 'rules: []']],
    ['WAF-027', 'script for responses', 'curiefense', ['envoy_on_request', 'envoy_on_response']],
    [
      'WAF-029',
      'second Service',
      'proxy',
      [
        '',
        '---\napiVersion: v1\nkind: Service\nmetadata: { name: past, namespace: shop }\nspec: { selector: { app: api }, ports: [{ name: http, port: 80, targetPort: 8080 }] }\n',
      ],
    ],
    ['WAF-030', 'image left to injection', 'curiefense', ['curiefense/curieproxy-istio:1.5.1', 'auto']],
  ];

  it.each(cases.map(([id, what, name, ...edits]) => [id, what, name, edits] as const))(
    '%s: %s',
    async (id, _what, name, edits) => {
      expect((await judged(changed(name, edits))).ids).toBe(id);
    },
  );
});
