import { stringAt, valueAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import type { Invalidity } from '#schemas/validation.js';
import { complaint } from './webhook.js';

/** Annotations that no user may set. Source: istio/istio pkg/config/constants/constants.go. */
const forbidden = [
  'internal.istio.io/webhook-always-reject',
  'internal.istio.io/parent-namespace',
  'internal.istio.io/parents',
] as const;

const dryRun = 'istio.io/dry-run';

/** What Go's strconv.ParseBool takes. */
const booleans = new Set('1 t T TRUE true True 0 f F FALSE false False'.split(' '));

function dryRunErrors(value: string, kind: string, action: string): readonly Invalidity[] {
  const path = ['metadata', 'annotations', dryRun];
  if (kind !== 'AuthorizationPolicy') return [complaint(path, `${dryRun} is not supported on ${kind}`)];
  if (action !== 'ALLOW' && action !== 'DENY') {
    return [complaint(path, `${dryRun} is only supported with action ALLOW or DENY, not ${action}`)];
  }
  return booleans.has(value) ? [] : [complaint(path, `${dryRun} must be true or false, not "${value}"`)];
}

/**
 * What the webhook says of an object's annotations, whatever its kind; the first complaint ends the validation.
 * Source: istio/istio pkg/config/validation/validation.go, validateMetadata.
 */
export function annotationErrors(object: JsonObject, spec: JsonObject): readonly Invalidity[] {
  const annotations = valueAt(object, ['metadata', 'annotations']);
  const value = stringAt(annotations, dryRun);
  if (value !== undefined) {
    const action = stringAt(spec, 'action') ?? 'ALLOW';
    const errors = dryRunErrors(value, stringAt(object, 'kind') ?? '', action);
    if (errors.length > 0) return errors;
  }
  const found = forbidden.find((name) => valueAt(annotations, [name]) !== undefined);
  return found === undefined ? [] : [complaint(['metadata', 'annotations', found], `${found} must not be set by users`)];
}
