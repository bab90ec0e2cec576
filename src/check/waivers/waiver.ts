import type { Location } from '#documents/document.js';

/** Someone's word that findings are accepted for a while: for what, why, by whom, until when. */
export interface Waiver {
  /** Ids or families of checks. */
  readonly checks: readonly string[];
  /** `Kind namespace/name`, `*` for any run of characters. */
  readonly resource?: string;
  /** A namespace, `*` for any run of characters. */
  readonly namespace?: string;
  /** Labels that the resource carries, each with this value. */
  readonly labels?: Readonly<Record<string, string>>;
  /** One finding, as reports name it. */
  readonly fingerprint?: string;
  /** An environment of the input, `*` for any run of characters. */
  readonly environment?: string;
  readonly reason: string;
  readonly owner: string;
  /** The last day on which it counts, `YYYY-MM-DD`. */
  readonly expires: string;
  /** Where it is written. */
  readonly at: Location;
}

/** A comment or an annotation that waives checks where it stands. */
export interface InlineWaiver {
  readonly checks: readonly string[];
  readonly reason: string;
}

/** What is wrong with a text that should waive something. */
export interface WaiverError {
  readonly text: string;
  readonly problem: string;
}

/** What a reader of annotations and comments found. */
export interface InlineWaivers {
  readonly waivers: readonly InlineWaiver[];
  readonly errors: readonly WaiverError[];
}

/** Name of the annotation that waives checks on its object. */
export const waiveAnnotation = 'meshaudit.io/waive';

/**
 * Reads `MTLS-001: reason` or `MTLS-001, GW-002: reason`, one a line; ids and families alike, whatever their case. The
 * reason is demanded; who wrote it is in the history of the file.
 */
export function parseInlineWaivers(text: string): InlineWaivers {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const parsed = lines.map(parseLine);
  return {
    waivers: parsed.filter((entry) => 'reason' in entry),
    errors: parsed.filter((entry) => 'problem' in entry),
  };
}

function parseLine(text: string): InlineWaiver | WaiverError {
  const colon = text.indexOf(':');
  const reason = colon < 0 ? '' : text.slice(colon + 1).trim();
  const checks = (colon < 0 ? text : text.slice(0, colon)).split(',').map((check) => check.trim());
  if (checks.some((check) => !/^[A-Za-z][A-Za-z0-9-]*$/.test(check)))
    return { text, problem: 'it does not begin with the ids of checks' };
  return reason === '' ? { text, problem: 'it gives no reason' } : { checks, reason };
}
