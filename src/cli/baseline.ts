import path from 'node:path';
import type { AuditResult } from '#check/index.js';
import type { Baseline } from '#check/baseline.js';
import { asUsage, type AuditSettings } from './audit-settings.js';
import { send, type CliIo } from './cli-io.js';
import { UsageError } from './usage-error.js';
import { writeWhole } from './write-file.js';

/** The baseline that the settings name, read; undefined when they name none. */
export async function readBaselineOf({ baseline }: AuditSettings, io: CliIo): Promise<Baseline | undefined> {
  if (baseline === undefined) return undefined;
  const { readBaseline } = await import('#config/baseline-file.js');
  const entries = await asUsage(() => readBaseline(path.resolve(io.cwd, baseline), baseline));
  return { name: baseline, entries };
}

interface Outcome {
  readonly code: number;
  readonly io: CliIo;
}

/** Writes the findings that count as a baseline; 0, for they are accepted now. Refuses to when some input was lost. */
export async function writeBaseline(
  result: AuditResult,
  file: string,
  { code, io }: Outcome,
): Promise<number> {
  if (code === 2)
    throw new UsageError(
      'no baseline is written, as the audit is not to be trusted',
      'Mend the input first.',
    );
  const { baselineOf } = await import('#index.js');
  const { baselineText } = await import('#config/baseline-file.js');
  const entries = baselineOf(result.findings);
  await writeWhole(path.resolve(io.cwd, file), baselineText(entries));
  const count = `${String(entries.length)} finding${entries.length === 1 ? '' : 's'}`;
  await send(io.stderr, `meshaudit: wrote ${file}: ${count} that count no more from now on\n`);
  return 0;
}
