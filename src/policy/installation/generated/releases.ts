// Generated from data/releases.json by scripts/generate/advisories.mjs; do not edit. As of 2026-08-27, from https://istio.io/latest/docs/releases/supported-releases/
import type { Release } from '#policy/installation/release.js';

/** The day up to which the table knows. */
export const asOf = "2026-08-27";

/** Release lines of Istio 1, newest first. */
export const releases: readonly Release[] = [
  { line: "1.31", released: "2026-08-27", endOfSupport: "2027-02-28", expected: true },
  { line: "1.30", released: "2026-05-14", endOfSupport: "2026-11-30", expected: true },
  { line: "1.29", released: "2026-02-16", endOfSupport: "2026-10-12", expected: true },
  { line: "1.28", released: "2025-11-05", endOfSupport: "2026-07-01", expected: false },
  { line: "1.27", released: "2025-08-11", endOfSupport: "2026-04-07", expected: false },
  { line: "1.26", released: "2025-05-08", endOfSupport: "2025-12-22", expected: false },
  { line: "1.25", released: "2025-03-03", endOfSupport: "2025-09-30", expected: false },
  { line: "1.24", released: "2024-11-07", endOfSupport: "2025-06-24", expected: false },
  { line: "1.23", released: "2024-08-14", endOfSupport: "2025-04-16", expected: false },
  { line: "1.22", released: "2024-05-13", endOfSupport: "2025-01-22", expected: false },
  { line: "1.21", released: "2024-03-13", endOfSupport: "2024-09-27", expected: false },
  { line: "1.20", released: "2023-11-14", endOfSupport: "2024-06-25", expected: false },
  { line: "1.19", released: "2023-09-05", endOfSupport: "2024-04-24", expected: false },
  { line: "1.18", released: "2023-06-03", endOfSupport: "2024-01-04", expected: false },
  { line: "1.17", released: "2023-02-14", endOfSupport: "2023-10-27", expected: false },
  { line: "1.16", released: "2022-11-15", endOfSupport: "2023-07-25", expected: false },
  { line: "1.15", released: "2022-08-31", endOfSupport: "2023-04-04", expected: false },
  { line: "1.14", released: "2022-05-24", endOfSupport: "2022-12-27", expected: false },
  { line: "1.13", released: "2022-02-11", endOfSupport: "2022-10-12", expected: false },
];
