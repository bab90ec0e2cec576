import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { audit } from '#audit.js';
import { catalogue } from '#checks';
import { marksOf } from '../marks.js';

const root = fileURLToPath(new URL('../../fixtures/checks/waf/', import.meta.url));

/** Checks on the wiring of a product; those before WAF-010 ask what is covered at all. */
const gapChecks = catalogue.filter(({ family, meta }) => family === 'waf' && meta.id >= 'WAF-010');

function fixtures(kind: 'fail' | 'pass'): readonly (readonly [string, string])[] {
  return gapChecks.flatMap(({ slug }) =>
    readdirSync(`${root}${slug}/${kind}`)
      .sort()
      .map((name) => [`${slug}/${name}`, readFileSync(`${root}${slug}/${kind}/${name}`, 'utf8')] as const),
  );
}

async function found(text: string): Promise<readonly string[]> {
  const { findings } = await audit({
    sources: [{ path: 'mesh.yaml', text }],
    scope: 'complete',
    checks: gapChecks,
  });
  return findings.map(({ checkId, location }) => `${location.line} ${checkId}`).sort();
}

const marked = (text: string): readonly string[] => marksOf(text).map(({ line, id }) => `${line} ${id}`);

describe('one mistake in a complete integration', () => {
  it.each(fixtures('fail'))('is told once, by its own check, on its line: %s', async (_name, text) => {
    expect(await found(text)).toEqual([...marked(text)].sort());
  });

  it.each(fixtures('pass'))('a complete integration has none: %s', async (_name, text) => {
    expect(await found(text)).toEqual([]);
  });
});

const clusterOfAgent = `    - applyTo: CLUSTER
      match:
        context: SIDECAR_INBOUND
      patch:
        operation: ADD
        value:
          name: sigsci-agent-grpc
          type: STRICT_DNS
          connect_timeout: 0.5s
          http2_protocol_options: {}
          load_assignment:
            cluster_name: sigsci-agent-grpc
            endpoints:
              - lb_endpoints:
                  - endpoint:
                      address:
                        socket_address: { address: 127.0.0.1, port_value: 9999 }
`;

const filterOfAgent = `---
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: sigsci
  namespace: shop
spec:
  workloadSelector:
    labels: { app: api }
  configPatches:
    - applyTo: HTTP_FILTER
      match:
        context: SIDECAR_INBOUND
        listener:
          filterChain:
            filter:
              name: envoy.filters.network.http_connection_manager
              subFilter:
                name: envoy.filters.http.router
      patch:
        operation: INSERT_BEFORE
        value:
          name: sigsci
          typed_config:
            '@type': type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz
            transport_api_version: V3
            grpc_service:
              envoy_grpc: { cluster_name: sigsci-agent-grpc }
            failure_mode_allow: false
            with_request_body: { max_request_bytes: 1048576 }
${clusterOfAgent}`;

const agentOfPod = `        - name: sigsci-agent
          image: signalsciences/sigsci-agent:4.60.0
          env:
            - name: SIGSCI_ENVOY_GRPC_ADDRESS
              value: 127.0.0.1:9999
---
apiVersion: v1
kind: Service`;

const body = '            with_request_body: { max_request_bytes: 1048576 }\n';

type Edit = readonly [string | RegExp, string];

