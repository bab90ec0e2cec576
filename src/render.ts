import type { AuditResult } from '#check/index.js';
import type { FormatName } from '#report/formats.js';
import { formats } from '#report/formats.js';
import type { RenderOptions } from '#report/renderer.js';

const defaults = { color: false, width: 80, quiet: false, failOn: 'low' } as const;

/** The result as a report: text of the given format, plain, 80 columns wide and of now unless the options say otherwise. */
export async function render(
  result: AuditResult,
  format: FormatName,
  options: Partial<RenderOptions> = {},
): Promise<string> {
  const renderer = await formats[format]();
  return renderer(result, { ...defaults, now: new Date(), ...options });
}
