import type { RenderOptions } from '#report/renderer.js';

/** How the tests render, unless they are about an option. */
export const options: RenderOptions = {
  color: false,
  width: 80,
  quiet: false,
  failOn: 'low',
  now: new Date('2026-03-04T05:06:07Z'),
};
