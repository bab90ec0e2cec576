import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { namespace, object } from '../manifests.js';
import { ask, kinds, meshConfig, rule, tls, town } from './ask.js';

const everybody = 'mutual-istio-auto → mutual-istio';
const nobody = 'mutual-istio-auto → none';

describe('HBONE', () => {
  const istiod = (...env: readonly JsonObject[]): JsonObject =>
    object('apps/v1/Deployment', 'istio-system/istiod', {
      template: {
        metadata: { labels: { app: 'istiod' } },
        spec: {
          containers: [
            {
              name: 'discovery',
              image: 'x:1',
              env: [{ name: 'PILOT_ENABLE_AMBIENT', value: 'true' }, ...env],
            },
          ],
        },
      },
    });
  const base = [
    ...town.filter((one) => one['kind'] !== 'Namespace'),
    namespace('web', { 'istio-injection': 'enabled' }),
    namespace('pay', { 'istio.io/dataplane-mode': 'ambient' }),
    istiod(),
  ];
  const simple = tls({ mode: 'SIMPLE' });
  // applyHBONETransportSocketMatches in pilot/pkg/networking/core/cluster_tls.go
  it.each<readonly [string, readonly JsonObject[], string]>([
    ['in place of mutual TLS', [], 'mutual-istio-auto → hbone'],
    ['whatever DISABLE says', [rule('pay/r', tls({}))], 'none → hbone'],
    ['in place of ISTIO_MUTUAL', [rule('pay/r', tls({ mode: 'ISTIO_MUTUAL' }))], 'mutual-istio → hbone'],
    ['around other TLS', [rule('pay/r', simple)], 'simple → hbone+simple'],
    ['without auto mTLS', [meshConfig({ enableAutoMtls: false })], 'none → hbone'],
  ])('%s', (_, objects, expected) => {
    expect(kinds(objects, { base })).toBe(expected);
    expect(ask(objects, { base }).hbone).toBe(true);
  });

  it('without ambient mode in istiod the server is an ordinary pod', () => {
    const plain = base.filter((one) => one !== base.at(-1));
    expect(kinds([], { base: plain })).toBe(nobody);
  });

  it('a client that refuses to tunnel', () => {
    const config = meshConfig({
      defaultConfig: { proxyMetadata: { ISTIO_META_DISABLE_HBONE_SEND: 'true' } },
    });
    expect(kinds([config], { base })).toBe(nobody);
  });

  const both = meshConfig({ defaultConfig: { proxyMetadata: { ISTIO_META_ENABLE_HBONE: 'true' } } });
  it('a sidecar that accepts both gets mutual TLS, or HBONE where istiod prefers it', () => {
    expect(kinds([both], { base: [...town, istiod()] })).toBe(everybody);
    const preferring = istiod({ name: 'PILOT_PREFER_SENDING_HBONE', value: 'true' });
    expect(kinds([both], { base: [...town, preferring] })).toBe('mutual-istio-auto → hbone');
  });

  it('a client in ambient mode: ztunnel knows HBONE and plaintext only', () => {
    const inverse = [
      ...town.filter((one) => one['kind'] !== 'Namespace'),
      namespace('web', { 'istio.io/dataplane-mode': 'ambient' }),
      namespace('pay', { 'istio-injection': 'enabled' }),
      istiod(),
    ];
    expect(kinds([rule('pay/r', simple)], { base: inverse })).toBe('none');
    expect(kinds([both], { base: inverse })).toBe('none → hbone');
  });

  it('a client without proxy: the mesh adds nothing', () => {
    const bare = [
      ...town.filter((one) => one['kind'] !== 'Namespace'),
      namespace('pay', { 'istio-injection': 'enabled' }),
    ];
    expect(ask([rule('pay/r', simple)], { base: bare })).toMatchObject({ tls: 'none', effective: 'none' });
  });
});
