import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resource } from '#documents/document.js';
import type { JsonObject } from '#documents/json.js';
import { readPodTemplate } from '#mesh/pod-template.js';
import { proxyOfPod, writtenProxy } from '#policy/proxy-container.js';

const env = fc.constantFrom<JsonObject[]>(
  [],
  [{ name: 'DISABLE_ENVOY', value: 'true' }],
  [{ name: 'DISABLE_ENVOY', value: 'no' }],
);
const args = fc.constantFrom<string[]>(
  ['proxy', 'sidecar'],
  ['proxy', 'router'],
  ['proxy', 'ztunnel'],
  ['proxy'],
  ['sidecar', 'proxy'],
  ['serve'],
);
const container = fc.record(
  { name: fc.constantFrom('app', 'istio-proxy'), command: args, args, env },
  {
    requiredKeys: ['name'],
  },
);
const lists = ['containers', 'initContainers', 'ephemeralContainers'] as const;
const podSpec = fc.record(
  {
    containers: fc.array(container),
    initContainers: fc.array(container),
    ephemeralContainers: fc.array(container),
  },
  { requiredKeys: [] },
);

const podOf = (spec: JsonObject): Resource => ({
  apiVersion: 'v1',
  group: '',
  version: 'v1',
  kind: 'Pod',
  name: 'web',
  namespace: 'shop',
  object: { spec },
  origin: { file: 'pod.yaml', document: 0, path: [], line: 1 },
  stored: true,
  reported: true,
});

describe('the proxy of a pod', () => {
  it('is the same read from the spec as from its containers', () => {
    fc.assert(
      fc.property(podSpec, (spec) => {
        const written = writtenProxy(readPodTemplate(podOf(spec), []).containers);
        const found = proxyOfPod(spec);
        expect(found).toEqual(written && { role: written.role, path: written.container.path });
      }),
    );
  });

  it.each(lists)('in a list %s that holds no mappings is none', (list) => {
    expect(proxyOfPod({ [list]: ['istio-proxy', null] })).toBeUndefined();
  });
});
