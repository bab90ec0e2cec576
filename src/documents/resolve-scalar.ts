/**
 * Plain scalars as Kubernetes' YAML reader resolves them (go-yaml v2 `resolve.go`, reached through sigs.k8s.io/yaml):
 * YAML 1.1 booleans and integers, no base 60, timestamps stay strings.
 */
const words = new Map<string, boolean | null | number>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(
    (word) => [word, true] as const,
  ),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    (word) => [word, false] as const,
  ),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, Number.NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map(
    (word) => [word, Number.POSITIVE_INFINITY] as const,
  ),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
]);

/** Characters that words and signed numbers begin with. */
const wordStarts = new Uint8Array(128);
for (const char of '-+.yYnNtTfFoO~') wordStarts[char.charCodeAt(0)] = 1;
const longestWord = 5;

const decimal = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const smallInteger = /^[1-9][0-9]*$/;
const integer = /^([-+]?)(0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|[1-9][0-9]*|0)$/;

/** The value of a plain (unquoted, untagged) scalar: null, boolean, number, or the text itself. */
export function resolveScalar(text: string): string | number | boolean | null {
  if (text === '') return null;
  const first = text.charCodeAt(0);
  if (first >= 0x30 && first <= 0x39) return resolveNumber(text);
  if (first >= 128 || wordStarts[first] === 0) return text;
  const word = text.length > longestWord ? undefined : words.get(text);
  if (word !== undefined) return word;
  if (first === 0x2b || first === 0x2d) return resolveNumber(text);
  return first === 0x2e && decimal.test(text) ? finiteOr(text, text) : text;
}

function resolveNumber(text: string): string | number {
  if (text.length < 16 && text.charCodeAt(0) !== 0x30 && smallInteger.test(text)) return Number(text);
  const plain = text.includes('_') ? text.replaceAll('_', '') : text;
  return resolveInteger(plain) ?? (decimal.test(plain) ? finiteOr(plain, text) : text);
}

/** Go's ParseFloat refuses what a float64 cannot hold; the scalar then stays a string. */
function finiteOr(plain: string, text: string): number | string {
  const value = Number(plain);
  return Number.isFinite(value) ? value : text;
}

/** strconv.ParseInt and ParseUint with base 0; undefined when the text is no integer or does not fit 64 bits. */
function resolveInteger(plain: string): number | undefined {
  const [, sign = '', digits] = integer.exec(plain) ?? [];
  if (digits === undefined) return undefined;
  const isDecimal = digits === '0' || !digits.startsWith('0');
  if (isDecimal && digits.length < 16) return sign === '-' ? 0 - Number(digits) : Number(digits);
  const magnitude = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
  return fits64Bits(sign, magnitude) ? Number(sign === '-' ? -magnitude : magnitude) : undefined;
}

/** Signed with a sign, unsigned without one. */
function fits64Bits(sign: string, magnitude: bigint): boolean {
  if (sign === '-') return magnitude <= 2n ** 63n;
  return magnitude < (sign === '+' ? 2n ** 63n : 2n ** 64n);
}

/** The JSON key that sigs.k8s.io/yaml makes of a mapping key written so; undefined for what it refuses (null). */
export function keyText(key: string | number | boolean | null, written: string): string | undefined {
  if (typeof key === 'string') return key;
  if (key === null) return undefined;
  if (typeof key === 'boolean') return key ? 'true' : 'false';
  const isInteger =
    Number.isInteger(key) && Math.abs(key) < 2 ** 64 && integer.test(written.replaceAll('_', ''));
  return isInteger ? String(BigInt(key)) : floatKey(key);
}

/** Go's FormatFloat(key, 'g', -1, 32). */
function floatKey(key: number): string {
  if (Number.isNaN(key)) return '.nan';
  const single = Math.fround(key);
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf';
  let digits = 1;
  while (Math.fround(Number(single.toPrecision(digits))) !== single) digits++;
  const [mantissa = '', exponent = '0'] = single.toExponential(digits - 1).split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(Number(`${mantissa}e${exponent}`));
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}
