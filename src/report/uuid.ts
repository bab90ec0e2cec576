import { createHash } from 'node:crypto';

/** The name space of this tool's ids: any constant would do, as long as it stays. */
const nameSpace = '6f0a2f3c-6d65-5368-a175-6469742e6964';

/** UUID of version 5 (RFC 9562): the same name gives the same id, so that reports of two runs can be compared. */
export function uuidOf(...name: readonly string[]): string {
  const hash = createHash('sha1')
    .update(Buffer.from(nameSpace.replaceAll('-', ''), 'hex'))
    .update(JSON.stringify(name))
    .digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const digits = hash.toString('hex').slice(0, 32);
  return [8, 12, 16, 20, 32]
    .map((end, index, ends) => digits.slice(index === 0 ? 0 : ends[index - 1], end))
    .join('-');
}
