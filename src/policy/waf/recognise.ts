import type { FieldRef } from '#documents/document.js';
import { listAt, stringAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Container, Mesh, Workload } from '#mesh/mesh.js';
import type { ProxyFilter } from '#policy/filter-chain/filter-chain.js';
import { fitsGlob, fitsSome } from './glob.js';
import type { AgentMark, FilterMark, InjectionMark, WafProduct } from './product.js';

/**
 * The product that a proxy's filter belongs to; undefined: none of them, whatever its kind.
 *
 * @param addresses Where the filter's call goes: endpoints of its cluster. Its `target_uri` is read from the filter.
 */
export function productOfFilter(
  products: readonly WafProduct[],
  filter: ProxyFilter,
  addresses: readonly string[] = [],
): WafProduct | undefined {
  if (filter.stock) return undefined;
  return products.find(
    (product) => product.filters?.some((mark) => filterFits(mark, filter, addresses)) === true,
  );
}

/** What a container is told by. */
interface ContainerTraits {
  readonly repository: string;
  /** Names of environment variables. */
  readonly env: readonly string[];
  readonly args: readonly string[];
}

type Answers = Map<string, { readonly product: WafProduct | undefined }>;

/** Answers by what containers are told by: most containers of a mesh run few images. */
const answers = new WeakMap<readonly WafProduct[], Answers>();
const mostAnswers = 5000;

/** The product whose engine runs in a container; undefined: none of them. */
export function productOfContainer(
  products: readonly WafProduct[],
  container: Container,
): WafProduct | undefined {
  const known = getOrMake(answers, products, (): Answers => new Map());
  if (known.size > mostAnswers) known.clear();
  const traits = traitsOf(container);
  return getOrMake(known, JSON.stringify(traits), () => ({
    product: products.find(({ agent }) => agent !== undefined && agentFits(agent, traits)),
  })).product;
}

/** A product whose webhook is told to put its engine into a workload's pods, and what says so. */
export interface Injected {
  readonly product: WafProduct;
  readonly at: FieldRef;
}

/** The products that a workload's pods get at admission, by labels and annotations. */
export function injectedProducts(
  mesh: Mesh,
  products: readonly WafProduct[],
  workload: Workload,
): readonly Injected[] {
  return products.flatMap((product): readonly Injected[] => {
    const found = (product.injected ?? []).map((mark) => injectionHit(mesh, mark, workload));
    const at = found.find((hit) => hit !== undefined);
    return at === undefined ? [] : [{ product, at }];
  });
}

function targetOf({ settings }: ProxyFilter): string | undefined {
  return settings.kind === 'ext_authz' || settings.kind === 'ext_proc' ? settings.targetUri : undefined;
}

function filterFits(mark: FilterMark, filter: ProxyFilter, addresses: readonly string[]): boolean {
  const { settings } = filter;
  const told: readonly (readonly [readonly string[] | undefined, readonly (string | undefined)[]])[] = [
    [mark.names, [filter.name]],
    [mark.types, [filter.type]],
    [mark.clusters, [filter.cluster]],
    [mark.addresses, [targetOf(filter), ...addresses]],
    [mark.moduleUrls, settings.kind === 'wasm' ? [settings.url] : []],
    [mark.luaModules, settings.kind === 'lua' ? settings.requires : []],
    [mark.libraries, settings.kind === 'golang' ? [settings.libraryId] : []],
  ];
  const asked = told.filter(([patterns]) => patterns !== undefined);
  return (
    asked.length > 0 &&
    asked.every(([patterns, texts]) => texts.some((text) => fitsSome(patterns ?? [], text)))
  );
}

function agentFits(mark: AgentMark, { repository, env, args }: ContainerTraits): boolean {
  const { args: wanted } = mark;
  if (wanted !== undefined && !args.some((text) => fitsSome(wanted, text))) return false;
  if (fitsSome([...(mark.images ?? []), ...(mark.servesNothing ?? [])], repository)) return true;
  const names = mark.env;
  return names !== undefined && env.some((name) => fitsSome(names, name));
}

/** Image, variables, and words of the command line. */
function traitsOf({ image, spec }: Container): ContainerTraits {
  const words = [...listAt(spec, 'command'), ...listAt(spec, 'args')];
  return {
    repository: repositoryOf(image),
    env: listAt(spec, 'env').flatMap((entry) => stringAt(entry, 'name') ?? []),
    args: words.filter((text) => typeof text === 'string'),
  };
}

/** An image's name without tag and digest; a registry's port is no tag. */
export function repositoryOf(image: string): string {
  const named = image.split('@', 1)[0] ?? '';
  const colon = named.lastIndexOf(':');
  return colon > named.lastIndexOf('/') ? named.slice(0, colon) : named;
}

const offValues: ReadonlySet<string> = new Set(['', 'false', 'disabled', 'off']);

function switchesOn(
  { name, value: pattern }: InjectionMark,
  written: Readonly<Record<string, string>>,
): boolean {
  const value = Object.hasOwn(written, name) ? written[name] : undefined;
  if (value === undefined) return false;
  return pattern === undefined ? !offValues.has(value.toLowerCase()) : fitsGlob(pattern, value);
}

function injectionHit(mesh: Mesh, mark: InjectionMark, workload: Workload): FieldRef | undefined {
  const { resource, podPath, labels, annotations, namespace } = workload;
  if (mark.on === 'namespace-label') {
    const home = mesh.namespaces.get(namespace);
    const object = home?.resource;
    if (home === undefined || object === undefined || !switchesOn(mark, home.labels)) return undefined;
    return { resource: object, path: ['metadata', 'labels', mark.name] };
  }
  const isLabel = mark.on === 'label';
  if (!switchesOn(mark, isLabel ? labels : annotations)) return undefined;
  return { resource, path: [...podPath, 'metadata', isLabel ? 'labels' : 'annotations', mark.name] };
}
