import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { externalAuthorizer } from '#policy/external-authorizer.js';
import { istiodFlag } from '#policy/istiod-flag.js';
import type { EffectivePolicies } from '#policy/policies.js';
import { deployment, namespace, object, policiesOf, workload } from './manifests.js';

/** ConfigMap of a control plane: `istio`, `istio-<revision>`, `istio-sidecar-injector…`. */
function configMap(name: string, data: Readonly<Record<string, JsonObject>>): JsonObject {
  const texts = Object.entries(data).map(([key, value]) => [key, JSON.stringify(value)]);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'istio-system' },
    data: Object.fromEntries(texts) as JsonObject,
  };
}

const istiod = (name: string, env: readonly JsonObject[]): JsonObject =>
  deployment(`istio-system/${name}`, {
    spec: { containers: [{ name: 'discovery', image: 'istio/pilot:1.30.1', env }] },
  });

const mode = (name: string) => ({ mesh: { outboundTrafficPolicy: { mode: name } } });

const planes = [
  configMap('istio', mode('REGISTRY_ONLY')),
  configMap('istio-canary', mode('ALLOW_ANY')),
  istiod('istiod', []),
  istiod('istiod-canary', [{ name: 'PILOT_SKIP_VALIDATE_TRUST_DOMAIN', value: 'true' }]),
];
const members = [
  namespace('shop', { 'istio-injection': 'enabled' }),
  namespace('bank', { 'istio.io/rev': 'canary' }),
  namespace('farm', { 'istio.io/rev': 'stranger' }),
  ...['shop', 'bank', 'farm'].map((name) => deployment(`${name}/web`)),
];

function outbound(policies: EffectivePolicies, name: string): string {
  const answer = policies.outboundTraffic(workload(policies.mesh, `${name}/Deployment/web`));
  return answer.known ? answer.value.mode : answer.missing.map(({ key }) => key).join(', ');
}

describe('l.1 each revision has its own settings (getMeshConfigMapName in pilot/pkg/bootstrap/mesh.go)', () => {
  it('workloads follow the MeshConfig of the revision that injects them', () => {
    const policies = policiesOf([...planes, ...members], { scope: 'partial' });
    expect(['shop', 'bank'].map((name) => outbound(policies, name))).toEqual(['REGISTRY_ONLY', 'ALLOW_ANY']);
  });
  it('a revision that the input does not show leaves its settings open', () => {
    const policies = policiesOf([...planes, ...members], { scope: 'partial' });
    expect(outbound(policies, 'farm')).toBe('mesh-config');
  });
  it('flags of istiod are those of the revision (l.3)', () => {
    const policies = policiesOf([...planes, ...members]);
    const flags = ['shop', 'bank'].map((name) => {
      const { mesh } = policies.seenBy(workload(policies.mesh, `${name}/Deployment/web`));
      return istiodFlag(mesh, 'PILOT_SKIP_VALIDATE_TRUST_DOMAIN', false);
    });
    expect(flags).toEqual([false, true]);
  });
  it('a tag leads to the revision that it names', () => {
    const tag = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: {
        name: 'istio-revision-tag-stranger',
        labels: { 'istio.io/tag': 'stranger', 'istio.io/rev': 'canary' },
      },
    };
    expect(outbound(policiesOf([...planes, ...members, tag], { scope: 'partial' }), 'farm')).toBe(
      'ALLOW_ANY',
    );
  });
  it('the revision that stands for the default one takes who asks for that', () => {
    const canary = planes.filter((one) => JSON.stringify(one).includes('canary'));
    expect(outbound(policiesOf([...canary, ...members], { scope: 'partial' }), 'shop')).toBe('ALLOW_ANY');
  });
  it('one control plane alone decides for all in a whole cluster', () => {
    const [own] = planes;
    expect(outbound(policiesOf([own ?? {}, ...members]), 'farm')).toBe('REGISTRY_ONLY');
  });
  it('the injector is that of the revision, too (l.2)', () => {
    const off = configMap('istio-sidecar-injector-canary', { config: { policy: 'disabled' }, values: {} });
    const policies = policiesOf([...planes, ...members, off], { scope: 'partial' });
    const planesOf = ['shop', 'bank'].map((name) => {
      const answer = policies.enrolment(workload(policies.mesh, `${name}/Deployment/web`));
      return answer.known && answer.value.dataPlane;
    });
    expect(planesOf).toEqual(['sidecar', 'none']);
  });
});

describe('l.5 a compatibility version (manifests/helm-profiles)', () => {
  it('sets flags of istiod back, unless they are written', () => {
    const flag = (values: JsonObject): string | undefined => {
      const { mesh } = policiesOf([object('sailoperator.io/v1/Istio', '/default', { values })]);
      return mesh.settings.env['PILOT_ENABLE_STRICT_GATEWAY_MERGING'];
    };
    expect(flag({})).toBeUndefined();
    expect(flag({ compatibilityVersion: '1.30' })).toBe('false');
    const written = { pilot: { env: { PILOT_ENABLE_STRICT_GATEWAY_MERGING: 'true' } } };
    expect(flag({ compatibilityVersion: '1.30', ...written })).toBe('true');
  });
});

