import { stringAt } from '#documents/json.js';
import { createApi, defaultPatience, type Api, type Patience } from './api.js';
import { ClusterError } from './cluster-error.js';
import { connect, type ClusterTarget } from './connection.js';
import { discover, isSecretKind, resourceName, type ServedKind } from './discovery.js';
import { keepObjects, type KeptObjects, type SnapshotFile } from './kept-objects.js';
import { listKind, type Refusal } from './list-kind.js';
import { manifestFile, unlistedGroups, type Reading, type Unlisted } from './snapshot.js';

/** How far reading a cluster has come. */
export interface ClusterProgress {
  /** Kinds that are read, of how many. */
  readonly done: number;
  readonly total: number;
  readonly objects: number;
  /** The kind that came last. */
  readonly resource: string;
}

/** Which cluster to read, and how. */
export interface ClusterOptions extends ClusterTarget {
  /** Only these namespaces; default: all. */
  readonly namespaces?: readonly string[];
  /** True: names, types and numbers of entries of Secrets are listed, never their values; default: nothing of them is. */
  readonly secretMetadata?: boolean;
  readonly patience?: Partial<Patience>;
  readonly signal?: AbortSignal;
  readonly userAgent: string;
  readonly onProgress?: (progress: ClusterProgress) => void;
}

/** What was read from a cluster: files of a snapshot, in memory. */
export interface ClusterContent {
  /** Name of the context. */
  readonly name: string;
  /** What a snapshot holds, by path; the first says what was read. */
  readonly files: readonly SnapshotFile[];
  readonly reading: Reading;
}

const concurrency = 4;

/**
 * Reads from a live cluster the kinds that decisions read, by lists alone; of Secrets nothing unless `secretMetadata` says so,
 * and their values never. A kind that may not be listed, or fails to be after all patience, is told in `reading.unlisted` and in the manifest.
 *
 * @throws ClusterError when the cluster cannot be read at all; the signal's reason when it fires.
 */
export async function readCluster(options: ClusterOptions): Promise<ClusterContent> {
  const connection = await connect(options);
  // Whatever ends the reading ends the requests that are still under way.
  const stop = new AbortController();
  const abort = (): void => {
    stop.abort(options.signal?.reason);
  };
  options.signal?.addEventListener('abort', abort, { once: true });
  const api = createApi(connection, {
    patience: { ...defaultPatience, ...options.patience },
    signal: stop.signal,
    concurrency,
    userAgent: options.userAgent,
  });
  try {
    options.signal?.throwIfAborted();
    const { files, reading } = await readAll(api, options);
    return { name: connection.name, files: [manifestFile(reading), ...files], reading };
  } finally {
    options.signal?.removeEventListener('abort', abort);
    stop.abort();
    api.close();
  }
}

interface ReadKind {
  readonly kind: ServedKind;
  readonly kept: KeptObjects;
  readonly unlisted: readonly Unlisted[];
}

async function readAll(
  api: Api,
  { namespaces, secretMetadata = false, onProgress }: ClusterOptions,
): Promise<Pick<ClusterContent, 'files' | 'reading'>> {
  const discovered = await discover(api, { secrets: secretMetadata });
  const { kinds } = discovered;
  let done = 0;
  let objects = 0;
  const read = await inTurns(kinds, async (kind) => {
    const kept = keepObjects(kind);
    const tell = (): void =>
      onProgress?.({ done, total: kinds.length, objects, resource: resourceName(kind) });
    const unlisted = await listEverywhere(api, { kind, namespaces, kept }, (more) => {
      objects += more;
      tell();
    });
    done += 1;
    tell();
    return { kind, kept, unlisted };
  });
  const unlisted = [...unlistedGroups(discovered), ...read.flatMap((each) => each.unlisted)];
  if (kinds.length > 0 && read.every((each) => each.kept.count() === 0 && each.unlisted.length > 0))
    throw new ClusterError(
      `not one kind may be listed: ${unlisted[0]?.message ?? ''}`,
      'The manifest deploy/kubernetes/rbac.yaml holds the rights that an audit needs.',
    );
  return {
    files: read.flatMap(({ kept }) => kept.files()).sort((a, b) => (a.path < b.path ? -1 : 1)),
    reading: {
      kubernetes: stringAt((await api.get('/version')).json, 'gitVersion'),
      namespaces,
      kinds: read.map(({ kind, kept }) => ({ kind, objects: kept.count() })),
      unlisted,
    },
  };
}

interface Wanted {
  readonly kind: ServedKind;
  readonly namespaces: readonly string[] | undefined;
  readonly kept: KeptObjects;
}

/** Lists a kind in the whole cluster, or namespace by namespace where the reading is limited to some. */
async function listEverywhere(
  api: Api,
  { kind, namespaces, kept }: Wanted,
  more: (objects: number) => void,
): Promise<readonly Unlisted[]> {
  const places = kind.namespaced && namespaces !== undefined ? namespaces : [undefined];
  const refused: Unlisted[] = [];
  for (const namespace of places) {
    const refusal = await listKind(api, {
      ...{ kind, namespace },
      take: (objects) => {
        kept.take(objects);
        more(objects.length);
      },
      restart: () => {
        const before = kept.count();
        kept.clear(namespace);
        more(kept.count() - before);
      },
    });
    if (refusal !== undefined) refused.push(unlistedIn(kind, refusal, namespace));
  }
  // Some of the Secrets prove no absence of others: then it is as if nobody had asked.
  if (refused.length > 0 && isSecretKind(kind)) kept.clear();
  return refused;
}

function unlistedIn(kind: ServedKind, refusal: Refusal, namespace: string | undefined): Unlisted {
  return {
    ...{ group: kind.group, kind: kind.kind, resource: resourceName(kind), ...refusal },
    ...(namespace === undefined ? {} : { namespace }),
  };
}

/** Works through a list, a few at a time; the first failure ends it. */
async function inTurns(
  kinds: readonly ServedKind[],
  work: (kind: ServedKind) => Promise<ReadKind>,
): Promise<readonly ReadKind[]> {
  const queue = kinds.entries();
  const done: ReadKind[] = [];
  const worker = async (): Promise<void> => {
    for (const [index, kind] of queue) done[index] = await work(kind);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return done;
}
