import { readFile, writeFile } from 'node:fs/promises';
import { readDescriptorSet } from './descriptor-set.mjs';

// node scripts/schemas/message-table.mjs <descriptor set> <table>
//
// Turns a protobuf descriptor set (`protoc --include_imports --descriptor_set_out`) into a table of what the JSON form of each message may
// hold. A line `@package` opens a package; in it a line is a message, `Name field:type …`, or an enum,
// `Name = VALUE=number …`. A type is a letter (scalar) or a name, `.Name` being one of the same package; `*` before it
// is a list, `<k>` a map with keys of type k.

const scalars = {
  1: 'd', // double
  2: 'f', // float
  3: 'I', // int64
  4: 'U', // uint64
  5: 'i', // int32
  6: 'U', // fixed64
  7: 'u', // fixed32
  8: 'b', // bool
  9: 's', // string
  12: 'y', // bytes
  13: 'u', // uint32
  15: 'i', // sfixed32
  16: 'I', // sfixed64
  17: 'i', // sint32
  18: 'I', // sint64
};
const repeated = 3;


const byCodeUnit = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

function defaultJsonName(name) {
  return name.replace(/_+([a-z])?/g, (_, letter) => letter?.toUpperCase() ?? '');
}

/** Messages and enums with their full names; entries of maps apart. */
function collect(files) {
  const types = [];
  const maps = new Map();
  const addMessage = (message, packageName, scope) => {
    const name = scope === '' ? message.name : `${scope}.${message.name}`;
    if (message.options?.mapEntry) maps.set(`.${packageName}.${name}`, message);
    else types.push({ packageName, name, fields: message.fields });
    for (const child of message.messages) addMessage(child, packageName, name);
    for (const child of message.enums) types.push({ packageName, name: `${name}.${child.name}`, values: child.values });
  };
  for (const file of files) {
    for (const message of file.messages) addMessage(message, file.package, '');
    for (const { name, values } of file.enums) types.push({ packageName: file.package, name, values });
  }
  return { types, maps };
}

function typeOf(field, packageName, maps) {
  const entry = maps.get(field.typeName);
  if (entry) {
    const [key, value] = entry.fields;
    return `<${scalars[key.type]}>${elementType(value, packageName)}`;
  }
  return `${field.label === repeated ? '*' : ''}${elementType(field, packageName)}`;
}

function elementType({ type, typeName }, packageName) {
  if (scalars[type]) return scalars[type];
  if (type !== 11 && type !== 14) throw new Error(`type ${type} is not foreseen`);
  const prefix = `.${packageName}.`;
  return typeName.startsWith(prefix) ? typeName.slice(prefix.length - 1) : typeName.slice(1);
}

function line({ packageName, name, fields, values }, maps) {
  if (values) return `${name} = ${values.map((value) => `${value.name}=${value.number}`).join(' ')}`;
  const parts = fields.map((field) => {
    if (field.jsonName !== undefined && field.jsonName !== defaultJsonName(field.name)) {
      throw new Error(`${packageName}.${name}.${field.name} is called ${field.jsonName} in JSON`);
    }
    return `${field.name}:${typeOf(field, packageName, maps)}`;
  });
  return [name, ...parts].join(' ');
}

/** The table of a descriptor set. */
export function messageTable(bytes) {
  const { types, maps } = collect(readDescriptorSet(bytes));
  const packages = [...new Set(types.map(({ packageName }) => packageName))].sort(byCodeUnit);
  const lines = packages.flatMap((packageName) => [
    `@${packageName}`,
    ...types
      .filter((type) => type.packageName === packageName)
      .sort((a, b) => byCodeUnit(a.name, b.name))
      .map((type) => line(type, maps)),
  ]);
  return `${lines.join('\n')}\n`;
}

const [input, output] = process.argv.slice(2);
await writeFile(output, messageTable(await readFile(input)));
