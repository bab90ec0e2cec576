/** Bounds on what one run reads; anything beyond is refused with a problem instead of slowing or filling the machine. */
export interface Limits {
  /** Bytes of one file (or of stdin). */
  readonly fileBytes: number;
  /** Bytes of one YAML document, JSON document or List item; an API server stores at most 1.5 MiB in one object. */
  readonly objectBytes: number;
  /** Nesting levels of mappings and sequences in one document. */
  readonly depth: number;
  /** Files read in one run. */
  readonly files: number;
  /** Bytes of one file inside an archive: it is held in memory while it is read. */
  readonly entryBytes: number;
  /** Bytes of one archive once unpacked, those of files that are passed over included. */
  readonly archiveBytes: number;
  /** Files and folders in one archive. */
  readonly archiveEntries: number;
  /** How many times larger than packed an archive may be unpacked; the first 64 MiB are free. */
  readonly archiveRatio: number;
}

/** The limits in force unless a caller says otherwise. */
export const defaultLimits: Limits = {
  fileBytes: 1024 ** 3,
  objectBytes: 16 * 1024 ** 2,
  depth: 256,
  files: 1_000_000,
  entryBytes: 512 * 1024 ** 2,
  archiveBytes: 16 * 1024 ** 3,
  archiveEntries: 1_000_000,
  archiveRatio: 250,
};
