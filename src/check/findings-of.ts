import type { Locate } from '#documents/document.js';
import type { CatalogueCheck } from './define-check.js';
import { toFindings } from './finding.js';
import { digest } from './fingerprint.js';
import type { Occurrence } from './group-failures.js';
import { groupBy, groupFailures } from './group-failures.js';
import type { Finding, Suppression } from './result.js';
import type { Waiving } from './waivers/waive.js';

interface Options {
  readonly locate: Locate;
  readonly waiving?: Waiving;
}

/**
 * The findings of one check. Subjects whose failure somebody has waived leave the finding they would be part of, and
 * make a suppressed one of their own.
 */
export function findingsOf(
  check: CatalogueCheck,
  occurrences: readonly Occurrence[],
  { locate, waiving }: Options,
): readonly Finding[] {
  if (waiving === undefined || occurrences.length === 0)
    return toFindings(check, groupFailures(occurrences), { locate });
  const waived: { occurrence: Occurrence; suppression: Suppression }[] = [];
  const standing = occurrences.filter((occurrence) => {
    const suppression = waiving.ofOccurrence(occurrence, check);
    if (suppression !== undefined) waived.push({ occurrence, suppression });
    return suppression === undefined;
  });
  const active = toFindings(check, groupFailures(standing), { locate }).map((finding) =>
    withSuppression(finding, waiving.ofFinding(finding, check)),
  );
  const byReason = groupBy(waived, ({ suppression }) => JSON.stringify(suppression));
  const suppressed = [...byReason.values()].flatMap((alike) =>
    toFindings(check, groupFailures(alike.map(({ occurrence }) => occurrence)), { locate }).map((finding) =>
      withSuppression(finding, alike[0]?.suppression),
    ),
  );
  return distinct([...active, ...suppressed]);
}

function withSuppression(finding: Finding, suppression: Suppression | undefined): Finding {
  return suppression === undefined ? finding : { ...finding, suppression };
}

/** The waived part of a finding gets a fingerprint of its own; what stands keeps the one it always had. */
function distinct(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.map((finding) => {
    const { fingerprint, suppression } = finding;
    if (!seen.has(fingerprint)) {
      seen.add(fingerprint);
      return finding;
    }
    return { ...finding, fingerprint: digest([fingerprint, suppression?.justification ?? '']) };
  });
}
