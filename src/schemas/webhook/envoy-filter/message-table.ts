/** Of what the members of a list or a map are, or a field itself: a letter for a scalar, else the name of a type. */
export interface FieldType {
  readonly shape: 'one' | 'list' | 'map';
  /** Scalar of the keys of a map. */
  readonly key: string;
  readonly of: string;
}

/** A field of a message. */
export interface MessageField {
  /** As in the proto file. */
  readonly name: string;
  /** As protobuf writes it in JSON. */
  readonly jsonName: string;
  readonly type: FieldType;
}

/** The messages and enums of a table; names are full protobuf names. */
export interface MessageTable {
  readonly fieldsOf: (message: string) => readonly MessageField[] | undefined;
  /** The names of an enum's values. */
  readonly namesOf: (enumeration: string) => ReadonlySet<string> | undefined;
}

/** Source: google.golang.org/protobuf internal/strs/strings.go, JSONCamelCase. */
function jsonName(name: string): string {
  return name.replaceAll(/_+([a-z])?/g, (_, letter: string | undefined) => letter?.toUpperCase() ?? '');
}

/** A type's full name: in the table, names of its own package start with a dot. */
function fullName(name: string, packageName: string): string {
  return name.startsWith('.') ? packageName + name : name;
}

function parseType(text: string, packageName: string): FieldType {
  if (text.startsWith('*')) return { shape: 'list', key: '', of: fullName(text.slice(1), packageName) };
  const [, key, value] = /^<(\w)>(.+)$/.exec(text) ?? [];
  if (key !== undefined && value !== undefined) return { shape: 'map', key, of: fullName(value, packageName) };
  return { shape: 'one', key: '', of: fullName(text, packageName) };
}

function parseField(text: string, packageName: string): MessageField {
  const colon = text.indexOf(':');
  const name = text.slice(0, colon);
  return { name, jsonName: jsonName(name), type: parseType(text.slice(colon + 1), packageName) };
}

interface Row {
  readonly packageName: string;
  /** What the line says after the name, word by word. */
  readonly words: readonly string[];
}

function rowsOf(text: string): ReadonlyMap<string, () => Row> {
  const rows = new Map<string, () => Row>();
  let packageName = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('@')) packageName = line.slice(1);
    else if (line !== '') {
      const end = line.indexOf(' ');
      const at = packageName;
      const name = end < 0 ? line : line.slice(0, end);
      rows.set(`${at}.${name}`, () => ({ packageName: at, words: end < 0 ? [] : line.slice(end + 1).split(' ') }));
    }
  }
  return rows;
}

/** Remembers what a function has said of a name. */
function remembered<T>(ask: (name: string) => T): (name: string) => T {
  const known = new Map<string, T>();
  return (name) => {
    if (!known.has(name)) known.set(name, ask(name));
    return known.get(name) ?? ask(name);
  };
}

/** Reads a table as scripts/schemas/message-table.mjs writes it; a line is taken apart when its type is asked for. */
export function messageTable(text: string): MessageTable {
  const rows = rowsOf(text);
  return {
    fieldsOf: remembered((name) => {
      const row = rows.get(name)?.();
      if (!row || row.words[0] === '=') return undefined;
      return row.words.map((word) => parseField(word, row.packageName));
    }),
    namesOf: remembered((name) => {
      const row = rows.get(name)?.();
      if (row?.words[0] !== '=') return undefined;
      return new Set(row.words.slice(1).map((word) => word.slice(0, word.indexOf('='))));
    }),
  };
}