describe('MeshConfig.discoverySelectors (pkg/kube/namespace/filter.go)', () => {
  const selecting = (selectors: readonly JsonObject[]): JsonObject =>
    configMap('istio', { mesh: { discoverySelectors: selectors } });
  const labelled = { matchLabels: { mesh: 'yes' } };
  const deny = (place: string): JsonObject =>
    object('security.istio.io/v1/AuthorizationPolicy', place, { action: 'DENY', rules: [{}] });
  const shop = (labels: Readonly<Record<string, string>>): JsonObject =>
    namespace('shop', { 'istio-injection': 'enabled', ...labels });
  const denials = (objects: readonly JsonObject[], version = '1.31'): number | string => {
    const policies = policiesOf([...objects, deployment('shop/web'), deny('shop/all')], {
      istioVersion: version,
    });
    const answer = policies.authorization(workload(policies.mesh, 'shop/Deployment/web'));
    return answer.known ? answer.value.deny.length : 'unknown';
  };
  it.each<[string, readonly JsonObject[], string, number]>([
    ['policies of a namespace that none selects are not read', [selecting([labelled]), shop({})], '1.31', 0],
    [
      'one selector is enough',
      [selecting([{ matchLabels: { a: 'b' } }, labelled]), shop({ mesh: 'yes' })],
      '1.31',
      1,
    ],
    ['none at all selects everything', [selecting([]), shop({})], '1.31', 1],
    [
      'an unreadable one puts all out of force',
      [selecting([{ matchExpressions: [{ key: 'a' }] }]), shop({})],
      '1.31',
      1,
    ],
    ['before 1.22 only Services and pods are filtered', [selecting([labelled]), shop({})], '1.21', 1],
    [
      'the root namespace is no exception',
      [selecting([labelled]), shop({ mesh: 'yes' }), deny('istio-system/all')],
      '1.31',
      1,
    ],
  ])('%s', (_title, objects, version, expected) => {
    expect(denials(objects, version)).toBe(expected);
  });
  it('an injected pod of a hidden namespace has no Service: its ports are detected', () => {
    const policies = policiesOf([
      selecting([labelled]),
      shop({}),
      deployment('shop/web', { ports: [{ containerPort: 8080 }] }),
      object('v1/Service', 'shop/web', { selector: { app: 'web' }, ports: [{ name: 'http', port: 8080 }] }),
    ]);
    const target = workload(policies.mesh, 'shop/Deployment/web');
    expect(policies.enrolment(target)).toMatchObject({ value: { dataPlane: 'sidecar' } });
    expect(policies.inboundPorts(target)).toMatchObject([{ number: 8080, protocol: 'AUTO', services: [] }]);
  });
  it('an external authorizer in a hidden namespace is not found', () => {
    const provider = { service: 'opa.away.svc.cluster.local', port: 8000 };
    const resolved = (labels: Readonly<Record<string, string>>): string => {
      const { mesh } = policiesOf([
        configMap('istio', {
          mesh: {
            discoverySelectors: [labelled],
            extensionProviders: [{ name: 'opa', envoyExtAuthzGrpc: provider }],
          },
        }),
        namespace('away', labels),
        object('v1/Service', 'away/opa', { ports: [{ port: 8000 }] }),
      ]);
      return externalAuthorizer(mesh, 'opa').state;
    };
    expect([resolved({}), resolved({ mesh: 'yes' })]).toEqual(['broken', 'usable']);
  });
  it('labels that are not in the input leave it open', () => {
    const objects = [selecting([labelled]), deployment('shop/web'), deny('shop/all')];
    const policies = policiesOf(objects, { scope: 'partial' });
    const answer = policies.authorization(workload(policies.mesh, 'shop/Deployment/web'));
    expect(answer.known).toBe(false);
  });
});

describe('OpenShift Service Mesh 2 (maistra.io)', () => {
  const objects = (annotation: Readonly<Record<string, string>>): readonly JsonObject[] => [
    namespace('shop', {}),
    deployment('shop/web', { annotations: annotation }),
    object('maistra.io/v1/ServiceMeshMemberRoll', 'istio-system/default', { members: ['shop'] }),
  ];
  it.each<[string, Readonly<Record<string, string>>, JsonObject]>([
    [
      'membership is not decided',
      { 'sidecar.istio.io/inject': 'true' },
      { known: false, missing: [{ key: 'service-mesh-member-roll' }] },
    ],
    [
      'who declines stays outside',
      { 'sidecar.istio.io/inject': 'false' },
      { known: true, value: { dataPlane: 'none' } },
    ],
  ])('%s', (_title, annotation, expected) => {
    const policies = policiesOf(objects(annotation));
    expect(policies.enrolment(workload(policies.mesh, 'shop/Deployment/web'))).toMatchObject(expected);
  });
});
