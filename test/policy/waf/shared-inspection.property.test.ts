import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { EffectivePolicies } from '#policy/policies.js';
import { at, envoyFilter, insert, patch, router } from '../filter-chain/bakery.js';
import { deployment, namespace, object, peerAuthentication, service, workload } from '../manifests.js';
import { agent, agentCluster, decisions, fullCheck } from './kiln.js';

const application: JsonObject = { name: 'app', image: 'app:1', ports: [{ containerPort: 8080 }] };
const ownProxy = { 'sidecar.istio.io/proxyImage': 'registry.example/proxy-with-waf:1' };

/** Workloads that differ in what plugins select by, in what goes past the proxy, and in engines of their own. */
const workloads = fc
  .array(
    fc.record({
      tier: fc.constantFrom('web', 'api'),
      annotations: fc.constantFrom<Readonly<Record<string, string>>>(
        {},
        {},
        { 'traffic.sidecar.istio.io/excludeInboundPorts': '8080' },
        { 'sidecar.istio.io/interceptionMode': 'NONE' },
        ownProxy,
      ),
      containers: fc.constantFrom<readonly JsonObject[]>([], [], [agent()]),
      protocol: fc.constantFrom('http', 'mongo', 'unnamed'),
      inject: fc.constantFrom({}, {}, { 'sidecar.istio.io/inject': 'false' }),
    }),
    { minLength: 3, maxLength: 6 },
  )
  .map((all) =>
    all.flatMap(({ tier, annotations, containers, protocol, inject }, index) => {
      const name = `bakery/w${String(index)}`;
      const labels = { app: `w${String(index)}`, tier, ...inject };
      const port = { name: protocol, port: 80, targetPort: 8080 };
      return [
        deployment(name, { labels, annotations, spec: { containers: [application, ...containers] } }),
        ...(protocol === 'unnamed' ? [] : [service(name, [port], { of: `w${String(index)}` })]),
      ];
    }),
  );

const selectors: readonly JsonObject[] = [{}, {}, { selector: { matchLabels: { tier: 'web' } } }];
const directives = fc.constantFrom('SecRuleEngine On', 'SecRuleEngine DetectionOnly', 'SecRuleEngine Off');

const plugins = fc.record({
  place: fc.constantFrom('istio-system/coraza', 'bakery/coraza'),
  selector: fc.constantFrom(...selectors),
  engine: directives,
  failStrategy: fc.constantFrom('FAIL_CLOSE', 'FAIL_OPEN'),
  ports: fc.constantFrom<readonly number[]>([], [8080], [9090]),
});

const written = fc.array(plugins, { maxLength: 2 }).map((all) =>
  all.map(({ place, selector, engine, failStrategy, ports }, index) =>
    object('extensions.istio.io/v1alpha1/WasmPlugin', `${place}-${String(index)}`, {
      ...selector,
      url: 'oci://ghcr.io/corazawaf/coraza-proxy-wasm:1',
      failStrategy,
      ...(ports.length === 0 ? {} : { match: [{ ports: ports.map((number) => ({ number })) }] }),
      pluginConfig: {
        directives_map: { all: [engine, 'Include @owasp_crs/*.conf'] },
        default_directives: 'all',
      },
    }),
  ),
);

const others: readonly (readonly JsonObject[])[] = [
  [],
  [peerAuthentication('bakery/default', { mtls: { mode: 'STRICT' } })],
  [
    envoyFilter('bakery/check', [
      insert(fullCheck(), at(router)),
      patch('CLUSTER', 'ADD', agentCluster(), { context: 'SIDECAR_OUTBOUND' }),
    ]),
  ],
];

const answered = (policies: EffectivePolicies, id: string): unknown => {
  const asked = workload(policies.mesh, id);
  return [policies.waf.inspection(asked), policies.filterChains(asked)];
};

describe('what plugins inspect at proxies that share a configuration', () => {
  it('is what they inspect at each of them asked about alone', () => {
    fc.assert(
      fc.property(workloads, written, fc.constantFrom(...others), (pods, put, more) => {
        const around = [namespace('istio-system'), namespace('bakery', { 'istio-injection': 'enabled' })];
        const objects = [...around, ...pods, ...put, ...more];
        const together = decisions(objects);
        for (const { id } of together.mesh.workloads)
          expect(answered(together, id)).toEqual(answered(decisions(objects), id));
      }),
      { numRuns: 30 },
    );
  });

  it('is one object where nothing of the workload counts, and another where a pod has an engine', () => {
    const plugin = object('extensions.istio.io/v1alpha1/WasmPlugin', 'istio-system/coraza', {
      url: 'oci://ghcr.io/corazawaf/coraza-proxy-wasm:1',
      pluginConfig: { directives_map: { all: ['SecRuleEngine On'] }, default_directives: 'all' },
    });
    const pods = ['a', 'b', 'c'].flatMap((name) => [
      deployment(`bakery/${name}`, {
        labels: { app: name },
        spec: { containers: [application, ...(name === 'c' ? [agent()] : [])] },
      }),
      service(`bakery/${name}`, [{ name: 'http', port: 80, targetPort: 8080 }]),
    ]);
    const policies = decisions([
      namespace('istio-system'),
      namespace('bakery', { 'istio-injection': 'enabled' }),
      ...pods,
      plugin,
    ]);
    const [a, b, c] = policies.mesh.workloads.map((one) => policies.waf.inspection(one));
    expect(a).toBe(b);
    expect(c).not.toEqual(a);
  });
});
