/** A release of Istio; the patch number is undefined where only the line is shown. */
export interface ReleaseNumber {
  readonly major: number;
  readonly minor: number;
  readonly patch: number | undefined;
}

/** Reads `1.28.3`, `v1.28`; undefined for text that begins otherwise. */
export function parseRelease(text: string): ReleaseNumber | undefined {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  if (match === null) return undefined;
  const patch = match[3] === undefined ? undefined : Number(match[3]);
  return { major: Number(match[1]), minor: Number(match[2]), patch };
}

/** The line of a release, as people write it. */
export function lineOf({ major, minor }: ReleaseNumber): string {
  return `${String(major)}.${String(minor)}`;
}

/** How many minor releases one is ahead of another; undefined where the major numbers differ. */
export function minorsAhead(one: ReleaseNumber, other: ReleaseNumber): number | undefined {
  return one.major === other.major ? one.minor - other.minor : undefined;
}
