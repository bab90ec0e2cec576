import type { FieldPath, FieldRef, Resource } from '#documents/document.js';
import { isArray, isObject, objectAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { fitsGlob, fitsSome } from '#policy/waf/glob.js';
import type { FrontMark, FrontMode } from '#policy/waf/product.js';
import { readRules } from '#policy/waf/seclang.js';

/** A field or annotation by which a mark holds. */
export interface FrontHit {
  readonly at: FieldRef;
  readonly value: string;
}

/** Values of annotations and fields that switch off, or say nothing. */
const offValues: ReadonlySet<string> = new Set(['', 'false', 'off', 'no', 'none', 'disabled']);

function isOn(value: string, pattern: string | undefined): boolean {
  const text = value.trim();
  return pattern === undefined ? !offValues.has(text.toLowerCase()) : fitsGlob(pattern, text);
}

interface Found {
  readonly path: FieldPath;
  readonly value: JsonValue;
}

function stepInto({ path, value }: Found, step: string): readonly Found[] {
  if (step === '*' && isArray(value))
    return value.map((member, index) => ({ path: [...path, index], value: member }));
  if (step === '*' && isObject(value))
    return Object.entries(value).flatMap(([key, member]) =>
      member === undefined ? [] : [{ path: [...path, key], value: member }],
    );
  const next = isObject(value) ? valueAt(value, [step]) : undefined;
  return next === undefined || next === null ? [] : [{ path: [...path, step], value: next }];
}

/** The values at a dotted path of an object, `*` standing for every member; keys with dots can not be named. */
export function valuesAt({ object }: Resource, dotted: string): readonly Found[] {
  return dotted
    .split('.')
    .reduce<readonly Found[]>(
      (found, step) => found.flatMap((one) => stepInto(one, step)),
      [{ path: [], value: object }],
    );
}

/** A scalar as text; what has members says that it is there. */
function textOf(value: JsonValue): string {
  if (isArray(value)) return value.length === 0 ? '' : 'set';
  if (isObject(value)) return 'set';
  return value === null ? '' : String(value);
}

/** True when a field is there and does not switch off. */
export function isSet(resource: Resource, dotted: string): boolean {
  return valuesAt(resource, dotted).some(({ value }) => isOn(textOf(value), undefined));
}

/** `group/Kind` as marks name it. */
export function kindOf({ group, kind }: Resource): string {
  return `${group}/${kind}`;
}

/** The annotation of an object that fits the mark. */
export function annotationHit({ on, annotation }: FrontMark, resource: Resource): FrontHit | undefined {
  if (annotation === undefined || (on !== undefined && !fitsSome(on, resource.kind))) return undefined;
  const annotations = objectAt(resource.object, 'metadata', 'annotations') ?? {};
  for (const [key, value] of Object.entries(annotations)) {
    if (typeof value !== 'string' || !fitsGlob(annotation.name, key)) continue;
    const at: FieldRef = { resource, path: ['metadata', 'annotations', key] };
    if (isOn(value, annotation.value)) return { at, value };
  }
  return undefined;
}

/** The field by which an object of a mark's kinds counts; its name where the mark asks for no field. */
export function objectHit({ kinds, field, fieldValue }: FrontMark, resource: Resource): FrontHit | undefined {
  if (!fitsSome(kinds ?? [], kindOf(resource))) return undefined;
  if (field === undefined) return { at: { resource, path: ['kind'] }, value: resource.name };
  const found = valuesAt(resource, field).find(({ value }) => isOn(textOf(value), fieldValue));
  return found && { at: { resource, path: found.path }, value: textOf(found.value) };
}

/** Whether a front blocks, and the field that says so. */
export interface FrontStance {
  readonly stance: FrontMode['otherwise'];
  readonly at: FieldRef | undefined;
  readonly value: string;
}

function modeHit({ annotation, field }: FrontMode, resource: Resource): FrontHit | undefined {
  const annotations = objectAt(resource.object, 'metadata', 'annotations');
  const written = annotation === undefined ? undefined : valueAt(annotations, [annotation]);
  if (annotation !== undefined && written !== undefined && written !== null)
    return {
      at: { resource, path: ['metadata', 'annotations', annotation] },
      value: textOf(written),
    };
  const [found] = field === undefined ? [] : valuesAt(resource, field);
  return found && { at: { resource, path: found.path }, value: textOf(found.value) };
}

/** Whether a front that a mark tells blocks, only finds, or does not say; without a mode it blocks. */
export function stanceOf({ mode }: FrontMark, resource: Resource): FrontStance {
  if (mode === undefined) return { stance: 'blocks', at: undefined, value: '' };
  const hit = modeHit(mode, resource);
  if (hit === undefined) return { stance: mode.otherwise, at: undefined, value: '' };
  if (mode.directives === true) {
    const { engine, engineLine } = readRules([hit.value]);
    if (engineLine !== undefined) return { stance: engine === 'On' ? 'blocks' : 'detects', ...hit };
  }
  if (fitsSome(mode.detects ?? [], hit.value)) return { stance: 'detects', ...hit };
  if (fitsSome(mode.blocks ?? [], hit.value)) return { stance: 'blocks', ...hit };
  return { stance: mode.otherwise, ...hit };
}

/** The fields by which requests pass a front that does not work. */
export function opensAt({ failure }: FrontMark, resource: Resource): readonly FieldRef[] {
  if (failure === undefined) return [];
  return valuesAt(resource, failure.field)
    .filter(({ value }) => fitsSome(failure.opens, textOf(value)))
    .map(({ path }) => ({ resource, path }));
}
