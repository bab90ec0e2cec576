import type { FieldRef, Resource } from '#documents/document.js';
import { listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import type { Container, Mesh, Workload } from '#mesh/mesh.js';
import { lacksEntries } from '#mesh/secret-entries.js';
import type { MissingEvidence } from '#policy/decision.js';

/** One setting of a container: an environment variable, or a line of a configuration file that is mounted. */
export interface ContainerSetting {
  /** Name of the variable; of a file's line its key in capitals, `-` as `_`, without the product's prefix. */
  readonly name: string;
  /** True for a line of a file. */
  readonly fromFile: boolean;
  /** Undefined: the input does not hold it; then `missing` says what would. */
  readonly value: string | undefined;
  readonly missing: MissingEvidence | undefined;
  readonly at: FieldRef;
}

/** The settings of a container, and sources of further ones that the input does not hold. */
export interface ContainerSettings {
  readonly settings: readonly ContainerSetting[];
  /** Sources of variables. */
  readonly missing: readonly MissingEvidence[];
  /** Mounted files. */
  readonly missingFiles: readonly MissingEvidence[];
}

interface Place {
  readonly mesh: Mesh;
  readonly workload: Workload;
  readonly container: Container;
}

function holderOf({ mesh, workload }: Place, kind: string, name: string): Resource | undefined {
  return mesh.find('', kind, workload.namespace, name);
}

function absent({ mesh, workload }: Place, kind: string, name: string): readonly MissingEvidence[] {
  if (mesh.scope === 'complete' && kind !== 'Secret') return [];
  return [{ key: kind.toLowerCase(), text: `${kind} ${name} in namespace ${workload.namespace}` }];
}

/** Names of other variables in a value (`$(NAME)`); those without a known value stay as written. */
function expand(text: string, known: ReadonlyMap<string, string>): string {
  return text.replace(/\$\(([A-Za-z_.-][\w.-]*)\)/g, (written, name: string) => known.get(name) ?? written);
}

type Value = Pick<ContainerSetting, 'value' | 'missing'>;

function referredValue(place: Place, source: JsonValue | undefined): Value {
  for (const [field, kind] of [
    ['configMapKeyRef', 'ConfigMap'],
    ['secretKeyRef', 'Secret'],
  ] as const) {
    const reference = objectAt(source, field);
    if (reference === undefined) continue;
    const [name, key] = [stringAt(reference, 'name') ?? '', stringAt(reference, 'key') ?? ''];
    const holder = kind === 'ConfigMap' ? holderOf(place, kind, name) : undefined;
    const value = stringAt(holder?.object, 'data', key);
    if (holder !== undefined) return { value: value ?? '', missing: undefined };
    const [missing] = absent(place, kind, name);
    return { value: missing === undefined ? '' : undefined, missing };
  }
  const field = stringAt(source, 'fieldRef', 'fieldPath') ?? 'a field of the pod';
  return { value: undefined, missing: { key: 'pod', text: `${field} of a running pod` } };
}

function ownVariables(place: Place): readonly ContainerSetting[] {
  const { workload, container } = place;
  const known = new Map<string, string>();
  return listAt(container.spec, 'env').map((entry, index): ContainerSetting => {
    const name = stringAt(entry, 'name') ?? '';
    const source = valueAt(entry, ['valueFrom']);
    const written = valueAt(entry, ['value']);
    const text = typeof written === 'string' ? expand(written, known) : '';
    const value: Value =
      source === undefined || source === null
        ? { value: text, missing: undefined }
        : referredValue(place, source);
    if (value.value !== undefined) known.set(name, value.value);
    const at = { resource: workload.resource, path: [...container.path, 'env', index] };
    return { name, fromFile: false, ...value, at };
  });
}

const sources = [
  ['configMapRef', 'ConfigMap'],
  ['secretRef', 'Secret'],
] as const;

type Sources = Omit<ContainerSettings, 'missingFiles'>;

/** The entries of a ConfigMap or Secret, with the prefix that their names get; values of Secrets are not read. */
function entriesOf(
  place: Place,
  kind: 'ConfigMap' | 'Secret',
  { name, prefix }: Readonly<Record<'name' | 'prefix', string>>,
): Sources {
  const resource = holderOf(place, kind, name);
  if (resource === undefined || lacksEntries(resource))
    return { settings: [], missing: absent(place, kind, name) };
  const settings = Object.entries(objectAt(resource.object, 'data') ?? {}).flatMap(
    ([key, value]): readonly ContainerSetting[] => {
      const unread = { key: 'secret', text: `the value of ${key} in Secret ${name}` };
      const read = typeof value === 'string' ? { value, missing: undefined } : undefined;
      const held: Value | undefined = kind === 'Secret' ? { value: undefined, missing: unread } : read;
      if (held === undefined) return [];
      return [{ name: `${prefix}${key}`, fromFile: false, ...held, at: { resource, path: ['data', key] } }];
    },
  );
  return { settings, missing: [] };
}

function variablesFrom(place: Place): Sources {
  const found = listAt(place.container.spec, 'envFrom').flatMap((entry) =>
    sources.flatMap(([field, kind]): readonly Sources[] => {
      const name = stringAt(entry, field, 'name');
      const prefix = stringAt(entry, 'prefix') ?? '';
      return name === undefined ? [] : [entriesOf(place, kind, { name, prefix })];
    }),
  );
  return {
    settings: found.flatMap(({ settings }) => settings),
    missing: found.flatMap(({ missing }) => missing),
  };
}

/** Lines `key = "value"` of a configuration file. */
function linesOf(text: string): readonly (readonly [string, string])[] {
  return text.split('\n').flatMap((line): readonly (readonly [string, string])[] => {
    const equals = line.indexOf('=');
    const key = line.slice(0, Math.max(equals, 0)).trim();
    if (!/^[A-Za-z][\w-]*$/.test(key)) return [];
    const value = line.slice(equals + 1).trim();
    return [[key.toUpperCase().replaceAll('-', '_'), value.replace(/^(["'])(.*)\1$/, '$2')]];
  });
}

/** Lines `some_key: value` of a YAML file, of each key the first: what stands deeper holds for a part only. */
function yamlLinesOf(text: string): readonly (readonly [string, string])[] {
  const first = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, key, value = ''] = /^ *([A-Za-z]+_\w+): +([^\s#]+) *(?:#.*)?$/.exec(line) ?? [];
    const name = key?.toUpperCase();
    if (name !== undefined && !first.has(name)) first.set(name, value.replace(/^(["'])(.*)\1$/, '$2'));
  }
  return [...first];
}

const longestFile = 65_536;

function mountedFiles(place: Place): Sources {
  const { workload, container } = place;
  const mounted = new Set(listAt(container.spec, 'volumeMounts').map((mount) => stringAt(mount, 'name')));
  const settings: ContainerSetting[] = [];
  const missing: MissingEvidence[] = [];
  for (const volume of listAt(workload.podSpec, 'volumes')) {
    if (!mounted.has(stringAt(volume, 'name'))) continue;
    const name = stringAt(volume, 'configMap', 'name');
    if (name === undefined) continue;
    const resource = holderOf(place, 'ConfigMap', name);
    if (resource === undefined) missing.push(...absent(place, 'ConfigMap', name));
    for (const [key, text] of Object.entries(objectAt(resource?.object, 'data') ?? {})) {
      if (resource === undefined || typeof text !== 'string' || text.length > longestFile) continue;
      const at: FieldRef = { resource, path: ['data', key] };
      const isYaml = /\.ya?ml$/.test(key);
      for (const [setting, value] of isYaml ? yamlLinesOf(text) : linesOf(text))
        // Keys of YAML files bear the product's prefix, as variables do.
        settings.push({ name: setting, fromFile: !isYaml, value, missing: undefined, at });
    }
  }
  return { settings, missing };
}

/**
 * The environment of a container and the configuration files mounted into it, as far as the input holds them. A variable of
 * its own wins over one from `envFrom`, the later over the earlier, and both over a file.
 */
export function containerSettings(mesh: Mesh, workload: Workload, container: Container): ContainerSettings {
  const place: Place = { mesh, workload, container };
  const from = variablesFrom(place);
  const files = mountedFiles(place);
  const variables = [...from.settings, ...ownVariables(place)];
  const last = new Map(variables.map((setting) => [setting.name, setting]));
  return {
    settings: [...last.values(), ...files.settings],
    missing: from.missing,
    missingFiles: files.missing,
  };
}
