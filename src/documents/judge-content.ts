import path from 'node:path';
import type { Kustomization, Problem, Resource } from './document.js';
import { isStored } from './cut-rule.js';
import type { FileContent, FoundObject, FoundProblem } from './found-object.js';
import { isInTemplates, type Charts } from './helm.js';
import { isObject, objectAt, stringAt, valueAt, type JsonObject, type JsonValue } from './json.js';
import { isKustomization, splitApiVersion, typeOf } from './kubernetes-names.js';
import { describeKustomization, hasPatchDirective, isJsonPatch, isKustomizationFile } from './kustomize.js';
import type { PatchTexts } from './kustomize-patches.js';
import { isSecret, prune } from './prune.js';
import { isSyntaxProblem } from './read-signs.js';
import type { Slice } from './split-yaml.js';
import type { Tally } from './tally.js';

/** What is known about all files when each is judged. */
export interface Surroundings {
  readonly charts: Charts;
  readonly patches: ReadonlySet<string>;
  /** What files hold that may be used as patches, some of them also as resources. */
  readonly patchTexts: PatchTexts;
  readonly tally: Tally;
}

/** What a file contributes in the end. */
export interface Judged {
  readonly resources: readonly (readonly [Resource, FoundObject])[];
  readonly problems: readonly Problem[];
  readonly kustomizations: readonly Kustomization[];
}

const nothing: Judged = { resources: [], problems: [], kustomizations: [] };

/** Sorts what a file holds into resources, problems, and what is left alone for a reason. */
export function judgeContent(content: FileContent, around: Surroundings): Judged {
  const file = content.source.shown;
  const { tally } = around;
  const chart = around.charts.chartOf(file);
  const { template, kubernetes } = content.signs;
  if (template && isInTemplates(file, chart)) {
    tally.add({
      reason: 'helm-template',
      file,
      documents: content.documents,
      folder: chart ?? path.posix.dirname(file),
    });
    return nothing;
  }
  if (around.patches.has(file)) {
    tally.add({ reason: 'kustomize-patch', file, documents: content.documents });
    return nothing;
  }
  const broken = content.problems.some(isSyntaxProblem);
  if (template && broken) return judgeObjects(withoutTemplates(content, around, chart), around, chart);
  if (broken && !kubernetes) {
    tally.add({
      reason: 'not-kubernetes',
      file,
      documents: content.documents,
      detail: describeForeign(file, null),
    });
    return nothing;
  }
  if (content.documents === 0 && content.problems.length === 0)
    tally.add({ reason: 'empty', file, documents: 0 });
  for (const [kind, documents] of content.unread)
    tally.add({ reason: 'unread-kind', file, documents, detail: kind });
  return judgeObjects(content, around, chart);
}

/**
 * Outside of a chart's templates, where some document cannot be read as YAML and the file holds template actions: the
 * documents with actions are templates, the others are what they are.
 */
function withoutTemplates(
  content: FileContent,
  { tally }: Surroundings,
  chart: string | undefined,
): FileContent {
  const { templated } = content.signs;
  const { shown } = content.source;
  const isTemplate = (slice: Slice | undefined): boolean => slice !== undefined && templated.has(slice);
  const problems = content.problems.filter(
    (problem) => !isSyntaxProblem(problem) || !isTemplate(problem.slice),
  );
  const objects = content.objects.filter(({ place }) => !isTemplate(place.slice));
  const documents = content.problems.length - problems.length + content.objects.length - objects.length;
  const folder = chart ?? path.posix.dirname(shown);
  if (documents > 0) tally.add({ reason: 'helm-template', file: shown, documents, folder });
  return { ...content, objects, problems };
}

function judgeObjects(content: FileContent, around: Surroundings, chart: string | undefined): Judged {
  const problems: Problem[] = content.problems.map(toProblem);
  const resources: (readonly [Resource, FoundObject])[] = [];
  const kustomizations: Kustomization[] = [];
  const file = content.source.shown;
  for (const found of content.objects) {
    const reason = reasonToLeave(found, file);
    if (reason === undefined) {
      const resource = toResource(content, found);
      if (resource !== undefined) resources.push([resource, found]);
    } else if (reason === 'incomplete') {
      problems.push(incomplete(file, found));
    } else {
      if (reason === 'kustomization' && isObject(found.value))
        kustomizations.push(describeKustomization(found.value, file, around.patchTexts));
      const detail = reason === 'not-kubernetes' ? describeForeign(file, found.value) : undefined;
      const folder = reason === 'helm-template' ? (chart ?? path.posix.dirname(file)) : undefined;
      around.tally.add({
        reason,
        file,
        documents: 1,
        ...(detail === undefined ? {} : { detail }),
        ...(folder === undefined ? {} : { folder }),
      });
    }
  }
  return { resources, problems, kustomizations };
}

