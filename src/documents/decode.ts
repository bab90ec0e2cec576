import { isUtf8 } from 'node:buffer';

/** The bytes of one input as UTF-8 without byte order mark, or why they are none. */
export type Decoded = { readonly bytes: Buffer; readonly recoded: boolean } | { readonly problem: 'binary' };

/**
 * Recognises the encodings that YAML 1.1 and JSON allow (UTF-8, UTF-16 and UTF-32, with or without byte order mark) and
 * hands on UTF-8. `recoded` says that offsets into the result are not offsets into the file.
 */
export function decode(raw: Buffer): Decoded {
  const encoding = encodingOf(raw);
  if (encoding === 'utf8') {
    const marked = raw.length >= 3 && raw[0] === 0xef && raw[1] === 0xbb && raw[2] === 0xbf;
    return looksBinary(raw)
      ? { problem: 'binary' }
      : { bytes: marked ? raw.subarray(3) : raw, recoded: marked };
  }
  const bytes = encoding.startsWith('utf16') ? fromUtf16(raw, encoding) : fromUtf32(raw, encoding);
  return bytes === undefined || looksBinary(bytes) ? { problem: 'binary' } : { bytes, recoded: true };
}

type Encoding = 'utf8' | 'utf16le' | 'utf16be' | 'utf32le' | 'utf32be';

/**
 * YAML 1.2, 5.2: a byte order mark or the pattern of zero bytes at the start tells the encoding.
 */
const patterns: readonly (readonly [RegExp, Encoding])[] = [
  [/^(?:fffe0000|(?!00)..000000)/, 'utf32le'],
  [/^(?:0000feff|000000(?!00)..)/, 'utf32be'],
  [/^(?:fffe|(?!00)..00(?!00)..00)/, 'utf16le'],
  [/^(?:feff|00(?!00)..00(?!00)..)/, 'utf16be'],
];

function encodingOf(raw: Buffer): Encoding {
  const start = raw.toString('hex', 0, 4);
  return patterns.find(([pattern]) => pattern.test(start))?.[1] ?? 'utf8';
}

function fromUtf16(raw: Buffer, encoding: Encoding): Buffer | undefined {
  if (raw.length % 2 !== 0) return undefined;
  const text = new TextDecoder(encoding === 'utf16le' ? 'utf-16le' : 'utf-16be').decode(raw);
  return Buffer.from(text, 'utf8');
}

function fromUtf32(raw: Buffer, encoding: Encoding): Buffer | undefined {
  if (raw.length % 4 !== 0) return undefined;
  let text = '';
  for (let at = 0; at < raw.length; at += 4) {
    const point = encoding === 'utf32le' ? raw.readUInt32LE(at) : raw.readUInt32BE(at);
    if (point > 0x10ffff) return undefined;
    if (at > 0 || point !== 0xfeff) text += String.fromCodePoint(point);
  }
  return Buffer.from(text, 'utf8');
}

/** A NUL byte occurs in no text that YAML or JSON allow. */
function looksBinary(bytes: Buffer): boolean {
  return bytes.subarray(0, 65_536).includes(0);
}

/** Offset of the first byte that is not UTF-8, or undefined when all of it is. */
export function firstInvalidByte(bytes: Buffer): number | undefined {
  if (isUtf8(bytes)) return undefined;
  let [low, high] = [0, bytes.length];
  while (high - low > 64) {
    const middle = characterStart(bytes, (low + high) >> 1);
    if (middle <= low || isUtf8(bytes.subarray(low, middle))) low = Math.max(middle, low + 1);
    else high = middle;
  }
  for (let end = low + 1; end <= high; end++) {
    const boundary = end === bytes.length || ((bytes[end] ?? 0) & 0xc0) !== 0x80;
    if (boundary && !isUtf8(bytes.subarray(low, end))) return low;
    if (boundary) low = end;
  }
  return low;
}

function characterStart(bytes: Buffer, at: number): number {
  let start = at;
  while (start > 0 && start > at - 4 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start--;
  return start;
}
