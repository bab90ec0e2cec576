import type { FieldPath } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { isCelExpression } from '#schemas/cel-expression.js';
import type { Invalidity } from '#schemas/validation.js';
import { selectionAnswer } from './selection.js';
import { complaint } from './webhook.js';
import type { WebhookAnswer, WebhookInput } from './webhook.js';

function textAt(value: JsonValue | undefined, ...path: readonly string[]): string {
  return stringAt(value, ...path) ?? '';
}

function providerErrors(part: JsonValue, path: FieldPath): readonly Invalidity[] {
  const index = listAt(part, 'providers').findIndex((provider) => textAt(provider, 'name') === '');
  return index < 0 ? [] : [complaint([...path, 'providers', index, 'name'], 'a provider must have a name')];
}

/** What each kind of tag must have, the kind that protobuf reads last first; a formatter needs nothing. */
const tagFields = [
  ['formatter', undefined],
  ['header', 'name'],
  ['environment', 'name'],
  ['literal', 'value'],
] as const;

function tagErrors(tags: JsonObject, path: FieldPath): readonly Invalidity[] {
  return Object.entries(tags).flatMap(([name, tag]) => {
    const at = [...path, name];
    const [kind, wanted] = tagFields.find(([field]) => objectAt(tag, field) !== undefined) ?? [];
    const isEmpty = kind !== undefined && wanted !== undefined && textAt(tag, kind, wanted) === '';
    return [
      ...(name === '' ? [complaint(at, 'a tag must have a name')] : []),
      ...(isEmpty ? [complaint([...at, kind, wanted], `a ${kind} tag must have a ${wanted}`)] : []),
    ];
  });
}

function tracingErrors(tracing: JsonValue, path: FieldPath): readonly Invalidity[] {
  const percentage = valueAt(tracing, ['randomSamplingPercentage']);
  const outside = typeof percentage === 'number' && (percentage < 0 || percentage > 100);
  const at = [...path, 'randomSamplingPercentage'];
  return [
    ...providerErrors(tracing, path),
    ...(outside ? [complaint(at, 'randomSamplingPercentage must be in 0..100')] : []),
    ...tagErrors(objectAt(tracing, 'customTags') ?? {}, [...path, 'customTags']),
  ];
}

function tagOverrideErrors(overrides: JsonObject, path: FieldPath): readonly Invalidity[] {
  return Object.entries(overrides).flatMap(([name, override]) => {
    const operation = stringAt(override, 'operation') ?? 'UPSERT';
    const value = textAt(override, 'value');
    const at = [...path, name, 'value'];
    if (operation === 'REMOVE') return value === '' ? [] : [complaint(at, 'a removed tag cannot have a value')];
    return operation === 'UPSERT' && value === '' ? [complaint(at, 'a tag that is set needs a value')] : [];
  });
}

function metricsErrors(metrics: JsonValue, path: FieldPath): readonly Invalidity[] {
  const overrides = listAt(metrics, 'overrides').flatMap((override, index) => {
    const at = [...path, 'overrides', index];
    const match = objectAt(override, 'match');
    const empty = match !== undefined && stringAt(match, 'customMetric') === '';
    return [
      ...tagOverrideErrors(objectAt(override, 'tagOverrides') ?? {}, [...at, 'tagOverrides']),
      ...(empty ? [complaint([...at, 'match', 'customMetric'], 'customMetric must not be empty')] : []),
    ];
  });
  return [...providerErrors(metrics, path), ...overrides];
}

function loggingErrors(logging: JsonValue, path: FieldPath): readonly Invalidity[] {
  const filter = objectAt(logging, 'filter');
  const wrong = filter !== undefined && !isCelExpression(textAt(filter, 'expression'));
  return [
    ...(wrong ? [complaint([...path, 'filter', 'expression'], 'a filter must be a CEL expression')] : []),
    ...providerErrors(logging, path),
  ];
}

function partErrors(
  spec: JsonObject,
  name: string,
  errors: (part: JsonValue, path: FieldPath) => readonly Invalidity[],
): readonly Invalidity[] {
  return listAt(spec, name).flatMap((part, index) => (isObject(part) ? errors(part, ['spec', name, index]) : []));
}

function tracingWarnings(spec: JsonObject): readonly Invalidity[] {
  const tracing = listAt(spec, 'tracing');
  const several = tracing.flatMap((part, index) =>
    listAt(part, 'providers').length > 1
      ? [complaint(['spec', 'tracing', index, 'providers'], 'only one tracing provider is supported')]
      : [],
  );
  return [...(tracing.length > 1 ? [complaint(['spec', 'tracing'], 'only one entry is supported')] : []), ...several];
}

/** The webhook's rules of Telemetry. Source: validation.go, ValidateTelemetry. */
export function telemetry({ spec }: WebhookInput): WebhookAnswer {
  const selection = selectionAnswer(spec);
  return {
    errors: [
      ...selection.errors,
      ...partErrors(spec, 'metrics', metricsErrors),
      ...partErrors(spec, 'tracing', tracingErrors),
      ...partErrors(spec, 'accessLogging', loggingErrors),
    ],
    warnings: [...selection.warnings, ...tracingWarnings(spec)],
  };
}
