import { deflateRawSync, gzipSync } from 'node:zlib';

/** An entry of an archive to be made; `type` as tar writes it (`0` file, `1` hard link, `2` symbolic link, `3` device). */
export interface Packed {
  readonly name: string;
  readonly text?: string;
  readonly bytes?: Buffer;
  readonly type?: string;
  readonly target?: string;
}

const contentOf = ({ text = '', bytes = Buffer.from(text) }: Packed): Buffer => bytes;

/** A tar archive, byte by byte, so that entries can be made that no packer would make. */
export function tar(...entries: readonly Packed[]): Buffer {
  return Buffer.concat([...entries.flatMap(tarEntry), Buffer.alloc(1024)]);
}

export function tarEntry(entry: Packed): Buffer[] {
  const { name, type = '0', target = '' } = entry;
  const content = type === '0' ? contentOf(entry) : Buffer.alloc(0);
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write('0000644\x000000000\x000000000\x00', 100);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0`, 124);
  header.write(' '.repeat(8), 148);
  header.write(type, 156);
  header.write(target, 157, 100);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((before, byte) => before + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return [header, content, Buffer.alloc((512 - (content.length % 512)) % 512)];
}

/** What a zip archive may state falsely. */
export interface Lies {
  readonly size?: number;
  readonly checksum?: number;
  readonly method?: number;
  readonly encrypted?: true;
  readonly mode?: number;
  /** Index of the entry whose bytes are given out as this one's. */
  readonly sharing?: number;
}

/** The checksum of zip is that of gzip, which stands in its last bytes but four. */
function checksumOf(content: Buffer): number {
  const packed = gzipSync(content);
  return packed.readUInt32LE(packed.length - 8);
}

/** A zip archive, byte by byte. */
export function zip(...entries: readonly (Packed & Lies)[]): Buffer {
  const bodies: Buffer[] = [];
  const central: Buffer[] = [];
  const offsets: number[] = [];
  let at = 0;
  for (const entry of entries) {
    const content = contentOf(entry);
    const packed = deflateRawSync(content);
    const name = Buffer.from(entry.name);
    const fixed = Buffer.alloc(26);
    fixed.writeUInt16LE(20, 0);
    fixed.writeUInt16LE(0x800 | (entry.encrypted ? 1 : 0), 2);
    fixed.writeUInt16LE(entry.method ?? 8, 4);
    fixed.writeUInt32LE(entry.checksum ?? checksumOf(content), 10);
    fixed.writeUInt32LE(packed.length, 14);
    fixed.writeUInt32LE(entry.size ?? content.length, 18);
    fixed.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fixed, name, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((entry.mode ?? 0o100644) << 16) >>> 0, 6);
    const offset = entry.sharing === undefined ? at : (offsets[entry.sharing] ?? 0);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), fixed, tail, name]));
    offsets.push(offset);
    if (entry.sharing !== undefined) continue;
    bodies.push(local);
    at += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...bodies, directory, Buffer.from('PK\x05\x06'), end]);
}
