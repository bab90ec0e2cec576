import type { JsonObject } from '#documents/json.js';
import type { BuiltInKind } from './built-in-kind.js';
import { builtInKinds } from './generated/kinds.js';
import { isObject } from '#documents/json.js';
import { linkSchemas } from './link-schema.js';
import type { FoldedSchemas } from './link-schema.js';
import type { KindSchema, StructuralSchema, VersionSchema } from './structural.js';
import type { Invalidity } from './validation.js';
import type { Webhook } from './webhook/webhook.js';

/** A kind of object, whatever its version. */
export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/** The schemas that objects are held against, with what is needed to hold them. */
export interface SchemaSet {
  readonly kinds: ReadonlyMap<string, KindSchema>;
  /** CEL evaluation; present when a kind of the set has rules. */
  readonly celErrors: ((object: JsonObject, schema: StructuralSchema) => readonly Invalidity[]) | undefined;
  /** Istio's webhook, by kind. */
  readonly webhooks: ReadonlyMap<string, Webhook>;
}

/** The key of a kind in a schema set. */
export function kindKey({ group, kind }: GroupKind): string {
  return `${group}/${kind}`;
}

function isFolded(value: unknown): value is FoldedSchemas {
  return typeof value === 'object' && value !== null && 'definitions' in value && 'roots' in value;
}

async function loadBuiltIn(builtIn: BuiltInKind): Promise<KindSchema> {
  const module = await builtIn.load();
  const folded: unknown = JSON.parse(module.schemas);
  if (!isFolded(folded)) throw new Error(`The schemas of ${builtIn.kind} are damaged.`);
  const versions = new Map<string, VersionSchema>();
  for (const [version, schema] of linkSchemas(folded)) {
    const check = module.checks[version];
    if (check) versions.set(version, { schema, check });
  }
  const { group, kind, namespaced } = builtIn;
  return { group, kind, namespaced, versions };
}

const loaded = new Map<string, Promise<KindSchema>>();

function builtInSchema(builtIn: BuiltInKind): Promise<KindSchema> {
  const key = kindKey(builtIn);
  const known = loaded.get(key);
  if (known) return known;
  const loading = loadBuiltIn(builtIn);
  loaded.set(key, loading);
  return loading;
}

async function customKinds(definitions: readonly JsonObject[]): Promise<readonly KindSchema[]> {
  if (definitions.length === 0) return [];
  const { customKindSchema } = await import('./custom-kind.js');
  return definitions.map(customKindSchema).filter((kind) => kind !== undefined);
}

const envoyFilterKey = 'networking.istio.io/EnvoyFilter';

/** Rules of EnvoyFilter come with a table of Envoy's API, which is large and seldom needed. */
async function loadWebhooks(keys: ReadonlySet<string>): Promise<ReadonlyMap<string, Webhook>> {
  const { webhookOf, webhooks } = await import('./webhook/webhooks.js');
  if (!keys.has(envoyFilterKey)) return webhooks;
  const { envoyFilter } = await import('./webhook/envoy-filter/envoy-filter.js');
  return new Map([...webhooks, [envoyFilterKey, webhookOf(envoyFilter)]]);
}

function isIstioKind(key: string): boolean {
  return /^[a-z]+\.istio\.io\//.test(key);
}

/**
 * Loads the schemas of the kinds that occur, and nothing else. CustomResourceDefinitions found in the input win over
 * the built-in schemas of the same kind; one that cannot be read is passed over.
 */
export async function loadSchemas(
  wanted: Iterable<GroupKind>,
  definitions: readonly JsonObject[] = [],
): Promise<SchemaSet> {
  const keys = new Set([...wanted].map(kindKey));
  const builtIn = builtInKinds.filter((kind) => keys.has(kindKey(kind)));
  const custom = (await customKinds(definitions.filter(isObject))).filter((kind) => keys.has(kindKey(kind)));
  const schemas = [...(await Promise.all(builtIn.map(builtInSchema))), ...custom];
  const kinds = new Map(schemas.map((schema) => [kindKey(schema), schema]));
  const istio = [...kinds.keys()].some(isIstioKind);
  return {
    kinds,
    celErrors: kinds.size > 0 ? (await import('./cel-errors.js')).celErrors : undefined,
    webhooks: istio ? await loadWebhooks(keys) : new Map<string, Webhook>(),
  };
}
