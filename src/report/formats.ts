import type { Renderer } from './renderer.js';

/** Report formats; each is loaded when it is asked for. */
export const formats = {
  table: async () => (await import('./table.js')).renderTable,
  json: async () => (await import('./json.js')).renderJson,
  sarif: async () => (await import('./sarif.js')).renderSarif,
} satisfies Record<string, () => Promise<Renderer>>;

/** Name of a report format. */
export type FormatName = keyof typeof formats;
