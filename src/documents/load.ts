import type { Readable } from 'node:stream';
import type { ReadOptions } from './content-builder.js';
import type { Kustomization, Loaded, Locate, Origin, Problem, Resource } from './document.js';
import type { FileContent, TextPlace } from './found-object.js';
import { createCharts } from './helm.js';
import { inArchiveOrder } from './archive/in-archive-order.js';
import { recogniseLayouts } from './layouts/recognise-layouts.js';
import { settleDumps } from './layouts/settle-dumps.js';
import { judgeContent, type Judged, type Surroundings } from './judge-content.js';
import { isListKind, isKustomization, splitApiVersion } from './kubernetes-names.js';
import { defaultLimits, type Limits } from './limits.js';
import { findInBlock } from './find-in-block.js';
import { findInJson } from './find-in-json.js';
import { createLocate, type FindIn } from './locate.js';
import { createWaiverComments } from './waiver-comments.js';
import { listPatches } from './list-patches.js';
import { readContent } from './read-content.js';
import { openInputs } from './open-inputs.js';
import type { Source, TextSource } from './read-source.js';
import { compareText } from './shown-path.js';
import { createSpanMemo } from './span-memo.js';
import { createTally } from './tally.js';

/** Tells how far reading has come. */
export interface LoadProgress {
  readonly file: string;
  readonly done: number;
  readonly total: number;
}

/** What to read. */
export interface LoadOptions {
  /** Files, directories (recursive), globs, and `-` for stdin. */
  readonly paths: readonly string[];
  /** Files that complete the mesh but are not reported on. */
  readonly also?: readonly string[];
  /** Texts in memory, read after the paths. */
  readonly sources?: readonly TextSource[];
  /** Absolute path that `paths` and the paths shown are relative to. */
  readonly cwd: string;
  /** Where `-` reads from. */
  readonly stdin?: Readable;
  /** True for the kinds that decisions read; others are counted and skipped. */
  readonly read: (group: string, kind: string) => boolean;
  readonly onProgress?: (progress: LoadProgress) => void;
  readonly limits?: Partial<Limits>;
}

/** Reads Kubernetes objects from files and streams. Never throws for bad input: what cannot be read is a problem. */
export async function loadDocuments(options: LoadOptions): Promise<Loaded> {
  const limits: Limits = { ...defaultLimits, ...options.limits };
  const problems: Problem[] = [];
  const contents = await readAll(options, limits, problems);
  const shown = new Set(contents.map(({ source }) => source.shown));
  const onDisk = contents.some(({ source }) => source.path !== undefined);
  const tally = createTally();
  const byFile = new Map(contents.map((content) => [content.source.shown, content]));
  const patches = await listPatches(contents, onDisk ? options.cwd : undefined, limits);
  const around: Surroundings = {
    charts: createCharts(shown, onDisk ? options.cwd : undefined),
    patches,
    patchTexts: (file) => byFile.get(file)?.objects.map(({ value }) => value) ?? [],
    tally,
  };
  const judged = contents.map((content) => judgeContent(content, around));
  return assemble({ contents, judged, problems, around, sources: options.sources ?? [] });
}

async function readAll(options: LoadOptions, limits: Limits, problems: Problem[]): Promise<FileContent[]> {
  const kept = (apiVersion: string, kind: string): boolean =>
    isKustomization(apiVersion, kind) || options.read(splitApiVersion(apiVersion).group, kind);
  const wanted = (apiVersion: string, kind: string): boolean => isListKind(kind) || kept(apiVersion, kind);
  const readOptions: ReadOptions = { limits, wanted, kept, memo: createSpanMemo() };
  const contents: FileContent[] = [];
  for await (const opened of openInputs(options, limits, problems)) {
    if ('problem' in opened) problems.push(opened.problem);
    else contents.push(await readAndSettle(opened.source, readOptions));
  }
  if (contents.length === 0 && problems.length === 0) problems.push(noInput(options));
  return inArchiveOrder(contents);
}

async function readAndSettle(source: Source, options: ReadOptions): Promise<FileContent> {
  const content = await readContent(source, options);
  source.settle?.(content.objects.length > 0);
  return content;
}

function noInput(options: LoadOptions): Problem {
  const file = options.paths[0] ?? '.';
  const hint =
    'Directories are searched for *.yaml, *.yml and *.json; a file given by name is read whatever its name.';
  return { code: 'no-input', file, message: 'No file to read', hint, fatal: true };
}

interface Assembly {
  readonly contents: readonly FileContent[];
  readonly judged: readonly Judged[];
  readonly problems: readonly Problem[];
  readonly around: Surroundings;
  readonly sources: readonly TextSource[];
}

async function assemble({ contents, judged, problems, around, sources }: Assembly): Promise<Loaded> {
  const places = new WeakMap<Origin, TextPlace>();
  const resources: Resource[] = [];
  const kustomizations: Kustomization[] = [];
  const all = [...problems];
  for (const { resources: found, problems: own, kustomizations: kustomized } of judged) {
    for (const [resource, { place }] of found) {
      resources.push(resource);
      places.set(resource.origin, place);
    }
    for (const problem of own) all.push(problem);
    kustomizations.push(...kustomized);
  }
  const marked = new Set(contents.filter(({ signs }) => signs.waiver).map(({ source }) => source.shown));
  const locate = createLocate(places, await chooseFinder(resources, places));
  const layouts = recogniseLayouts(contents);
  const settled = settleDumps(resources, layouts);
  return {
    resources: settled,
    problems: all.sort(compareProblems),
    skipped: around.tally.lines(),
    kustomizations,
    layouts,
    stats: {
      files: contents.length,
      bytes: contents.reduce((sum, { source }) => sum + source.size, 0),
      documents: contents.reduce((sum, { documents }) => sum + documents, 0),
      resources: settled.length,
    },
    locate: relocating(locate, sources),
    waiverComments: createWaiverComments(places, locate, marked),
  };
}

/** Places in rendered texts are told as places in the files that these were made of, where that is known. */
function relocating(locate: Locate, sources: readonly TextSource[]): Locate {
  const made = new Map(
    sources.flatMap(({ path, relocate }) => (relocate ? [[path, relocate] as const] : [])),
  );
  if (made.size === 0) return locate;
  return (at) => {
    const found = locate(at);
    return made.get(at.resource.origin.file)?.(at, found) ?? found;
  };
}

function compareProblems(a: Problem, b: Problem): number {
  const [line, column] = [(a.line ?? 0) - (b.line ?? 0), (a.column ?? 0) - (b.column ?? 0)];
  return compareText(a.file, b.file) || line || column;
}

/** The thorough finder is loaded only for input that needed the thorough reader. */
async function chooseFinder(
  resources: readonly Resource[],
  places: WeakMap<Origin, TextPlace>,
): Promise<FindIn> {
  const needsThorough = resources.some(({ origin }) => {
    const place = places.get(origin);
    return place?.format === 'yaml' && !place.plain;
  });
  const thorough = needsThorough ? (await import('./find-in-yaml.js')).findInYaml : findInBlock;
  return (text, place) => {
    if (place.format === 'json') return findInJson(text);
    return place.plain ? findInBlock(text) : thorough(text);
  };
}
