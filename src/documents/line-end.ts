const newline = 0x0a;
const carriageReturn = 0x0d;
const tab = 0x09;
const space = 0x20;
const del = 0x7f;

/** Finds the ends of lines, four bytes at a time where nothing happens in them. */
export interface LineEnds {
  /** Offset of the line feed at or after an offset, or the end. */
  readonly feed: (from: number) => number;
  /** The same; negative when control characters stand before it that no YAML text holds. */
  readonly checkedFeed: (from: number) => number;
}

const highBits = 0x80808080 | 0;

/** Line ends in bytes up to an end. */
export function lineEnds(bytes: Buffer, end: number): LineEnds {
  const view = new DataView(bytes.buffer, bytes.byteOffset, end);
  return {
    feed: (from) => {
      let at = from;
      for (;;) {
        // A byte is a line feed exactly where the subtraction borrows from a zero.
        for (; at + 4 <= end; at += 4) {
          const other = view.getInt32(at, true) ^ 0x0a0a0a0a;
          if (((other - 0x01010101) & ~other & highBits) !== 0) break;
        }
        const stop = Math.min(at + 4, end);
        for (; at < stop; at++) if (bytes[at] === newline) return at;
        if (at >= end) return end;
      }
    },
    checkedFeed: (from) => {
      let at = from;
      let sign = 1;
      for (;;) {
        // No byte below a space, none that one more carries over 127; false alarms are settled one by one.
        for (; at + 4 <= end; at += 4) {
          const four = view.getInt32(at, true);
          if ((((four - 0x20202020) | (four + 0x01010101)) & ~four & highBits) !== 0) break;
        }
        const stop = Math.min(at + 4, end);
        for (; at < stop; at++) {
          const code = bytes[at] ?? 0;
          if (code >= space && code !== del) continue;
          if (code === newline) return sign * at;
          if (code !== tab && code !== carriageReturn) sign = -1;
        }
        if (at >= end) return sign * end;
      }
    },
  };
}
