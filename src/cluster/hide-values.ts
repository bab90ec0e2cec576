import { Transform } from 'node:stream';

/** Members of an object whose values may be, or repeat, what a Secret keeps. */
const hidden: ReadonlySet<string> = new Set(['annotations', 'data', 'managedFields', 'stringData']);

const [quote, backslash, comma, colon] = [0x22, 0x5c, 0x2c, 0x3a];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

/** A name that is longer than this, written out, is none of those above. */
const longestName = 256;

interface Reader {
  /** For each mapping or sequence that is open whether it is a mapping. */
  readonly open: boolean[];
  inText: boolean;
  escaped: boolean;
  /** The next text is the name of a member. */
  atName: boolean;
  /** The name that is being read, or was read last. */
  name: number[];
  /** How many were open where the value that is left out began; undefined: nothing is left out. */
  from: number | undefined;
}

/**
 * Takes the values of `data`, `stringData`, `annotations` and `managedFields` out of a JSON text while it passes through, and
 * leaves `null`: whatever a server answers, no value of a Secret is ever held. (`kubectl apply` repeats the values in an
 * annotation.)
 */
export function hideValues(): Transform {
  const reader: Reader = {
    ...{ open: [], inText: false, escaped: false, atName: false, name: [], from: undefined },
  };
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      done(null, passOn(reader, chunk));
    },
  });
}

/** What of a chunk may be passed on. Names and marks stay where they are, so that the rest stays JSON. */
function passOn(reader: Reader, chunk: Buffer): Buffer {
  const passed = Buffer.allocUnsafe(chunk.length + 4 * chunk.length);
  let length = 0;
  for (const byte of chunk) {
    const isEnd = reader.from !== undefined && endsValue(reader, byte);
    if (isEnd) reader.from = undefined;
    if (reader.from === undefined) passed[length++] = byte;
    if (step(reader, byte)) {
      length += passed.write('null', length, 'latin1');
      reader.from = reader.open.length;
    }
  }
  return Buffer.from(passed.subarray(0, length));
}

/** True for the comma or bracket behind the value that is left out. */
function endsValue({ inText, open, from }: Reader, byte: number): boolean {
  if (inText || open.length !== from) return false;
  return byte === comma || byte === closeBrace || byte === closeBracket;
}

/** Takes note of a byte; true behind the colon where a value begins that is to be left out. */
function step(reader: Reader, byte: number): boolean {
  if (reader.inText) stepInText(reader, byte);
  else if (byte === quote) {
    reader.inText = true;
    if (reader.atName) reader.name = [];
  } else if (byte === openBrace || byte === openBracket) {
    reader.open.push(byte === openBrace);
    reader.atName = byte === openBrace;
  } else if (byte === closeBrace || byte === closeBracket) {
    reader.open.pop();
    reader.atName = false;
  } else if (byte === comma) reader.atName = reader.open.at(-1) === true;
  else if (byte === colon) {
    reader.atName = false;
    return reader.from === undefined && hidden.has(nameOf(reader));
  }
  return false;
}

function stepInText(reader: Reader, byte: number): void {
  if (!reader.escaped && byte === quote) {
    reader.inText = false;
    return;
  }
  reader.escaped = !reader.escaped && byte === backslash;
  if (reader.atName && reader.name.length < longestName) reader.name.push(byte);
}

/** The name as it means: `d\u0061ta` is `data`. */
function nameOf({ name }: Reader): string {
  const written = Buffer.from(name).toString('latin1');
  if (!written.includes('\\')) return written;
  try {
    return String(JSON.parse(`"${written}"`));
  } catch {
    return written;
  }
}
