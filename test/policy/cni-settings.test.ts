import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { deployment, namespace, object, policiesOf, workload } from './manifests.js';

const ambient = { 'istio.io/dataplane-mode': 'ambient' };
const web = deployment('shop/web', { labels: { tier: 'mesh' } });

const configMap = (data: Readonly<Record<string, string>>): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'istio-cni-config', namespace: 'istio-system' },
  data,
});
const values = (cni: JsonObject): JsonObject =>
  object('sailoperator.io/v1/IstioCNI', '/default', { values: { cni } });
const chart = (own: JsonObject): JsonObject =>
  object('helm.toolkit.fluxcd.io/v2/HelmRelease', 'istio-system/cni', {
    chart: { spec: { chart: 'cni' } },
    values: own,
  });
const byTier = [{ podSelector: { matchLabels: { tier: 'mesh' } } }];
const byNamespace = [{ namespaceSelector: { matchLabels: { team: 'a' } } }];

function planeOf(objects: readonly JsonObject[], istioVersion = '1.31'): string {
  const policies = policiesOf([web, ...objects], { istioVersion });
  const answer = policies.enrolment(workload(policies.mesh, 'shop/Deployment/web'));
  return answer.known ? answer.value.dataPlane : answer.missing.map(({ key }) => key).join();
}

describe('e.9 what istio-cni takes in (cni/pkg/util/enablement_selector.go, cni/pkg/nodeagent/informers.go)', () => {
  it.each<[string, readonly JsonObject[], string]>([
    ['the chart’s selectors', [namespace('shop', ambient)], 'ambient'],
    [
      'excluded namespaces in the ConfigMap',
      [namespace('shop', ambient), configMap({ EXCLUDE_NAMESPACES: 'kube-system, shop' })],
      'none',
    ],
    [
      'in the values of IstioCNI',
      [namespace('shop', ambient), values({ excludeNamespaces: ['shop'] })],
      'none',
    ],
    [
      'in the values of a Helm release',
      [namespace('shop', ambient), chart({ excludeNamespaces: ['shop'] })],
      'none',
    ],
    [
      'the ConfigMap before values',
      [
        namespace('shop', ambient),
        values({ excludeNamespaces: ['shop'] }),
        configMap({ EXCLUDE_NAMESPACES: '' }),
      ],
      'ambient',
    ],
    [
      'selectors of its own replace the chart’s: the label says nothing',
      [namespace('shop', ambient), values({ ambient: { enablementSelectors: byNamespace } })],
      'none',
    ],
    [
      'a pod selector of its own',
      [namespace('shop', {}), values({ ambient: { enablementSelectors: byTier } })],
      'ambient',
    ],
    [
      'a namespace selector of its own, as text',
      [
        namespace('shop', { team: 'a' }),
        configMap({ AMBIENT_ENABLEMENT_SELECTOR: JSON.stringify(byNamespace) }),
      ],
      'ambient',
    ],
  ])('%s', (_title, objects, expected) => {
    expect(planeOf(objects)).toBe(expected);
  });
  it('before 1.30 an exclusion is not all there is', () => {
    const objects = [namespace('shop', ambient), values({ excludeNamespaces: ['shop'] })];
    expect(planeOf(objects, '1.29')).toBe('cni-exclusion');
  });
});