/** What the remediation of a finding says, done: text to replace, and by what; an empty text stands for the end. */
const mendings: readonly (readonly [fixture: string, ...edits: Edit[]])[] = [
  ['agent-not-called/no-filter.yaml', ['', filterOfAgent]],
  [
    'agent-without-mode/keys-only.yaml',
    [
      /( {12}- name: SIGSCI_ACCESSKEYID)/,
      '            - { name: SIGSCI_ENVOY_GRPC_ADDRESS, value: "127.0.0.1:9999" }\n$1',
    ],
  ],
  ['filter-without-agent/closed.yaml', [/---\napiVersion: v1\nkind: Service/, agentOfPod]],
  ['agent-not-reached/other-port.yaml', ['port_value: 8000', 'port_value: 9999']],
  ['agent-not-reached/other-name.yaml', ['', clusterOfAgent]],
  ['agent-not-reached/cluster-for-gateways.yaml', ['context: GATEWAY', 'context: SIDECAR_INBOUND']],
  [
    'agent-not-reached/without-http2.yaml',
    ['          load_assignment:', '          http2_protocol_options: {}\n          load_assignment:'],
  ],
  [
    'agent-mode-mismatch/ext-proc-not-enabled.yaml',
    [
      /( {12}- name: SIGSCI_ACCESSKEYID)/,
      '            - { name: SIGSCI_ENVOY_EXTPROC_ENABLED, value: "true" }\n$1',
    ],
  ],
  ['fails-open/snake-case.yaml', ['failure_mode_allow: true', 'failure_mode_allow: false']],
  ['fails-open/camel-case.yaml', ['failureModeAllow: true', 'failureModeAllow: false']],
  ['body-not-inspected/none.yaml', [/( {12}failure_mode_allow: false\n)/, `$1${body}`]],
  [
    'body-not-inspected/beginning.yaml',
    ['max_request_bytes: 8192', 'max_request_bytes: 1048576'],
    ['allow_partial_message: true', 'allow_partial_message: false'],
  ],
  ['body-not-inspected/ext-proc.yaml', ['request_body_mode: NONE', 'request_body_mode: STREAMED']],
  ['detects-only/observes.yaml', ['observability_mode: true', 'observability_mode: false']],
  [
    'inert-form/old-anchor.yaml',
    ['name: envoy.http_connection_manager', 'name: envoy.filters.network.http_connection_manager'],
  ],
  ['wrong-context/outbound-with-agent.yaml', ['context: SIDECAR_OUTBOUND', 'context: SIDECAR_INBOUND']],
  ['wrong-context/gateway-port.yaml', ['portNumber: 80 ', 'portNumber: 8080 ']],
  ['wrong-context/other-labels.yaml', ['curiefense: disabled', 'curiefense: enabled']],
  ['wrong-order/after-router.yaml', ['operation: INSERT_AFTER', 'operation: INSERT_BEFORE']],
  ['requests-left-out/paths.yaml', [/- to:\n.*\n/, '- {}\n']],
  ['switched-off/disabled.yaml', ['          disabled: true\n', '']],
  ['switched-off/on-a-route.yaml', ['              disabled: true\n', '              check_settings: {}\n']],
  ['traffic-left-out/one-port.yaml', [/ {10}portNumber: 8080.*\n/, '']],
  ['traffic-left-out/mutual-tls-only.yaml', [/ {12}transportProtocol: tls.*\n/, '']],
  ['traffic-left-out/tcp-port.yaml', ['name: tcp-admin', 'name: http-admin']],
  ['reverse-proxy-bypassed/port-of-the-application.yaml', ['targetPort: 8080', 'targetPort: 8001']],
  [
    'engine-missing/stock-image.yaml',
    ['docker.io/istio/proxyv2:1.30.4', 'curiefense/curieproxy-istio:1.5.1'],
  ],
  [
    'agent-not-called/curiefense-image.yaml',
    ['curiefense/curieproxy-istio:1.5.1', 'docker.io/istio/proxyv2:1.30.4'],
  ],
];

describe('a finding is gone once its remediation is done (Signal Sciences, Curiefense)', () => {
  it.each(mendings.map(([fixture, ...edits]) => ({ fixture, edits })))(
    '$fixture',
    async ({ fixture, edits }) => {
      const [slug = '', name = ''] = fixture.split('/');
      const broken = readFileSync(`${root}${slug}/fail/${name}`, 'utf8');
      expect(await found(broken)).not.toEqual([]);
      const mended = edits.reduce(
        (text, [from, to]) => (from === '' ? `${text.trimEnd()}\n${to}` : text.replace(from, to)),
        broken,
      );
      expect(mended).not.toBe(broken);
      expect(await found(mended)).toEqual([]);
    },
  );
});
