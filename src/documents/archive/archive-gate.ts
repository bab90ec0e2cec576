import type { Limits } from '#documents/limits.js';
import { mebibytes } from '#documents/read-source.js';
import { ArchiveStop } from './archive-item.js';

/** Counts what goes into and comes out of an archive; throws {@link ArchiveStop} once it is beyond the limits. */
export interface ArchiveGate {
  readonly packed: (bytes: number) => void;
  readonly unpacked: (bytes: number) => void;
  readonly entry: () => void;
}

const freeBytes = 64 * 1024 ** 2;

/** A gate with nothing counted yet. */
export function createGate({ archiveBytes, archiveEntries, archiveRatio }: Limits): ArchiveGate {
  let [packed, unpacked, entries] = [0, 0, 0];
  return {
    packed: (bytes) => {
      packed += bytes;
    },
    unpacked: (bytes) => {
      unpacked += bytes;
      if (unpacked > archiveBytes) throw bomb(`Unpacks to more than ${mebibytes(archiveBytes)}`);
      if (unpacked > freeBytes && unpacked > packed * archiveRatio)
        throw bomb(`Unpacks to more than ${String(archiveRatio)} times its size`);
    },
    entry: () => {
      if (++entries > archiveEntries) throw bomb(`Holds more than ${String(archiveEntries)} entries`);
    },
  };
}

function bomb(what: string): ArchiveStop {
  return new ArchiveStop({
    code: 'archive-bomb',
    message: `${what}; the rest of it is left out`,
    hint: 'Where it is to be trusted, unpack it and give the folder.',
  });
}
