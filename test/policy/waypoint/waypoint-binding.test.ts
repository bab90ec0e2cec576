import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { EffectivePolicies } from '#policy/policies.js';
import type { WaypointUser } from '#policy/waypoint/binding-subject.js';
import type { MeshOfOptions } from '../../mesh/mesh-of.js';
import { deployment, namespace, object, policiesOf, workload } from '../manifests.js';
import { ambient, cartService, gateway, istiod, shop, use } from './ambient-mesh.js';

function userOf({ mesh }: EffectivePolicies, kind: 'Service' | 'ServiceEntry' | 'pods'): WaypointUser {
  const service = mesh.services.find(({ name }) => name === 'cart');
  const [entry] = mesh.ofKind('networking.istio.io', 'ServiceEntry');
  const found = { Service: service, ServiceEntry: entry, pods: undefined }[kind];
  return found ?? workload(mesh, 'shop/Deployment/cart');
}

/** The waypoint, or why there is none, in a word. */
function bound(
  objects: readonly JsonObject[],
  kind: 'Service' | 'ServiceEntry' | 'pods',
  options?: MeshOfOptions,
): string {
  const policies = policiesOf(objects, options);
  const binding = policies.waypointOf(userOf(policies, kind));
  if (!binding.known) return `unknown ${binding.missing.map(({ key }) => key).join()}`;
  return binding.value.waypoint?.key ?? binding.value.refused ?? 'none';
}

const space = (labels: Readonly<Record<string, string>> = {}): JsonObject =>
  namespace('shop', { ...ambient, ...labels });

const isFor = (traffic: string): Parameters<typeof gateway>[1] => ({
  labels: { 'istio.io/waypoint-for': traffic },
});

const entry = (labels: Readonly<Record<string, string>>): JsonObject =>
  object(
    'networking.istio.io/v1/ServiceEntry',
    'shop/bank',
    { hosts: ['bank.example'], addresses: ['240.0.0.9'], resolution: 'STATIC', ports: [] },
    { labels },
  );

// fetchWaypointForTarget in pilot/pkg/serviceregistry/ambient/waypoints.go
describe('which waypoint labels ask for', () => {
  it.each<[string, readonly JsonObject[], 'Service' | 'ServiceEntry' | 'pods', string]>([
    ['no label at all', [space(), gateway('shop/wp'), cartService()], 'Service', 'none'],
    ['the namespace', [space(use('wp')), gateway('shop/wp'), cartService()], 'Service', 'shop/wp'],
    ['the Service', [space(), gateway('shop/wp'), cartService(use('wp'))], 'Service', 'shop/wp'],
    ['a ServiceEntry', [space(), gateway('shop/wp'), entry(use('wp'))], 'ServiceEntry', 'shop/wp'],
    [
      'the Service before its namespace',
      [space(use('other')), gateway('shop/wp'), gateway('shop/other'), cartService(use('wp'))],
      'Service',
      'shop/wp',
    ],
    [
      '`none` on the Service',
      [space(use('wp')), gateway('shop/wp'), cartService(use('none'))],
      'Service',
      'none',
    ],
    ['`none` on the namespace', [space(use('none')), gateway('shop/none'), cartService()], 'Service', 'none'],
    [
      'a label of the Service does not bind pods',
      [space(), gateway('shop/wp', isFor('all')), cartService(use('wp'))],
      'pods',
      'none',
    ],
  ])('%s', (_, objects, kind, expected) => {
    expect(bound([...shop, ...objects], kind)).toBe(expected);
  });

  it('takes name and namespace of one level only', () => {
    const objects = [space(use('wp', 'infra')), gateway('infra/wp', { from: { from: 'All' } })];
    expect(bound([...shop, ...objects, cartService()], 'Service')).toBe('infra/wp');
    expect(bound([...shop, ...objects, cartService(use('wp'))], 'Service')).toBe('WaypointIsNotReady');
    expect(bound([...shop, ...objects, cartService(use('wp', 'infra'))], 'Service')).toBe('infra/wp');
  });

  it('points at the label that decides', () => {
    const policies = policiesOf([...shop, space(use('wp')), gateway('shop/wp'), cartService()]);
    const binding = policies.waypointOf(userOf(policies, 'Service'));
    expect(binding.known && binding.decidedBy).toMatchObject({
      resource: { kind: 'Namespace', name: 'shop' },
      path: ['metadata', 'labels', 'istio.io/use-waypoint'],
    });
  });
});

