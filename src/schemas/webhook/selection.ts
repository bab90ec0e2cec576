import { isObject, listAt, objectAt, stringAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { FieldPath } from '#documents/document.js';
import type { Invalidity } from '#schemas/validation.js';
import { complaint } from './webhook.js';
import type { WebhookAnswer } from './webhook.js';

/** Kinds that a policy's targetRefs may name, as group/kind. Source: validation.go, allowedTargetRefs. */
const targetKinds = new Set([
  '/Service',
  'core/Service',
  'networking.istio.io/ServiceEntry',
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/GatewayClass',
]);

function targetRefErrors(ref: JsonValue | undefined, path: FieldPath): readonly Invalidity[] {
  if (!isObject(ref)) return [];
  const errors: Invalidity[] = [];
  const kind = `${stringAt(ref, 'group') ?? ''}/${stringAt(ref, 'kind') ?? ''}`;
  if ((stringAt(ref, 'name') ?? '') === '') errors.push(complaint([...path, 'name'], 'a targetRef must have a name'));
  if ((stringAt(ref, 'namespace') ?? '') !== '') {
    errors.push(complaint([...path, 'namespace'], 'a targetRef cannot point into another namespace'));
  }
  if (!targetKinds.has(kind)) {
    const message = `a targetRef must name a Service, ServiceEntry, Gateway (gateway.networking.k8s.io) or GatewayClass, not ${kind}`;
    errors.push(complaint([...path, 'kind'], message));
  }
  return errors;
}

/** Where the labels of a selector stand. */
interface LabelsPlace {
  /** The selector. */
  readonly path: FieldPath;
  /** What the selector calls its labels. */
  readonly field: string;
}

/** Labels of a selector as the webhook takes them: no empty key, no wildcard. */
export function selectorLabelsAnswer(labels: JsonObject, { path, field }: LabelsPlace): WebhookAnswer {
  const at = [...path, field];
  const errors: Invalidity[] = [];
  for (const [key, label] of Object.entries(labels)) {
    const value = typeof label === 'string' ? label : '';
    if (key === '') errors.push(complaint([...at, key], 'a selector cannot have an empty label key'));
    if (`${key}${value}`.includes('*')) {
      errors.push(complaint([...at, key], `wildcards are not supported in a selector: ${key}=${value}`));
    }
  }
  const none = Object.keys(labels).length === 0;
  return { errors, warnings: none ? [complaint(path, 'workload selector specified without labels')] : [] };
}

/** The selector of a policy. Source: validation.go, validateWorkloadSelector. */
export function selectorAnswer(selector: JsonObject | undefined, path: FieldPath): WebhookAnswer {
  if (!selector) return { errors: [], warnings: [] };
  return selectorLabelsAnswer(objectAt(selector, 'matchLabels') ?? {}, { path, field: 'matchLabels' });
}

/** How a policy picks what it applies to: at most one of selector, targetRef and targetRefs, each of them well-formed. */
export function selectionAnswer(spec: JsonObject): WebhookAnswer {
  const selector = objectAt(spec, 'selector');
  const targetRef = objectAt(spec, 'targetRef');
  const targetRefs = listAt(spec, 'targetRefs');
  const ways = [selector !== undefined, targetRef !== undefined, targetRefs.length > 0].filter(Boolean).length;
  const selected = selectorAnswer(selector, ['spec', 'selector']);
  const errors = [
    ...(ways > 1 ? [complaint(['spec'], 'only one of targetRefs or selector can be set')] : []),
    ...selected.errors,
    ...targetRefErrors(targetRef, ['spec', 'targetRef']),
    ...targetRefs.flatMap((ref, index) => targetRefErrors(ref, ['spec', 'targetRefs', index])),
  ];
  return { errors, warnings: selected.warnings };
}
