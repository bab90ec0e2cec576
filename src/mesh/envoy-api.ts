import type { JsonObject } from '#documents/json.js';
import { envoyMessages } from '#schemas/generated/envoy-messages.js';
import { decodeMessage } from '#schemas/webhook/envoy-filter/decode-message.js';
import { messageTable } from '#schemas/webhook/envoy-filter/message-table.js';
import type { MessageTable } from '#schemas/webhook/envoy-filter/message-table.js';
import { lazy } from './lazy.js';

export type { MessageField, MessageTable } from '#schemas/webhook/envoy-filter/message-table.js';

const table = lazy(() => messageTable(envoyMessages));

/** The protobuf messages of Envoy's API that istiod is built with; read when first asked for. */
export function envoyApi(): MessageTable {
  return table();
}

/** Why istiod can not make an Envoy object of a value; undefined when it can. Unknown fields do no harm. */
export function envoyObjectProblem(value: JsonObject, message: string): string | undefined {
  try {
    decodeMessage({ value, message, path: [] }, table());
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'it can not be read';
  }
}

/** Names of fields that no message has, in a value that can be read; a proxy that reads the value strictly refuses it. */
export function unknownEnvoyFields(value: JsonObject, message: string): readonly string[] {
  try {
    return decodeMessage({ value, message, path: [] }, table()).map(({ path }) => path.join('.'));
  } catch {
    return [];
  }
}
