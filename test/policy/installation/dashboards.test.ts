import { describe, expect, it } from 'vitest';
import { dashboardOf, hasOpenLogin } from '#policy/installation/dashboards.js';
import { usesCni } from '#policy/installation/cni.js';
import type { JsonObject } from '#documents/json.js';
import { meshOf } from '../../mesh/mesh-of.js';
import { asText, deployment, object, workload } from '../manifests.js';

const tool = (image: string, env: readonly JsonObject[] = []): JsonObject =>
  deployment('istio-system/tool', { spec: { containers: [{ name: 'tool', image, env }] } });

const kiali = (strategy: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'kiali', namespace: 'istio-system' },
  data: { 'config.yaml': `auth:\n  strategy: ${strategy}\n` },
});

function login(objects: readonly JsonObject[]): string {
  const mesh = meshOf(asText(objects));
  const pods = workload(mesh, 'istio-system/Deployment/tool');
  const found = dashboardOf(pods);
  return found === undefined ? 'none' : `${found}${hasOpenLogin(mesh, pods, found) ? ' open' : ''}`;
}

describe('dashboards, and whether they ask for a login', () => {
  it.each([
    ['an application', [tool('example.com/shop/web:1')], 'none'],
    ['a name that only ends alike', [tool('example.com/notkiali/kiali-like:1')], 'none'],
    ['Prometheus', [tool('prom/prometheus:v3')], 'Prometheus open'],
    ['Prometheus of another registry', [tool('quay.io/prometheus/prometheus:v3')], 'Prometheus open'],
    ['Grafana', [tool('docker.io/grafana/grafana:11')], 'Grafana'],
    [
      'Grafana for anybody',
      [tool('docker.io/grafana/grafana:11', [{ name: 'GF_AUTH_ANONYMOUS_ENABLED', value: 'true' }])],
      'Grafana open',
    ],
    ['Kiali', [tool('quay.io/kiali/kiali:v2')], 'Kiali'],
    ['Kiali with tokens', [tool('quay.io/kiali/kiali:v2'), kiali('token')], 'Kiali'],
    ['Kiali for anybody', [tool('quay.io/kiali/kiali:v2'), kiali('anonymous')], 'Kiali open'],
  ])('%s', (_, objects, expected) => {
    expect(login(objects)).toBe(expected);
  });
});

describe('redirection by the CNI plugin', () => {
  const installed = (spec: JsonObject): JsonObject =>
    object('install.istio.io/v1alpha1/IstioOperator', 'istio-system/mesh', spec);

  it.each([
    ['nothing shown', [], undefined],
    ['values that do not ask for it', [installed({ values: {} })], false],
    ['values of istiod', [installed({ values: { pilot: { cni: { enabled: true } } } })], true],
    ['component of the operator', [installed({ components: { cni: { enabled: true } } })], true],
    ['profile', [installed({ profile: 'ambient' })], true],
    [
      'node agent',
      [
        installed({}),
        deployment('istio-system/tool', { spec: { containers: [{ name: 'install-cni', image: 'x' }] } }),
      ],
      true,
    ],
  ])('%s', (_, objects, expected) => {
    expect(usesCni(meshOf(asText(objects)))).toBe(expected);
  });
});
