import type { FrontMark, WafProduct } from '#policy/waf/product.js';

/** Modes of Wallarm's nodes in which no request is refused. */
const wallarmDetects = ['monitoring', 'off'];

/** An annotation of Wallarm's ingress controllers, which says the mode as well. */
const wallarmIngress = (annotation: string): FrontMark => ({
  on: ['Ingress'],
  annotation: { name: annotation },
  mode: { annotation, detects: wallarmDetects, blocks: ['block', 'safe_blocking'], otherwise: 'unseen' },
});

/** Wallarm's nodes: asked by a proxy, put into pods by a webhook, or in an ingress controller. */
export const wallarmProducts: readonly WafProduct[] = [
  {
    id: 'wallarm-sidecar',
    name: 'Wallarm Sidecar',
    agent: {
      images: ['*wallarm/sidecar'],
      defaultMode: 'reverse-proxy',
      detectsOnly: wallarmDetects.map((value) => ({ env: ['WALLARM_MODE'], value })),
    },
    injected: [
      {
        on: 'label',
        name: 'wallarm-sidecar',
        value: 'enabled',
        mode: { annotation: 'sidecar.wallarm.io/wallarm-mode', detects: wallarmDetects },
      },
    ],
  },
  {
    id: 'wallarm',
    name: 'Wallarm',
    filters: [
      { clusters: ['*wallarm*'] },
      { names: ['wallarm'] },
      { types: ['wallarm.Wallarm'] },
      { addresses: ['*wallarm*'] },
    ],
    agent: {
      images: ['*wallarm/node-native-aio', '*wallarm/node-native*', '*wallarm/node'],
      env: ['WALLARM_*'],
      defaultMode: 'ext_proc',
      defaultPorts: { ext_proc: 5080 },
      detectsOnly: wallarmDetects.map((value) => ({ env: ['WALLARM_MODE'], value })),
    },
    fronts: [
      wallarmIngress('nginx.org/wallarm-mode'),
      wallarmIngress('nginx.ingress.kubernetes.io/wallarm-mode'),
      {
        kinds: ['k8s.nginx.org/VirtualServer'],
        refers: [{ kind: 'k8s.nginx.org/Policy', fields: ['spec.policies.*'], holds: 'spec.wallarm' }],
        mode: {
          field: 'spec.wallarm.mode',
          detects: wallarmDetects,
          blocks: ['block', 'safe_blocking'],
          otherwise: 'unseen',
        },
        covers: 'upstreams',
        upstreams: ['spec.upstreams.*.service'],
      },
    ],
  },
];
