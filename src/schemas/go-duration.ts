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

/** Nanoseconds of one `number unit` part; a fraction is cut to whole nanoseconds, as Go does. */
function nanoseconds(match: RegExpExecArray): bigint {
  const unit = units[match[4] ?? ''] ?? 0n;
  const fraction = (match[2] ?? match[3] ?? '').slice(0, 18);
  const whole = BigInt(match[1] ?? '0') * unit;
  return fraction === '' ? whole : whole + (BigInt(fraction) * unit) / 10n ** BigInt(fraction.length);
}

/** A duration in nanoseconds as Go's time.ParseDuration reads it (`1h30m`, `-1.5s`, `0`), or undefined when it refuses. */
export function parseGoDuration(text: string): bigint | undefined {
  // Go reads no more than an int64 of nanoseconds, so a longer text can only be refused or be zeros.
  if (text.length > 1000) return undefined;
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
