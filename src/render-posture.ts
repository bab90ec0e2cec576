import type { PostureResult } from '#posture/result.js';
import type { PostureRenderOptions } from '#report/posture-table.js';

/** The posture as a report: a table, plain and 80 columns wide unless the options say otherwise, or JSON. */
export async function renderPosture(
  result: PostureResult,
  format: 'table' | 'json',
  options: Partial<PostureRenderOptions> = {},
): Promise<string> {
  if (format === 'json') return (await import('#report/posture-json.js')).renderPostureJson(result);
  const { renderPostureTable } = await import('#report/posture-table.js');
  return renderPostureTable(result, { color: false, width: 80, ...options });
}