// gatewayToWaypointTransform in waypoints.go: Gateways without addresses are left out
describe('readiness', () => {
  const cases: readonly [string, readonly JsonObject[], string][] = [
    ['no such Gateway', [], 'WaypointIsNotReady'],
    ['a status without addresses', [gateway('shop/wp', { status: { addresses: [] } })], 'WaypointIsNotReady'],
    ['a status that says nothing of them', [gateway('shop/wp', { status: {} })], 'WaypointIsNotReady'],
    [
      'an address',
      [gateway('shop/wp', { status: { addresses: [{ type: 'Hostname', value: 'wp.shop' }] } })],
      'shop/wp',
    ],
    ['no status: not deployed yet', [gateway('shop/wp')], 'shop/wp'],
    ['a class that is not of waypoints', [gateway('shop/wp', { className: 'istio' })], 'shop/wp'],
  ];
  it.each(cases)('%s', (_, gateways, expected) => {
    expect(bound([...shop, space(use('wp')), ...gateways, cartService()], 'Service')).toBe(expected);
  });

  it('does not fall back to the waypoint of the namespace', () => {
    const gateways = [gateway('shop/wp'), gateway('shop/own', { status: { addresses: [] } })];
    const objects = [...shop, space(use('wp')), ...gateways, cartService(use('own'))];
    expect(bound(objects, 'Service')).toBe('WaypointIsNotReady');
  });
});

// fetchWaypointForService, fetchWaypointForWorkload in waypoints.go
describe('traffic that a waypoint is for', () => {
  const cases: readonly [string, string, string][] = [
    ['service', 'shop/wp', 'none'],
    ['workload', 'UnsupportedTrafficType', 'shop/wp'],
    ['all', 'shop/wp', 'shop/wp'],
    ['none', 'UnsupportedTrafficType', 'none'],
    ['anything', 'UnsupportedTrafficType', 'none'],
  ];
  it.each(cases)('%s', (traffic, service, pods) => {
    const objects = [...shop, space(use('wp')), gateway('shop/wp', isFor(traffic)), cartService()];
    expect(bound(objects, 'Service')).toBe(service);
    expect(bound(objects, 'pods')).toBe(pods);
  });

  it('is for Services when nobody says', () => {
    expect(bound([...shop, space(use('wp')), gateway('shop/wp'), cartService()], 'pods')).toBe('none');
  });

  it('refuses pods that ask for it themselves', () => {
    const pod = deployment('shop/cart', { labels: use('wp') });
    const objects = [namespace('istio-system'), pod, space(), gateway('shop/wp')];
    expect(bound(objects, 'pods')).toBe('UnsupportedTrafficType');
  });

  it('is said by the Gateway, else by its class', () => {
    const gatewayClass = (labels: JsonObject): JsonObject => ({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GatewayClass',
      metadata: { name: 'mine', labels },
      spec: { controllerName: 'istio.io/mesh-controller' },
    });
    const workloads = gatewayClass({ 'istio.io/waypoint-for': 'workload' });
    const mine = (labels: Readonly<Record<string, string>>): JsonObject =>
      gateway('shop/wp', { className: 'mine', labels });
    const rest = [...shop, space(use('wp')), workloads, cartService()];
    expect(bound([...rest, mine({})], 'pods')).toBe('shop/wp');
    expect(bound([...rest, mine({ 'istio.io/waypoint-for': 'service' })], 'pods')).toBe('none');
  });
});

