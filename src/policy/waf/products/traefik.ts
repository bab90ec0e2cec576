import type { FrontMark } from '#policy/waf/product.js';

const middlewares = 'traefik.ingress.kubernetes.io/router.middlewares';

/**
 * How a plugin of Traefik shows: as a Middleware that Ingresses name in an annotation, and IngressRoutes in their routes.
 *
 * @param field What the Middleware must have set.
 */
export function traefikPlugin(
  field: string,
  rest: Pick<FrontMark, 'rules' | 'failure'> = {},
): readonly FrontMark[] {
  const kind = 'traefik.io/Middleware';
  return [
    { kinds: [kind, 'traefik.containo.us/Middleware'], field, ...rest },
    {
      on: ['Ingress'],
      annotation: { name: middlewares },
      refers: [{ kind, annotation: middlewares, holds: field }],
      ...rest,
    },
    {
      kinds: ['traefik.io/IngressRoute'],
      refers: [{ kind, fields: ['spec.routes.*.middlewares.*'], holds: field }],
      covers: 'upstreams',
      upstreams: ['spec.routes.*.services.*'],
      ...rest,
    },
  ];
}
