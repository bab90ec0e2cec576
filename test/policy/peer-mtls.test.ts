import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { Decision } from '#policy/decision.js';
import type { MtlsMode } from '#policy/policies.js';
import type { MeshOfOptions } from '../mesh/mesh-of.js';
import {
  created,
  deployment,
  meshConfig,
  namespace,
  object,
  peerAuthentication,
  policiesOf,
  workload,
} from './manifests.js';

const shop = namespace('shop', { 'istio-injection': 'enabled' });
const web = deployment('shop/web', { labels: { tier: 'front' } });
const mode = (value: string): JsonObject => ({ mtls: { mode: value } });
const selecting = (labels: JsonObject, rest: JsonObject): JsonObject => ({
  selector: { matchLabels: labels },
  ...rest,
});

function decide(
  policies: readonly JsonObject[],
  port: number | '*' = '*',
  options: MeshOfOptions = {},
): Decision<MtlsMode> {
  const decisions = policiesOf([shop, web, ...policies], options);
  return decisions.peerMtls(workload(decisions.mesh, 'shop/Deployment/web'), port);
}

function answer(decision: Decision<MtlsMode>): string {
  return decision.known ? decision.value : decision.missing.map(({ key }) => key).join();
}

describe('the mode of a sidecar (ComposePeerAuthentication, pilot/pkg/security/authn/policy_applier.go)', () => {
  const root = (name: string, spec: JsonObject, day = 1): JsonObject =>
    peerAuthentication(`istio-system/${name}`, spec, created(day));
  const own = (name: string, spec: JsonObject, day = 1): JsonObject =>
    peerAuthentication(`shop/${name}`, spec, created(day));
  const app = { app: 'web' };
  const ports = (entries: JsonObject): JsonObject => ({ portLevelMtls: entries });
  const table: readonly [string, readonly JsonObject[], number | '*', MtlsMode][] = [
    ['nothing', [], '*', 'PERMISSIVE'],
    ['mesh-wide', [root('default', mode('STRICT'))], '*', 'STRICT'],
    ['mesh-wide unset means permissive', [root('default', { mtls: {} })], '*', 'PERMISSIVE'],
    [
      'the namespace overrides the mesh',
      [root('a', mode('STRICT')), own('b', mode('PERMISSIVE'))],
      '*',
      'PERMISSIVE',
    ],
    ['unset inherits', [root('a', mode('STRICT')), own('b', { mtls: { mode: 'UNSET' } })], '*', 'STRICT'],
    ['no mtls at all inherits', [root('a', mode('STRICT')), own('b', {})], '*', 'STRICT'],
    [
      'the workload overrides the namespace',
      [own('a', mode('STRICT')), own('b', selecting(app, mode('DISABLE')))],
      '*',
      'DISABLE',
    ],
    [
      'all labels must match',
      [own('a', selecting({ app: 'web', tier: 'back' }, mode('STRICT')))],
      '*',
      'PERMISSIVE',
    ],
    ['an empty selector is none', [own('a', { selector: {}, ...mode('STRICT') })], '*', 'STRICT'],
    [
      'a selector in the root namespace is ignored',
      [root('a', selecting(app, mode('STRICT')))],
      '*',
      'PERMISSIVE',
    ],
    ['other namespaces do not reach', [peerAuthentication('bank/a', mode('STRICT'))], '*', 'PERMISSIVE'],
    ['the oldest counts', [own('a', mode('STRICT'), 2), own('b', mode('PERMISSIVE'), 1)], '*', 'PERMISSIVE'],
    [
      'of one age the first by name',
      [own('b', mode('STRICT')), own('a', mode('PERMISSIVE'))],
      '*',
      'PERMISSIVE',
    ],
    [
      'a loser loses its ports too',
      [
        own('a', selecting(app, mode('STRICT')), 1),
        own('b', selecting(app, { ...mode('STRICT'), ...ports({ 8080: { mode: 'DISABLE' } }) }), 2),
      ],
      8080,
      'STRICT',
    ],
    [
      'port level',
      [own('a', selecting(app, { ...mode('STRICT'), ...ports({ 8080: { mode: 'PERMISSIVE' } }) }))],
      8080,
      'PERMISSIVE',
    ],
    [
      'other ports keep the mode',
      [own('a', selecting(app, { ...mode('STRICT'), ...ports({ 8080: { mode: 'PERMISSIVE' } }) }))],
      9090,
      'STRICT',
    ],
    [
      'an unset port inherits the workload’s mode',
      [own('a', selecting(app, { ...mode('STRICT'), ...ports({ 8080: {} }) }))],
      8080,
      'STRICT',
    ],
    [
      'an unset port under an unset mode inherits the namespace’s',
      [own('a', mode('STRICT')), own('b', selecting(app, ports({ 8080: { mode: 'UNSET' } })))],
      8080,
      'STRICT',
    ],
    [
      'port level on a namespace-wide policy is not read',
      [own('a', { ...mode('STRICT'), ...ports({ 8080: { mode: 'DISABLE' } }) })],
      8080,
      'STRICT',
    ],
  ];
  it.each(table)('%s', (_title, policies, port, expected) => {
    expect(answer(decide(policies, port))).toBe(expected);
  });

  it('another root namespace', () => {
    const config = meshConfig({ rootNamespace: 'mesh-root' });
    expect(answer(decide([config, root('a', mode('STRICT'))]))).toBe('PERMISSIVE');
    expect(answer(decide([config, peerAuthentication('mesh-root/a', mode('STRICT'))]))).toBe('STRICT');
  });

  it('a workload of the root namespace follows the mesh-wide policy only', () => {
    const objects = [
      namespace('istio-system', { 'istio-injection': 'enabled' }),
      deployment('istio-system/web'),
      root('a', selecting(app, mode('DISABLE'))),
      root('b', mode('STRICT'), 2),
    ];
    const decisions = policiesOf(objects);
    const at = workload(decisions.mesh, 'istio-system/Deployment/web');
    expect(answer(decisions.peerMtls(at, '*'))).toBe('STRICT');
  });

  it('names the deciding field and those passed over', () => {
    const decision = decide([
      root('a', mode('STRICT')),
      own('b', mode('PERMISSIVE'), 1),
      own('c', mode('STRICT'), 2),
    ]);
    expect(decision).toMatchObject({
      decidedBy: { resource: { name: 'b' }, path: ['spec', 'mtls', 'mode'] },
    });
    expect(decision.considered.map(({ at }) => at.resource.name)).toEqual(['b', 'c', 'a']);
    const byPort = decide([own('a', selecting(app, ports({ 8080: { mode: 'STRICT' } })))], 8080);
    expect(byPort).toMatchObject({ decidedBy: { path: ['spec', 'portLevelMtls', '8080', 'mode'] } });
    expect(decide([])).toMatchObject({ decidedBy: 'default' });
  });
});

