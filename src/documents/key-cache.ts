/** Gives the text between two offsets, as Latin-1; equal keys give one and the same string. */
export type KeyText = (bytes: Buffer, start: number, end: number) => string;

const slots = 1024;

/** Remembers the keys read last, so that most of them need not be decoded again. */
export function createKeyCache(): KeyText {
  const known = new Array<string | undefined>(slots).fill(undefined);
  return (bytes, start, end) => {
    let hash = end - start;
    for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
    const slot = hash & (slots - 1);
    const found = known[slot];
    if (found !== undefined && isSame(found, bytes, start, end)) return found;
    const text = bytes.toString('latin1', start, end);
    known[slot] = text;
    return text;
  };
}

function isSame(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let at = start; at < end; at++) if (text.charCodeAt(at - start) !== bytes[at]) return false;
  return true;
}
