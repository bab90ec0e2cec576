import { TextDecoder } from 'node:util';

// Reads a FileDescriptorSet (google/protobuf/descriptor.proto) as far as names, fields, types and enums go.

const decoder = new TextDecoder();

/** The fields of one protobuf message on the wire: `{ number, value }`, value a number or a slice of bytes. */
function* wireFields(bytes) {
  let at = 0;
  const varint = () => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at];
      if (byte === undefined) throw new Error('the descriptor set ends within a number');
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >> 3;
    switch (tag & 7) {
      case 0:
        yield { number, value: Number(BigInt.asIntN(64, varint())) };
        break;
      case 1:
        at += 8;
        break;
      case 2: {
        const length = Number(varint());
        yield { number, value: bytes.subarray(at, at + length) };
        at += length;
        break;
      }
      case 5:
        at += 4;
        break;
      default:
        throw new Error(`wire type ${tag & 7} in a descriptor set`);
    }
  }
}

/** A message as an object: `shape` maps field numbers to `[name, read, repeated?]`. */
function read(bytes, shape) {
  const result = {};
  for (const [name, , repeated] of Object.values(shape)) if (repeated) result[name] = [];
  for (const { number, value } of wireFields(bytes)) {
    const field = shape[number];
    if (!field) continue;
    const [name, convert, repeated] = field;
    if (repeated) result[name].push(convert(value));
    else result[name] = convert(value);
  }
  return result;
}

const text = (value) => decoder.decode(value);
const same = (value) => value;

const field = (bytes) =>
  read(bytes, {
    1: ['name', text],
    3: ['number', same],
    4: ['label', same],
    5: ['type', same],
    6: ['typeName', text],
    10: ['jsonName', text],
  });
const enumValue = (bytes) => read(bytes, { 1: ['name', text], 2: ['number', same] });
const enumeration = (bytes) => read(bytes, { 1: ['name', text], 2: ['values', enumValue, true] });
const messageOptions = (bytes) => read(bytes, { 7: ['mapEntry', same] });
const message = (bytes) =>
  read(bytes, {
    1: ['name', text],
    2: ['fields', field, true],
    3: ['messages', message, true],
    4: ['enums', enumeration, true],
    7: ['options', messageOptions],
  });
const file = (bytes) =>
  read(bytes, {
    1: ['path', text],
    2: ['package', text],
    4: ['messages', message, true],
    5: ['enums', enumeration, true],
  });

/** The files of a descriptor set as `protoc --include_imports --descriptor_set_out` writes it. */
export function readDescriptorSet(bytes) {
  return read(bytes, { 1: ['files', file, true] }).files;
}