describe('revisions: a labelled policy is read by its revision only (LabelsInRevision, pkg/config/model.go)', () => {
  const labelled = (revision: string): JsonObject =>
    peerAuthentication('shop/a', mode('STRICT'), { labels: { 'istio.io/rev': revision } });
  it('complete input', () => {
    expect(answer(decide([labelled('default')]))).toBe('STRICT');
    expect(answer(decide([labelled('1-31')]))).toBe('PERMISSIVE');
  });
  it('partial input: the namespace’s label may name a tag of that revision', () => {
    const wide = peerAuthentication('istio-system/default', mode('PERMISSIVE'));
    expect(answer(decide([wide, labelled('1-31')], '*', { scope: 'partial' }))).toBe('revision');
    const same = peerAuthentication('istio-system/default', mode('STRICT'));
    expect(answer(decide([same, labelled('1-31')], '*', { scope: 'partial' }))).toBe('STRICT');
  });
});

describe('partial input', () => {
  const partial: MeshOfOptions = { scope: 'partial' };
  it('nothing found: someone else may have set the mode', () => {
    expect(answer(decide([], '*', partial))).toBe('mesh-wide-peer-authentication');
    const unset = peerAuthentication('shop/a', { mtls: {} });
    expect(answer(decide([unset], '*', partial))).toBe('mesh-wide-peer-authentication');
  });
  it('what is found decides', () => {
    expect(answer(decide([peerAuthentication('istio-system/a', mode('STRICT'))], '*', partial))).toBe(
      'STRICT',
    );
    expect(answer(decide([peerAuthentication('shop/a', mode('STRICT'))], '*', partial))).toBe('STRICT');
    const port = selecting({ app: 'web' }, { portLevelMtls: { 8080: { mode: 'DISABLE' } } });
    expect(answer(decide([peerAuthentication('shop/a', port)], 8080, partial))).toBe('DISABLE');
    expect(answer(decide([peerAuthentication('shop/a', port)], 9090, partial))).toBe(
      'mesh-wide-peer-authentication',
    );
  });
  it('which of two undated policies is the older is not written in files', () => {
    const two = [
      peerAuthentication('shop/a', mode('STRICT')),
      peerAuthentication('shop/b', mode('PERMISSIVE')),
    ];
    expect(answer(decide(two, '*', partial))).toBe('creation-time');
    const alike = [
      peerAuthentication('shop/a', mode('STRICT')),
      peerAuthentication('shop/b', mode('STRICT')),
    ];
    expect(answer(decide(alike, '*', partial))).toBe('STRICT');
    const dated = [
      peerAuthentication('shop/a', mode('STRICT'), created(2)),
      peerAuthentication('shop/b', mode('DISABLE'), created(1)),
    ];
    expect(answer(decide(dated, '*', partial))).toBe('DISABLE');
  });
  it('with unknown enrolment a proxy is presumed, and said so', () => {
    const decisions = policiesOf([web, peerAuthentication('shop/a', mode('STRICT'))], partial);
    const decision = decisions.peerMtls(workload(decisions.mesh, 'shop/Deployment/web'), '*');
    expect(answer(decision)).toBe('STRICT');
    expect(decision.considered.at(-1)?.note).toContain('enrolment is not known');
  });
});

