const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  'µs': 1_000n,
  'μs': 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

const longest = 2n ** 63n;
const part = /(?:(\d+)(?:\.(\d*))?|\.(\d+))(ns|us|µs|μs|ms|s|m|h)/y;

/** Digits after the point as Go reads them: as many as fit an int64, the rest is passed over. */
function readFraction(digits: string): readonly [value: bigint, scale: number] {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    const next = value * 10n + BigInt(digit);
    if (value > (longest - 1n) / 10n || next > longest) break;
    value = next;
    scale *= 10;
  }
  return [value, scale];
}

/** Nanoseconds of one `number unit` part; a fraction goes through floating point and is then cut, as in Go. */
function nanoseconds(match: RegExpExecArray): bigint {
  const unit = units[match[4] ?? ''] ?? 0n;
  const whole = (match[1] ?? '').replace(/^0+/, '');
  // More digits than an int64 has: beyond any duration.
  if (whole.length > 19) return longest * 2n;
  const [fraction, scale] = readFraction(match[2] ?? match[3] ?? '');
  return BigInt(whole) * unit + BigInt(Math.trunc(Number(fraction) * (Number(unit) / scale)));
}

/**
 * A duration in nanoseconds as Go's time.ParseDuration reads it (`1h30m`, `-1.5s`, `0`), or undefined when it refuses.
 * Source: Go's src/time/format.go, ParseDuration.
 */
export function parseGoDuration(text: string): bigint | undefined {
  const signed = /^[-+]/.test(text);
  const rest = signed ? text.slice(1) : text;
  if (rest === '0') return 0n;
  let total = 0n;
  let end = 0;
  part.lastIndex = 0;
  for (let match = part.exec(rest); match; match = part.exec(rest)) {
    total += nanoseconds(match);
    end = part.lastIndex;
  }
  if (end === 0 || end !== rest.length) return undefined;
  const negative = text.startsWith('-');
  if (total > longest || (total === longest && !negative)) return undefined;
  return negative ? -total : total;
}
