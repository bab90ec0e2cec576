import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { created, deployment, object, policiesOf, service, workload } from '../manifests.js';
import { ask, decide, entry, ledger, meshConfig, rule, rulesUsed, sidecar, tls, town } from './ask.js';
import type { Question } from './ask.js';

const sees = (objects: readonly JsonObject[], question: Question = {}): boolean =>
  ask(objects, question).tls !== 'absent';
const egress = (...hosts: readonly string[]): JsonObject => ({ egress: [{ hosts }] });
const lab: Question = { client: 'lab/Deployment/front' };

describe('which hosts a client has clusters for', () => {
  // convertIstioListenerToWrapper and selectServices in pilot/pkg/model/sidecar.go
  it.each<readonly [string, readonly JsonObject[], boolean]>([
    ['no Sidecar: everything', [], true],
    ['a Sidecar without egress: everything', [sidecar('web/s', {})], true],
    ['the host', [sidecar('web/s', egress(`pay/${ledger}`))], true],
    ['another host', [sidecar('web/s', egress('pay/other.pay.svc.cluster.local'))], false],
    ['any host of the namespace', [sidecar('web/s', egress('pay/*'))], true],
    ['a wildcard', [sidecar('web/s', egress('*/*.pay.svc.cluster.local'))], true],
    ["the client's own namespace only", [sidecar('web/s', egress('./*'))], false],
    ['nothing', [sidecar('web/s', egress('~/*'))], false],
    ['all but this one', [sidecar('web/s', egress('*/*', `~pay/${ledger}`))], false],
    ['an entry that is no pair counts for nothing', [sidecar('web/s', egress('pay'))], false],
    ['of the root namespace', [sidecar('istio-system/s', egress('./*'))], false],
    [
      'of the root namespace, for selected workloads there',
      [sidecar('istio-system/s', { workloadSelector: { labels: {} }, ...egress('./*') })],
      true,
    ],
    [
      "the namespace's goes before the root's",
      [sidecar('istio-system/s', egress('./*')), sidecar('web/s', egress('*/*'))],
      true,
    ],
    [
      'one that selects the client goes before all',
      [
        sidecar('web/all', egress('*/*'), created(1)),
        sidecar('web/mine', { workloadSelector: { labels: { app: 'front' } }, ...egress('./*') }, created(2)),
      ],
      false,
    ],
    [
      'of two the older',
      [sidecar('web/b', egress('*/*'), created(1)), sidecar('web/a', egress('./*'), created(2))],
      true,
    ],
    [
      'a listener of another port',
      [sidecar('web/s', { egress: [{ port: { number: 81, protocol: 'HTTP', name: 'x' }, hosts: ['*/*'] }] })],
      false,
    ],
    [
      'a listener of this port',
      [sidecar('web/s', { egress: [{ port: { number: 80, protocol: 'HTTP', name: 'x' }, hosts: ['*/*'] }] })],
      true,
    ],
    [
      "an HTTP proxy's port limits nothing",
      [
        sidecar('web/s', {
          egress: [{ port: { number: 81, protocol: 'HTTP_PROXY', name: 'x' }, hosts: ['*/*'] }],
        }),
      ],
      true,
    ],
  ])('Sidecar: %s', (_, objects, expected) => {
    expect(sees(objects)).toBe(expected);
  });

  it('does not count for gateways', () => {
    const gateway = deployment('web/gate', { annotations: { 'inject.istio.io/templates': 'gateway' } });
    expect(sees([gateway, sidecar('web/s', egress('./*'))], { client: 'web/Deployment/gate' })).toBe(true);
  });

  // virtualServiceDestinationsFilteredBySourceNamespace in pilot/pkg/model/push_context.go
  const route = (spec: JsonObject): JsonObject =>
    object('networking.istio.io/v1/VirtualService', 'web/v', { hosts: ['shop.example'], ...spec });
  const only = sidecar('web/s', egress('./*'));
  const to = (port?: number): JsonObject => ({
    destination: { host: ledger, ...(port !== undefined && { port: { number: port } }) },
  });
  it.each<readonly [string, JsonObject, boolean, boolean]>([
    ['come along with routes', { http: [{ route: [to()] }] }, true, true],
    ['only the port that they name', { http: [{ route: [to(80)] }] }, true, false],
    ['mirrors too', { http: [{ mirror: { host: ledger } }] }, true, true],
    [
      "not for other namespaces' rules",
      { http: [{ match: [{ sourceNamespace: 'lab' }], route: [to()] }] },
      false,
      false,
    ],
    ['not those of gateways', { gateways: ['g'], http: [{ route: [to()] }] }, false, false],
  ])('destinations %s', (_, spec, http, tcp) => {
    expect([sees([only, route(spec)]), sees([only, route(spec)], { port: 90 })]).toEqual([http, tcp]);
  });

  const shown = (value: string): JsonObject =>
    object(
      'v1/Service',
      'pay/ledger',
      { selector: { app: 'ledger' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }] },
      { annotations: { 'networking.istio.io/exportTo': value } },
    );
  const withService = (one: JsonObject): Question => ({ base: [...town.slice(0, -1), one] });
  // initServiceRegistry in pilot/pkg/model/push_context.go
  it.each([
    ['*', true, true],
    ['.', false, false],
    ['web', true, false],
    ['lab, web', true, true],
    ['~', false, false],
    ['web,~', false, false],
  ])('a Service that is exported to %s', (value, web, other) => {
    expect(sees([], withService(shown(value)))).toBe(web);
    expect(sees([], { ...withService(shown(value)), ...lab })).toBe(other);
  });

  it("the mesh's default", () => {
    expect(sees([meshConfig({ defaultServiceExportTo: ['.'] })])).toBe(false);
  });

  it.each([
    ['NONE', false, false],
    ['NAMESPACE', false, true],
    ['PUBLIC', true, true],
  ])('serviceEntryVisibility %s, once it is for sidecars', (visibility, web, other) => {
    const objects = [
      meshConfig({ serviceEntryVisibility: { applyToSidecars: true, defaultVisibility: visibility } }),
      entry('lab/e', { hosts: ['api.example'], resolution: 'DNS' }),
    ];
    expect(sees(objects, { host: 'api.example' })).toBe(web);
    expect(sees(objects, { host: 'api.example', ...lab })).toBe(other);
  });

  it('tells which Sidecar or exportTo hides a host', () => {
    const bySidecar = decide([sidecar('web/s', egress('./*'))]);
    expect(bySidecar.known && bySidecar.decidedBy).toMatchObject({
      resource: { kind: 'Sidecar' },
      path: ['spec', 'egress'],
    });
    const byExport = decide([], withService(shown('.')));
    expect(byExport.known && byExport.decidedBy).toMatchObject({ resource: { kind: 'Service' } });
  });
});

