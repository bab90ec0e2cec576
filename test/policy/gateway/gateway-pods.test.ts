import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { lostServers, mixedPorts } from '#policy/gateway/server-conflicts.js';
import type { GatewayPods } from '#policy/gateway/gateway-pods.js';
import { created, deployment, object, policiesOf } from '../manifests.js';

const ingress = { istio: 'ingressgateway' };

function gateway(place: string, servers: readonly JsonObject[], metadata: JsonObject = {}): JsonObject {
  return object('networking.istio.io/v1/Gateway', place, { selector: ingress, servers }, metadata);
}

const https = (host: string, name = 'https'): JsonObject => ({
  port: { number: 443, name, protocol: 'HTTPS' },
  hosts: [host],
  tls: { mode: 'SIMPLE', credentialName: 'c' },
});
const http = (host: string): JsonObject => ({
  port: { number: 443, name: 'http', protocol: 'HTTP' },
  hosts: [host],
});

function podsOf(objects: readonly JsonObject[], scope: 'partial' | 'complete'): readonly GatewayPods[] {
  return policiesOf(objects, { scope }).gatewayPods();
}

const router = deployment('istio-ingress/ingress', {
  labels: { ...ingress, 'sidecar.istio.io/inject': 'true' },
  annotations: { 'inject.istio.io/templates': 'gateway' },
});

describe('the pods that serve gateways', () => {
  const two = [gateway('a/one', [https('one.example')]), gateway('b/two', [https('two.example', 'other')])];

  it('are imagined once for each selector, in a partial scope only', () => {
    const [only, ...others] = podsOf(two, 'partial');
    expect(others).toEqual([]);
    expect(only?.selectedBy?.name).toBe('one');
    expect(only?.gateways.map(({ id }) => id)).toEqual(['a/one', 'b/two']);
    expect(podsOf(two, 'complete')).toEqual([]);
  });

  it('are those of the input where it has them', () => {
    const found = podsOf([...two, router], 'partial');
    expect(found.map(({ workload, selectedBy }) => [workload.id, selectedBy])).toEqual([
      ['istio-ingress/Deployment/ingress', undefined],
    ]);
  });
});

describe('servers that meet on one port (mergeGateways in pilot/pkg/model/gateway.go)', () => {
  const meet = (...gateways: readonly JsonObject[]): GatewayPods => {
    const [pods] = podsOf(gateways, 'partial');
    if (pods === undefined) throw new Error('no pods');
    return pods;
  };
  const older = (place: string, server: JsonObject): JsonObject => gateway(place, [server], created(1));
  const younger = (place: string, server: JsonObject): JsonObject => gateway(place, [server], created(2));

  it.each([
    ['TLS first', [older('a/tls', https('s.example')), younger('b/plain', http('s.example'))], 'open'],
    [
      'plaintext first',
      [younger('a/tls', https('s.example')), older('b/plain', http('s.example'))],
      'closed',
    ],
    [
      'no telling',
      [gateway('a/tls', [https('s.example')]), gateway('b/plain', [http('s.example')])],
      'either',
    ],
    ['one Gateway', [gateway('a/both', [https('s.example'), http('s.example')])], 'open'],
  ] as const)('mix plaintext and TLS: %s', (_title, gateways, effect) => {
    const [mixed, ...others] = mixedPorts(meet(...gateways));
    expect(others).toEqual([]);
    expect([mixed?.port, mixed?.effect]).toEqual([443, effect]);
  });

  it('lose to an older one of the same host, and say whether that is decided', () => {
    const [undated] = lostServers(meet(gateway('a/x', [https('h')]), gateway('b/y', [https('h', 'o')])));
    expect([undated?.lost.config.id, undated?.rival.config.id, undated?.decided]).toEqual([
      'b/y',
      'a/x',
      false,
    ]);
    const [dated] = lostServers(meet(younger('a/x', https('h')), older('b/y', https('h', 'o'))));
    expect([dated?.lost.config.id, dated?.decided]).toEqual(['a/x', true]);
    expect(lostServers(meet(gateway('a/x', [https('h')]), gateway('b/y', [https('i', 'o')])))).toEqual([]);
  });
});
