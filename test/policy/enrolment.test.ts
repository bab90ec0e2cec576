import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { Decision } from '#policy/decision.js';
import type { Enrolment } from '#policy/policies.js';
import { deployment, namespace, object, policiesOf, workload } from './manifests.js';

type Labels = Readonly<Record<string, string>>;

const on = namespace('shop', { 'istio-injection': 'enabled' });

function enrolment(
  objects: readonly JsonObject[],
  id = 'shop/Deployment/web',
  partial = false,
): Decision<Enrolment> {
  const policies = policiesOf(objects, { scope: partial ? 'partial' : 'complete' });
  return policies.enrolment(workload(policies.mesh, id));
}

function plane(decision: Decision<Enrolment>): string {
  return decision.known ? decision.value.dataPlane : decision.missing.map(({ key }) => key).join();
}

const proxy = (...args: readonly string[]): JsonObject => ({
  name: 'istio-proxy',
  image: 'istio/proxyv2:1.30.2',
  args,
});
const application: JsonObject = { name: 'application', image: 'registry.example/application:1' };
const withContainers = (...containers: readonly JsonObject[]): JsonObject => ({
  containers: [application, ...containers],
});

describe('proxies written into the pod (istio-discovery/files)', () => {
  const table: readonly [string, JsonObject, string][] = [
    ['kube-inject', withContainers(proxy('proxy', 'sidecar', '--domain')), 'sidecar'],
    ['native sidecar', { initContainers: [proxy('proxy', 'sidecar')] }, 'sidecar'],
    ['gateway', { containers: [proxy('proxy', 'router')] }, 'gateway'],
    ['waypoint', { containers: [proxy('proxy', 'waypoint')] }, 'waypoint'],
    ['ztunnel', { containers: [proxy('proxy', 'ztunnel')] }, 'ztunnel'],
    [
      'gRPC without Envoy',
      withContainers({ ...proxy('proxy', 'sidecar'), env: [{ name: 'DISABLE_ENVOY', value: 'true' }] }),
      'proxyless',
    ],
    [
      'an application called proxy',
      withContainers({ name: 'proxy', image: 'nginx', args: ['proxy'] }),
      'none',
    ],
  ];
  it.each(table)('%s', (_title, spec, expected) => {
    expect(plane(enrolment([namespace('shop'), deployment('shop/web', { spec })]))).toBe(expected);
  });
});

describe('injection templates (selectTemplates, pkg/kube/inject/inject.go)', () => {
  const table: readonly [string, string][] = [
    ['gateway', 'gateway'],
    ['grpc-agent', 'proxyless'],
    ['sidecar, custom', 'sidecar'],
    ['custom', 'injection-template'],
  ];
  it.each(table)('%s', (templates, expected) => {
    const annotations = { 'inject.istio.io/templates': templates };
    expect(plane(enrolment([on, deployment('shop/web', { annotations })]))).toBe(expected);
  });

  it('a gateway that waits for its image is one, wherever it stands', () => {
    const spec = { containers: [{ name: 'istio-proxy', image: 'auto' }] };
    const annotations = { 'inject.istio.io/templates': 'gateway' };
    expect(plane(enrolment([deployment('shop/web', { annotations, spec })], undefined, true))).toBe(
      'gateway',
    );
  });
});

describe('ambient redirection (cni/pkg/util/enablement_selector.go)', () => {
  const mode = (value: string): Labels => ({ 'istio.io/dataplane-mode': value });
  const table: readonly [string, Labels, Labels, JsonObject, string][] = [
    ['namespace', mode('ambient'), {}, {}, 'ambient'],
    ['pod', {}, mode('ambient'), {}, 'ambient'],
    ['pod opts out', mode('ambient'), mode('none'), {}, 'none'],
    ['host network', mode('ambient'), {}, { hostNetwork: true }, 'none'],
    ['a sidecar wins', { ...mode('ambient'), 'istio-injection': 'enabled' }, {}, {}, 'sidecar'],
    [
      'beside an opt-out from sidecars',
      mode('ambient'),
      { 'sidecar.istio.io/inject': 'false' },
      {},
      'ambient',
    ],
  ];
  it.each(table)('%s', (_title, labels, podLabels, spec, expected) => {
    expect(
      plane(enrolment([namespace('shop', labels), deployment('shop/web', { labels: podLabels, spec })])),
    ).toBe(expected);
  });
});