describe('where PeerAuthentication is not what decides', () => {
  const strict = peerAuthentication('istio-system/default', mode('STRICT'));
  const proxyArguments = (role: string): JsonObject => ({
    containers: [{ name: 'istio-proxy', image: 'istio/proxyv2:1.30.2', args: ['proxy', role] }],
  });
  const modeOf = (objects: readonly JsonObject[], port: number | '*' = '*'): string => {
    const decisions = policiesOf([shop, strict, ...objects]);
    return answer(decisions.peerMtls(workload(decisions.mesh, 'shop/Deployment/web'), port));
  };
  const table: readonly [string, JsonObject, string][] = [
    ['outside the mesh', deployment('shop/web', { spec: { hostNetwork: true } }), 'DISABLE'],
    ['gateway', deployment('shop/web', { spec: proxyArguments('router') }), 'DISABLE'],
    ['waypoint', deployment('shop/web', { spec: proxyArguments('waypoint') }), 'STRICT'],
    [
      'no interception',
      deployment('shop/web', { annotations: { 'sidecar.istio.io/interceptionMode': 'NONE' } }),
      'DISABLE',
    ],
    [
      'no interception by the pod’s ProxyConfig',
      deployment('shop/web', { annotations: { 'proxy.istio.io/config': 'interceptionMode: NONE' } }),
      'DISABLE',
    ],
  ];
  it.each(table)('%s', (_title, pod, expected) => {
    expect(modeOf([pod])).toBe(expected);
  });

  it('without interception a Sidecar’s ingress listener enforces on its port', () => {
    const pod = deployment('shop/web', { annotations: { 'sidecar.istio.io/interceptionMode': 'NONE' } });
    const sidecar = object('networking.istio.io/v1/Sidecar', 'shop/web', {
      ingress: [
        { port: { number: 9080, protocol: 'HTTP', name: 'http' }, defaultEndpoint: '127.0.0.1:8080' },
      ],
    });
    expect(modeOf([pod, sidecar], 9080)).toBe('STRICT');
    expect(modeOf([pod, sidecar], 8080)).toBe('DISABLE');
  });

  it('gRPC without Envoy has no PERMISSIVE (pilot/pkg/networking/grpcgen/lds.go)', () => {
    const grpc = (labels = {}): JsonObject =>
      deployment('shop/web', { labels, annotations: { 'inject.istio.io/templates': 'grpc-agent' } });
    const own = peerAuthentication('shop/a', mode('PERMISSIVE'));
    expect(modeOf([grpc(), own])).toBe('STRICT');
    expect(modeOf([grpc({ 'security.istio.io/tlsMode': 'disabled' }), own])).toBe('DISABLE');
  });
});
