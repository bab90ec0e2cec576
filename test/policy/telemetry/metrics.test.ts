import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import type { MeshOfOptions } from '../../mesh/mesh-of.js';
import { deployment, meshConfig, namespace, object, policiesOf, workload } from '../manifests.js';

const shop = namespace('shop', { 'istio-injection': 'enabled' });

function said(objects: readonly JsonObject[], options: MeshOfOptions = {}): string {
  const policies = policiesOf([shop, deployment('shop/web'), ...objects], { scope: 'complete', ...options });
  const decision = policies.metrics(workload(policies.mesh, 'shop/Deployment/web'));
  if (!decision.known) return decision.missing.map(({ key }) => key).join();
  const { enabled, providers, disabled } = decision.value;
  const less =
    disabled.length === 0
      ? ''
      : ` without ${disabled.length > 2 ? String(disabled.length) : disabled.join()}`;
  return enabled ? `on ${providers.join()}${less}` : 'off';
}

const telemetry = (place: string, metrics: readonly JsonObject[], extra: JsonObject = {}): JsonObject =>
  object('telemetry.istio.io/v1/Telemetry', place, { metrics, ...extra });
const root = (...entries: readonly JsonObject[]): JsonObject => telemetry('istio-system/a', entries);
const to = (name: string, ...overrides: readonly JsonObject[]): JsonObject => ({
  providers: [{ name }],
  overrides,
});
const less = (metric?: string, mode?: string, disabled = true): JsonObject => ({
  match: { ...(metric === undefined ? {} : { metric }), ...(mode === undefined ? {} : { mode }) },
  disabled,
});
const charts = meshConfig({ defaultProviders: { metrics: ['prometheus'] } });
const bare = meshConfig({});

describe('metrics (mergeMetrics in pilot/pkg/model/telemetry.go)', () => {
  const table: readonly [string, readonly JsonObject[], string][] = [
    ['no default provider', [bare], 'off'],
    ['the charts’ default provider', [charts], 'on prometheus'],
    ['a Telemetry names it', [bare, root(to('prometheus'))], 'on prometheus'],
    ['a provider without a filter', [bare, root(to('stackdriver'))], 'off'],
    ['a Telemetry names another alone', [charts, root(to('stackdriver'))], 'off'],
    [
      'one metric less',
      [charts, root(to('prometheus', less('REQUEST_COUNT')))],
      'on prometheus without REQUEST_COUNT',
    ],
    [
      'a metric of one’s own less',
      [charts, root(to('prometheus', { match: { customMetric: 'mine' }, disabled: true }))],
      'on prometheus without mine',
    ],
    ['all of them', [charts, root(to('prometheus', less()))], 'off'],
    ['all of them by name', [charts, root(to('prometheus', less('ALL_METRICS')))], 'off'],
    ['without a match', [charts, root(to('prometheus', { disabled: true }))], 'off'],
    ['all of them as a client', [charts, root(to('prometheus', less(undefined, 'CLIENT')))], 'on prometheus'],
    ['all of them as a server', [charts, root(to('prometheus', less(undefined, 'SERVER')))], 'off'],
    [
      'what follows brings the rest back',
      [charts, root(to('prometheus', less(), less('REQUEST_COUNT', undefined, false)))],
      'on prometheus',
    ],
    [
      'the namespace brings them back',
      [charts, root({ overrides: [less()] }), telemetry('shop/b', [{ overrides: [less('REQUEST_SIZE')] }])],
      'on prometheus without REQUEST_SIZE',
    ],
    [
      'a later override has the last word',
      [charts, root(to('prometheus', less('REQUEST_COUNT'), less('REQUEST_COUNT', undefined, false)))],
      'on prometheus',
    ],
    [
      'the namespace names another provider',
      [charts, root(to('prometheus')), telemetry('shop/b', [to('stackdriver')])],
      'off',
    ],
    [
      'for the workload',
      [charts, telemetry('shop/b', [{ overrides: [less()] }], { selector: { matchLabels: { app: 'web' } } })],
      'off',
    ],
  ];
  it.each(table)('%s', (_, objects, expected) => {
    expect(said(objects)).toBe(expected);
  });

  it('are unknown without a mesh configuration, unless a Telemetry says who gets them', () => {
    const partial = { scope: 'partial' } as const;
    expect(said([], partial)).toContain('mesh-config');
    expect(said([root(to('prometheus')), telemetry('shop/b', [to('prometheus', less())])], partial)).toBe(
      'off',
    );
  });

  it('are ztunnel’s own in ambient mode', () => {
    const policies = policiesOf(
      [
        namespace('mist', { 'istio.io/dataplane-mode': 'ambient' }),
        deployment('mist/db'),
        bare,
        root(to('prometheus', less())),
      ],
      {
        scope: 'complete',
      },
    );
    expect(policies.metrics(workload(policies.mesh, 'mist/Deployment/db'))).toMatchObject({
      known: true,
      value: { enabled: true, providers: ['ztunnel'] },
    });
  });
});