// makeAllowedRoutes and AllowsAttachmentFromNamespace in waypoints.go
describe('namespaces that a waypoint admits', () => {
  const selector = (labels: JsonObject): JsonObject => ({
    from: 'Selector',
    selector: { matchLabels: labels },
  });
  const cases: readonly [string, JsonObject | undefined, string][] = [
    ['its own when nothing is said', undefined, 'AttachmentDenied'],
    ['its own', { from: 'Same' }, 'AttachmentDenied'],
    ['all', { from: 'All' }, 'infra/wp'],
    ['those of a selector', selector({ team: 'x' }), 'infra/wp'],
    ['not those of another selector', selector({ team: 'y' }), 'AttachmentDenied'],
    ['none by a selector that is not written', { from: 'Selector' }, 'AttachmentDenied'],
    ['any by an empty one', { from: 'Selector', selector: {} }, 'infra/wp'],
    ['its own by a word that nobody knows', { from: 'Some' }, 'AttachmentDenied'],
  ];
  it.each(cases)('%s', (_, from, expected) => {
    const options = from === undefined ? {} : { from };
    const objects = [
      space({ ...use('wp', 'infra'), team: 'x' }),
      gateway('infra/wp', options),
      cartService(),
    ];
    expect(bound([...shop, ...objects], 'Service')).toBe(expected);
  });

  it('asks the labels of its own namespace too', () => {
    const from = selector({ team: 'x' });
    const objects = [space(use('wp')), gateway('shop/wp', { from }), cartService()];
    expect(bound([...shop, ...objects], 'Service')).toBe('AttachmentDenied');
  });

  it('looks at the listener on port 15008, or at the one that an annotation names', () => {
    const listeners = [
      { name: 'other', port: 15_009, protocol: 'HBONE', allowedRoutes: { namespaces: { from: 'All' } } },
      { name: 'mesh', port: 15_008, protocol: 'HBONE' },
    ];
    const annotations = { 'ambient.istio.io/waypoint-inbound-binding': 'PROXY/15009' };
    const objects = [...shop, space(use('wp', 'infra')), cartService()];
    expect(bound([...objects, gateway('infra/wp', { listeners })], 'Service')).toBe('AttachmentDenied');
    expect(bound([...objects, gateway('infra/wp', { listeners, annotations })], 'Service')).toBe('infra/wp');
  });
});

describe('what has no waypoint whatever its labels', () => {
  it('instances of a Gateway (computeWaypoint in workloads.go)', () => {
    const pod = deployment('shop/cart', {
      labels: { ...use('wp'), 'gateway.networking.k8s.io/gateway-name': 'wp' },
    });
    const objects = [namespace('istio-system'), pod, space(), gateway('shop/wp', isFor('all'))];
    expect(bound(objects, 'pods')).toBe('none');
  });

  it('Services of waypoints, and those that stand for another name (services.go)', () => {
    const managed = cartService({ ...use('wp'), 'gateway.istio.io/managed': 'istio.io-mesh-controller' });
    const spec = { type: 'ExternalName', externalName: 'cart.example' };
    const alias = object('v1/Service', 'shop/cart', spec, { labels: use('wp') });
    for (const service of [managed, alias])
      expect(bound([...shop, space(), gateway('shop/wp'), service], 'Service')).toBe('none');
  });

  it('anything where ambient mode is off', () => {
    const off = istiod({ PILOT_ENABLE_AMBIENT: 'false' });
    expect(bound([...shop, space(use('wp')), gateway('shop/wp'), cartService(), off], 'Service')).toBe(
      'none',
    );
  });
});

// ingressUseWaypointFromLabels in services.go
describe('whether gateways use the waypoint', () => {
  const key = 'istio.io/ingress-use-waypoint';
  const cases: readonly [string | undefined, string | undefined, boolean][] = [
    [undefined, undefined, false],
    ['true', undefined, true],
    [undefined, 'true', true],
    ['false', 'true', false],
    ['1', undefined, true],
    ['yes', 'true', false],
  ];
  it.each(cases)('Service %s, namespace %s: %s', (own, wide, expected) => {
    const labels = (value: string | undefined): Readonly<Record<string, string>> =>
      value === undefined ? {} : { [key]: value };
    const objects = [
      ...shop,
      space({ ...use('wp'), ...labels(wide) }),
      gateway('shop/wp'),
      cartService(labels(own)),
    ];
    const policies = policiesOf(objects);
    const binding = policies.waypointOf(userOf(policies, 'Service'));
    expect(binding.known && binding.value.usedByGateways).toBe(expected);
  });
});

describe('files of a repository', () => {
  const partial = { scope: 'partial' } as const;
  const cases: readonly [string, readonly JsonObject[], string][] = [
    ['a namespace that is not there', [gateway('shop/wp'), cartService()], 'unknown namespace-labels'],
    ['a Gateway that is not there', [space(use('wp')), cartService()], 'unknown gateway'],
    ['both there', [space(use('wp')), gateway('shop/wp'), cartService()], 'shop/wp'],
    ['a Service that opts out', [cartService(use('none'))], 'none'],
    [
      'a class that is not there',
      [space(use('wp')), gateway('shop/wp', { className: 'mine' }), cartService()],
      'unknown gateway-class',
    ],
    [
      'two Gateways of one name',
      [space(use('wp')), gateway('shop/wp'), gateway('shop/wp', isFor('all')), cartService()],
      'unknown contested',
    ],
  ];
  it.each(cases)('%s', (_, objects, expected) => {
    const { [1]: cart } = shop;
    expect(bound([...(cart ? [cart] : []), ...objects], 'Service', partial)).toBe(expected);
  });
});