type Leave =
  'incomplete' | 'empty' | 'not-kubernetes' | 'kustomization' | 'kustomize-patch' | 'helm-template';

function reasonToLeave({ value, place }: FoundObject, file: string): Leave | undefined {
  if (value === null) return 'empty';
  if (isKustomizationFile(file)) return 'kustomization';
  if (isJsonPatch(value)) return 'kustomize-patch';
  const type = typeOf(value);
  if (type === undefined) return isIncomplete(value) ? 'incomplete' : 'not-kubernetes';
  if (isKustomization(type.apiVersion, type.kind)) return 'kustomization';
  if (place.mayPatch && hasPatchDirective(value)) return 'kustomize-patch';
  return isTemplated(value, type) ? 'helm-template' : undefined;
}

/** What stands beside `kind` and `metadata` at the top of the objects that decisions read. */
const topFields: ReadonlySet<string> = new Set([
  'apiVersion',
  'kind',
  'metadata',
  'spec',
  'status',
  'data',
  'stringData',
  'binaryData',
  'immutable',
  'type',
  'rules',
  'aggregationRule',
  'roleRef',
  'subjects',
  'webhooks',
  'secrets',
  'imagePullSecrets',
  'automountServiceAccountToken',
  'subsets',
  'addressType',
  'endpoints',
  'ports',
]);

/**
 * One of apiVersion and kind beside a name: meant for Kubernetes, which would refuse it. Other tools have manifests with
 * a kind and metadata of their own; those have other fields beside them.
 */
function isIncomplete(value: JsonValue): boolean {
  if (!isObject(value) || stringAt(value, 'metadata', 'name') === undefined) return false;
  const { apiVersion, kind } = value as Readonly<Record<string, JsonValue | undefined>>;
  if (kind === undefined) return typeof apiVersion === 'string' && /^(?:[a-z0-9.-]+\/)?v\d/.test(apiVersion);
  return Object.keys(value).every((key) => topFields.has(key));
}

function incomplete(file: string, found: FoundObject): Problem {
  const missing = valueAt(found.value, ['kind']) === undefined ? 'kind' : 'apiVersion';
  const message = `An object with metadata, but without a usable ${missing}; Kubernetes would refuse it`;
  return { code: 'not-an-object', file, line: found.line, message, fatal: true };
}

/** What names the object is still to be filled in by some template engine. */
function isTemplated(
  value: JsonValue,
  type: { readonly apiVersion: string; readonly kind: string },
): boolean {
  const names = [
    type.apiVersion,
    type.kind,
    stringAt(value, 'metadata', 'name'),
    stringAt(value, 'metadata', 'namespace'),
  ];
  return names.some((name) => name?.includes('{{'));
}

function toResource(content: FileContent, found: FoundObject): Resource | undefined {
  const type = typeOf(found.value);
  if (type === undefined || !isObject(found.value)) return undefined;
  const metadata = objectAt(found.value, 'metadata') ?? {};
  const { group, version } = splitApiVersion(type.apiVersion);
  return {
    apiVersion: type.apiVersion,
    group,
    version,
    kind: type.kind,
    name: nameOf(metadata),
    namespace: nonEmpty(stringAt(metadata, 'namespace')),
    object: found.place.cut && !isSecret(type) ? found.value : prune(found.value, type),
    origin: { file: content.source.shown, document: found.document, path: found.path, line: found.line },
    stored: isStored(metadata),
    reported: content.source.reported,
  };
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function toProblem({ code, file, line, column, message, hint, fatal }: FoundProblem): Problem {
  const place = { ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
  return { code, file, ...place, message, ...(hint === undefined ? {} : { hint }), fatal };
}

function nameOf(metadata: JsonObject): string {
  const { name, generateName } = { name: metadata['name'], generateName: metadata['generateName'] };
  if (typeof name === 'string' && name !== '') return name;
  if (typeof name === 'number' || typeof name === 'boolean') return String(name);
  return typeof generateName === 'string' && generateName !== '' ? `${generateName}*` : '';
}

/** A word on what a file that is not for Kubernetes was recognised as. */
function describeForeign(file: string, value: JsonValue): string {
  const name = path.posix.basename(file);
  if (/^values.*\.ya?ml$/i.test(name)) return 'Helm values';
  if (/^(?:Chart|requirements)\.(?:yaml|lock)$/.test(name)) return 'Helm chart';
  if (
    /(?:^|\/)\.(?:github|circleci)\/|(?:^|\/)(?:\.gitlab-ci|azure-pipelines|\.travis|cloudbuild)/.test(file)
  )
    return 'CI';
  if (/^(?:docker-)?compose.*\.ya?ml$/.test(name)) return 'Compose';
  if (valueAt(value, ['openapi']) !== undefined || valueAt(value, ['swagger']) !== undefined)
    return 'OpenAPI';
  return name.endsWith('.json') ? 'JSON' : 'YAML';
}
