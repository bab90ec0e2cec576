import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { ask, entry, rule } from './ask.js';

const host = 'bank.example.com';
const passthrough: JsonObject = { loadBalancer: { simple: 'PASSTHROUGH' } };

const bank = (endpoints: readonly JsonObject[] = []): JsonObject =>
  entry('web/bank', { hosts: [host], resolution: 'DNS', endpoints });

/** The TLS of a subset that no endpoint is in. */
function ofSubset(policies: { readonly whole?: JsonObject; readonly own?: JsonObject }): string {
  const { whole, own } = policies;
  const subset = { name: 'v2', labels: { version: 'v2' }, ...(own && { trafficPolicy: own }) };
  const spec = { host, subsets: [subset], ...(whole && { trafficPolicy: whole }) };
  return ask([bank(), rule('web/r', spec)], { host, subset: 'v2' }).tls;
}

const ofPort = (policy: JsonObject): JsonObject => ({
  portLevelSettings: [{ port: { number: 80 }, ...policy }],
});

// buildSubsetCluster and buildCluster in pilot/pkg/networking/core/cluster_builder.go
describe('a subset without endpoints of a host that the proxy resolves', () => {
  it.each<readonly [string, Parameters<typeof ofSubset>[0], string]>([
    ['has no cluster', {}, 'absent'],
    ['has one where its own policy goes to the dialled address', { own: passthrough }, 'none'],
    ["has one where the service's does", { whole: passthrough }, 'none'],
    ["has one where the service's does for the port", { whole: ofPort(passthrough) }, 'none'],
    [
      "has none where only its own port's does: that is applied too late",
      { own: ofPort(passthrough) },
      'absent',
    ],
  ])('%s', (_, policies, tls) => {
    expect(ofSubset(policies)).toBe(tls);
  });

  it('the whole needs an endpoint, whatever its policy', () => {
    const none = entry('web/bank', {
      hosts: [host],
      resolution: 'DNS',
      workloadSelector: { labels: { app: 'x' } },
    });
    const objects = [none, rule('web/r', { host, trafficPolicy: passthrough })];
    expect(ask(objects, { host }).tls).toBe('absent');
  });
});
