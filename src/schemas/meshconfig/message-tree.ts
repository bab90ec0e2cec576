import { messageTree } from '#schemas/generated/mesh-config.js';

/** A field of a protobuf message. */
export interface MessageField {
  /** A scalar, an enum or a message. */
  readonly type: string;
  readonly repeated?: boolean;
  /** True for a map from string; `type` is then that of its values. */
  readonly map?: boolean;
  readonly deprecated?: boolean;
  /** The oneof group that the field belongs to. */
  readonly oneOf?: string;
  /** The snake_case spelling, where it differs from the JSON name. */
  readonly protoName?: string;
}

/** A protobuf message: its fields by JSON name. */
export type Message = Readonly<Record<string, MessageField>>;

interface MessageTree {
  readonly enums: Readonly<Record<string, readonly string[]>>;
  readonly messages: Readonly<Record<string, Message>>;
}

function isMessageTree(value: unknown): value is MessageTree {
  return typeof value === 'object' && value !== null && 'enums' in value && 'messages' in value;
}

let parsed: MessageTree | undefined;

function tree(): MessageTree {
  if (parsed) return parsed;
  const value: unknown = JSON.parse(messageTree);
  if (!isMessageTree(value)) throw new Error('The message tree of the mesh config is damaged.');
  parsed = value;
  return value;
}

/** The fields of a message, or undefined when the type is no message of the mesh config. */
export function messageOf(type: string): Message | undefined {
  return tree().messages[type];
}

/** The names of an enum, or undefined when the type is none. */
export function enumOf(type: string): readonly string[] | undefined {
  return tree().enums[type];
}
