import type { AuditResult } from '#check/index.js';
import type { FormatName } from '#report/formats.js';
import { formats } from '#report/formats.js';
import type { RenderOptions } from '#report/renderer.js';

const defaults: RenderOptions = { color: false, width: 80, quiet: false, failOn: 'low' };

/** The result as a report: text of the given format, plain and 80 columns wide unless the options say otherwise. */
export async function render(
  result: AuditResult,
  format: FormatName,
  options: Partial<RenderOptions> = {},
): Promise<string> {
  const renderer = await formats[format]();
  return renderer(result, { ...defaults, ...options });
}
