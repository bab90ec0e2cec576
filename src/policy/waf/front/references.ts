import type { Resource } from '#documents/document.js';
import { objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import type { FrontReference } from '#policy/waf/product.js';
import { isSet, valuesAt } from './front-marks.js';

/** An object by its name, as something refers to it. */
export interface Named {
  readonly namespace: string | undefined;
  readonly name: string;
}

/** A name as it is written: `name`, `namespace/name`, or an object with both. */
export function namedBy(value: JsonValue): Named | undefined {
  if (typeof value !== 'string') {
    const name = stringAt(value, 'name');
    return name === undefined ? undefined : { namespace: stringAt(value, 'namespace'), name };
  }
  const [first = '', second] = value.trim().split('/');
  if (first === '') return undefined;
  return second === undefined ? { namespace: undefined, name: first } : { namespace: first, name: second };
}

/** Names in an annotation: commas between, or the texts of an object in JSON. */
function namesInText(mesh: Mesh, text: string): readonly JsonValue[] {
  if (!text.trimStart().startsWith('{')) return text.split(',');
  const value = mesh.parseYaml(text);
  return [valueAt(value, ['default']), ...Object.values(objectAt(value, 'ports') ?? {})].filter(
    (name) => typeof name === 'string',
  );
}

function namesIn(mesh: Mesh, from: Resource, { annotation, fields = [] }: FrontReference): readonly Named[] {
  const annotations = objectAt(from.object, 'metadata', 'annotations');
  const written = annotation === undefined ? undefined : stringAt(annotations, annotation);
  const values = [
    ...(written === undefined ? [] : namesInText(mesh, written)),
    ...fields.flatMap((path) => valuesAt(from, path).map(({ value }) => value)),
  ];
  return values.flatMap((value) => namedBy(value) ?? []);
}

/** Traefik's names of objects in annotations: `namespace-name@kubernetescrd`. */
const ofProvider = /^(.+)@kubernetescrd$/;

function find(
  mesh: Mesh,
  from: Resource,
  { kind, named }: { kind: string; named: Named },
): Resource | undefined {
  const slash = kind.lastIndexOf('/');
  const [group, bare] = [kind.slice(0, slash), kind.slice(slash + 1)];
  const joined = ofProvider.exec(named.name)?.[1];
  if (joined === undefined)
    return mesh.find(group, bare, named.namespace ?? mesh.namespaceOf(from), named.name);
  return mesh.ofKind(group, bare).find((one) => `${mesh.namespaceOf(one)}-${one.name}` === joined);
}

/** What a chain of references leads to. */
export interface Referred {
  /** Objects at the end of it. */
  readonly ends: readonly Resource[];
  /** False when something that is named is not in the input. */
  readonly whole: boolean;
  /** Names at the first step of objects that the input does not hold. */
  readonly unfound: readonly string[];
  /** True when something of the first step is there and counts. */
  readonly counts: boolean;
}

interface Step {
  readonly found: readonly Resource[];
  readonly unfound: readonly string[];
}

function follow(mesh: Mesh, from: readonly Resource[], reference: FrontReference): Step {
  const found: Resource[] = [];
  const unfound: string[] = [];
  for (const each of from)
    for (const named of namesIn(mesh, each, reference)) {
      const resource = find(mesh, each, { kind: reference.kind, named });
      if (resource === undefined) unfound.push(named.name);
      else if (reference.holds === undefined || isSet(resource, reference.holds)) found.push(resource);
    }
  return { found: [...new Set(found)], unfound };
}

/** Follows the references of a front from its own object, step by step. */
export function referredFrom(mesh: Mesh, resource: Resource, chain: readonly FrontReference[]): Referred {
  let ends: readonly Resource[] = [resource];
  let whole = true;
  let first: Step | undefined;
  for (const reference of chain) {
    const step = follow(mesh, ends, reference);
    first ??= step;
    whole &&= step.unfound.length === 0;
    ends = step.found;
  }
  return { ends, whole, unfound: first?.unfound ?? [], counts: (first?.found.length ?? 0) > 0 };
}