describe('what a partial input leaves open', () => {
  const alone = (options: Parameters<typeof deployment>[1]): string =>
    plane(enrolment([deployment('shop/web', options)], undefined, true));

  it('a namespace without object has unknown labels', () => {
    const decision = enrolment([deployment('shop/web')], undefined, true);
    expect(decision).toEqual({
      known: false,
      missing: [{ key: 'namespace-labels', text: 'labels of namespace shop' }],
      considered: [],
    });
  });
  it('the pod may settle it', () => {
    expect(alone({ labels: { 'sidecar.istio.io/inject': 'true' } })).toBe('sidecar');
    expect(alone({ labels: { 'sidecar.istio.io/inject': 'false' } })).toBe('none');
    expect(alone({ annotations: { 'sidecar.istio.io/inject': 'false' } })).toBe('none');
    expect(alone({ spec: { hostNetwork: true } })).toBe('none');
    expect(alone({ labels: { 'istio.io/dataplane-mode': 'ambient' } })).toBe('ambient');
  });
  it('without sidecar it may still be ambient where the input knows ambient', () => {
    const other = namespace('other', { 'istio.io/dataplane-mode': 'ambient' });
    const web = deployment('shop/web', { labels: { 'sidecar.istio.io/inject': 'false' } });
    expect(plane(enrolment([other, web], undefined, true))).toBe('namespace-labels');
  });
  it('a namespace object without labels is known to have none', () => {
    expect(plane(enrolment([namespace('shop'), deployment('shop/web')], undefined, true))).toBe('none');
  });
});

describe('running pods show more than labels', () => {
  const pod = (name: string, extra: JsonObject, metadata: JsonObject = {}): JsonObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'shop', uid: name, labels: { app: 'web' }, ...metadata },
    spec: withContainers(),
    status: { phase: 'Running' },
    ...extra,
  });
  const injected = (name: string): JsonObject =>
    pod(
      name,
      { spec: withContainers(proxy('proxy', 'sidecar')) },
      { annotations: { 'sidecar.istio.io/status': '{"revision":"1-30"}' } },
    );
  const owned = (made: JsonObject): JsonObject => ({
    ...made,
    metadata: {
      ...(made['metadata'] as JsonObject),
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', controller: true, uid: 'set' },
      ],
    },
  });
  const set: JsonObject = { ...deployment('shop/web'), kind: 'StatefulSet' };
  const of = (...pods: readonly JsonObject[]): Decision<Enrolment> =>
    enrolment([on, set, ...pods.map(owned)], 'shop/StatefulSet/web');

  it('all with a proxy: its revision', () => {
    expect(of(injected('a'), injected('b'))).toMatchObject({
      value: { dataPlane: 'sidecar', revision: '1-30' },
    });
  });
  it('one without, created before the namespace was labelled: unprotected', () => {
    expect(of(injected('a'), pod('b', {}))).toMatchObject({
      value: { dataPlane: 'none', reason: '1 of 2 running pods have no proxy and are not redirected' },
      decidedBy: { resource: { name: 'b' } },
    });
  });
  it('finished pods do not count', () => {
    expect(plane(of(injected('a'), pod('b', { status: { phase: 'Succeeded' } })))).toBe('sidecar');
  });
  it('redirection to ztunnel is shown by its annotation', () => {
    const redirected = pod('a', {}, { annotations: { 'ambient.istio.io/redirection': 'enabled' } });
    expect(plane(of(redirected))).toBe('ambient');
  });
});

describe('virtual machines', () => {
  const entry = (metadata: JsonObject = {}): JsonObject =>
    object('networking.istio.io/v1/WorkloadEntry', 'shop/vm', { address: '10.0.0.1' }, metadata);

  it('a WorkloadGroup exists for proxies', () => {
    const group = object('networking.istio.io/v1/WorkloadGroup', 'shop/vm', { template: {} });
    expect(plane(enrolment([group], 'shop/WorkloadGroup/vm'))).toBe('sidecar');
  });
  it('a WorkloadEntry may be anything, unless its proxy registered it', () => {
    expect(plane(enrolment([entry()], 'shop/WorkloadEntry/vm'))).toBe('proxy-on-machine');
    const registered = entry({ annotations: { 'istio.io/autoRegistrationGroup': 'vm' } });
    expect(plane(enrolment([registered], 'shop/WorkloadEntry/vm'))).toBe('sidecar');
  });
});

describe('the field that decided', () => {
  it('namespace label, pod label, host network', () => {
    expect(enrolment([on, deployment('shop/web')])).toMatchObject({
      decidedBy: { resource: { kind: 'Namespace' }, path: ['metadata', 'labels', 'istio-injection'] },
    });
    const labels = { 'sidecar.istio.io/inject': 'false' };
    expect(enrolment([on, deployment('shop/web', { labels })])).toMatchObject({
      decidedBy: { path: ['spec', 'template', 'metadata', 'labels', 'sidecar.istio.io/inject'] },
    });
    expect(enrolment([on, deployment('shop/web', { spec: { hostNetwork: true } })])).toMatchObject({
      value: { reason: 'hostNetwork' },
      decidedBy: { path: ['spec', 'template', 'spec', 'hostNetwork'] },
    });
  });
});