describe('one host declared several times', () => {
  const host = 'api.example';
  const of = (place: string, spec: JsonObject = {}, at: JsonObject = {}): JsonObject =>
    entry(place, { hosts: [host], resolution: 'DNS', ...spec }, at);
  const ruleOf = (place: string): JsonObject => rule(place, { host, ...tls({ mode: 'SIMPLE' }) });

  it("the client's own namespace goes first, else the oldest", () => {
    const objects = [
      of('pay/a', {}, created(1)),
      of('lab/b', {}, created(2)),
      ruleOf('pay/r'),
      ruleOf('lab/r'),
    ];
    expect(rulesUsed(objects, { host })).toBe('pay/r');
    expect(rulesUsed(objects, { host, ...lab })).toBe('lab/r');
  });

  it('a Kubernetes Service goes before any entry', () => {
    const squatter = entry('lab/e', { hosts: [ledger], resolution: 'DNS' }, created(1));
    expect(ask([squatter])).toMatchObject({ tls: 'mutual-istio-auto', effective: 'mutual-istio' });
  });

  it('entries of one namespace that are alike add their ports up', () => {
    const more = { ports: [{ number: 443, name: 'tls', protocol: 'TLS' }] };
    const objects = [of('pay/a', {}, created(1)), of('pay/b', more, created(2))];
    expect(sees(objects, { host, port: 443 })).toBe(true);
    const other = of('pay/b', { ...more, exportTo: ['*'] }, created(2));
    expect(sees([of('pay/a', {}, created(1)), other], { host, port: 443 })).toBe(false);
  });
});

describe('the list of destinations', () => {
  it('has every port of every host and every subset that a rule names for it, seen or not', () => {
    const policies = policiesOf(
      [
        ...town,
        service('pay/audit', [{ name: 'http', port: 80 }]),
        rule('lab/r', { host: '*.pay.svc.cluster.local', subsets: [{ name: 'v1' }] }),
        sidecar('web/s', egress('./*')),
      ],
      { stored: true },
    );
    const client = workload(policies.mesh, 'web/Deployment/front');
    expect(policies.clientDestinations(client)).toEqual([
      { host: 'audit.pay.svc.cluster.local', port: 80 },
      { host: 'audit.pay.svc.cluster.local', port: 80, subset: 'v1' },
      { host: ledger, port: 80 },
      { host: ledger, port: 80, subset: 'v1' },
      { host: ledger, port: 90 },
      { host: ledger, port: 90, subset: 'v1' },
    ]);
  });
});
