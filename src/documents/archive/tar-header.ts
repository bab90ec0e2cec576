const blockBytes = 512;

/** True for bytes that begin with the header of a file in a tar archive: its checksum is right. POSIX.1-2017, pax, ustar. */
export function recogniseTar(start: Buffer): boolean {
  if (start.length < blockBytes) return false;
  const written = Number.parseInt(start.toString('latin1', 148, 156).replace(/[\0 ]+$/, ''), 8);
  if (!(written > 0)) return false;
  let sum = 8 * 0x20;
  for (let at = 0; at < blockBytes; at++) if (at < 148 || at >= 156) sum += start[at] ?? 0;
  return sum === written;
}
