import type { DecideResult } from '#posture/can/decided.js';
import type { CanRenderOptions } from '#report/can-table.js';

/** Decisions as text: for people (plain and 80 columns wide unless told otherwise), JSON, or one JSON object a line. */
export async function renderDecisions(
  result: DecideResult,
  format: 'table' | 'json' | 'jsonl',
  options: Partial<CanRenderOptions> = {},
): Promise<string> {
  if (format === 'table') {
    const { renderCanTable } = await import('#report/can-table.js');
    return renderCanTable(result, { color: false, width: 80, ...options });
  }
  const { renderCanJson, renderCanLines } = await import('#report/can-json.js');
  return format === 'json' ? renderCanJson(result) : renderCanLines(result);
}
