import type { FieldPath } from '#documents/document.js';
import type { JsonObject } from '#documents/json.js';
import type { StructuralSchema } from '#schemas/structural.js';
import type { Invalidity } from '#schemas/validation.js';

/** What the webhook looks at. */
export interface WebhookInput {
  /** The object as the API server hands it over: pruned, with defaults. */
  readonly object: JsonObject;
  /** Its spec as protobuf decodes it: JSON names, enums by name, no nulls, no empty lists. */
  readonly spec: JsonObject;
}

/** The webhook's answer about one object. */
export interface WebhookAnswer {
  readonly errors: readonly Invalidity[];
  readonly warnings: readonly Invalidity[];
}

/** The webhook's rules of one kind. Source: istio/istio pkg/config/validation. */
export type WebhookRules = (input: WebhookInput) => WebhookAnswer;

/** The webhook for one kind: decodes the object and applies the rules. */
export type Webhook = (object: JsonObject, schema: StructuralSchema) => WebhookAnswer;

/** One complaint of the webhook. */
export function complaint(path: FieldPath, message: string): Invalidity {
  return { code: 'webhook', path, message };
}
