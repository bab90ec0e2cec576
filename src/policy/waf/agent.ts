import type { FieldRef } from '#documents/document.js';
import { listAt, stringAt } from '#documents/json.js';
import type { Container, Workload } from '#mesh/mesh.js';
import { getOrMake } from '#mesh/lazy.js';
import type { MissingEvidence } from '#policy/decision.js';
import { parseAddress } from './address.js';
import type { Address } from './address.js';
import { directiveModes } from './directive-args.js';
import { containerSettings } from './environment.js';
import type { ContainerSetting, ContainerSettings } from './environment.js';
import { ownModes } from './front/own-modes.js';
import { fitsGlob, fitsSome } from './glob.js';
import type { AgentListener, AgentMark, AgentMode, DetectMark, WafProduct } from './product.js';
import { perContext } from './per-context.js';
import { productOfContainer, repositoryOf } from './recognise.js';
import type { WafContext } from './waf-context.js';

/** One way in which an agent takes requests. */
export interface Listening {
  readonly mode: AgentMode;
  /** Undefined: nothing says where; then any address is taken for right. */
  readonly address: Address | undefined;
  /** Where a reverse proxy sends on to. */
  readonly upstream: Address | undefined;
  readonly at: FieldRef;
}

/** A container that runs a product's engine. */
export interface Agent {
  readonly product: WafProduct;
  readonly workload: Workload;
  readonly container: Container;
  readonly at: FieldRef;
  readonly listening: readonly Listening[];
  /** Settings by which it only looks on, each with what people read. */
  readonly detects: readonly { readonly at: FieldRef; readonly how: string }[];
  /** Settings by which requests pass when it can not judge them. */
  readonly opens: Agent['detects'];
  /** What the input would have to hold to tell how it listens; what it does hold is in `listening` all the same. */
  readonly missing: readonly MissingEvidence[];
}

/** True for containers that run beside the application (a native sidecar is an init container that keeps running). */
export function isRunning({ list, spec }: Container): boolean {
  return list === 'containers' || (list === 'initContainers' && spec['restartPolicy'] === 'Always');
}

/** A line of a file is known by the end of the variable's name: the key without the product's prefix. */
export function settingFits(patterns: readonly string[], { name, fromFile }: ContainerSetting): boolean {
  if (!fromFile) return fitsSome(patterns, name);
  return patterns.some((pattern) => pattern.toUpperCase().endsWith(`_${name}`));
}

function isOn({ value: pattern }: Pick<AgentListener, 'value'>, value: string): boolean {
  if (pattern !== undefined) return fitsGlob(pattern, value);
  return value !== '' && value.toLowerCase() !== 'false';
}

interface Written {
  readonly address: Address | undefined;
  readonly upstream: Address | undefined;
}

const nowhere: Written = { address: undefined, upstream: undefined };

/** Addresses in a value: one, several behind `listener=` with their `upstreams=`, or several with `;` between. */
function addressesIn(value: string): readonly Written[] {
  const named = [...value.matchAll(/\blistener=([^,;}\s]+)([^{};]*)/g)];
  if (named.length > 0)
    return named.map(([, listener = '', rest = '']) => {
      const upstream = /\bupstreams?=([^,;}\s]+)/.exec(rest)?.[1];
      return {
        address: parseAddress(listener),
        upstream: upstream === undefined ? undefined : parseAddress(upstream),
      };
    });
  const parts = value.split(/[;,]/).flatMap((part) => parseAddress(part) ?? []);
  return parts.length === 0 ? [nowhere] : parts.map((address) => ({ address, upstream: undefined }));
}

interface ReadListeners {
  readonly listening: readonly Listening[];
  readonly missing: readonly MissingEvidence[];
}

function listenersOf(listener: AgentListener, { value, missing, at }: ContainerSetting): ReadListeners {
  if (value === undefined) return { listening: [], missing: missing === undefined ? [] : [missing] };
  if (!isOn(listener, value)) return { listening: [], missing: [] };
  const written = listener.holdsAddress === true ? addressesIn(value) : [nowhere];
  return { listening: written.map((one) => ({ mode: listener.mode, at, ...one })), missing: [] };
}

function listenersIn(mark: AgentMark, settings: readonly ContainerSetting[]): ReadListeners {
  const found = (mark.listeners ?? []).flatMap((listener) =>
    settings
      .filter((setting) => settingFits(listener.env, setting))
      .map((setting) => listenersOf(listener, setting)),
  );
  return {
    listening: found.flatMap(({ listening }) => listening),
    missing: found.flatMap(({ missing }) => missing),
  };
}

/** A mode without an address of its own listens where the agent's other variables say, else on the product's usual port. */
function withAddresses(mark: AgentMark, listening: readonly Listening[]): readonly Listening[] {
  const told = listening.find(({ address, mode }) => address !== undefined && asked(mode))?.address;
  return listening.map((one): Listening => {
    if (one.address !== undefined) return one;
    const port = mark.defaultPorts?.[one.mode];
    const usual = port === undefined ? undefined : { host: '', port, socket: undefined };
    return { ...one, address: asked(one.mode) ? (told ?? usual) : usual };
  });
}

/** True for the modes in which a proxy's filter asks over gRPC. */
export function asked(mode: AgentMode): boolean {
  return mode === 'ext_authz' || mode === 'ext_proc';
}

interface Told {
  readonly detects: Agent['detects'];
  readonly missing: readonly MissingEvidence[];
}

function detectsOf(marks: readonly DetectMark[] = [], settings: readonly ContainerSetting[] = []): Told {
  const fitting = marks.flatMap((detect) =>
    settings.filter((setting) => settingFits(detect.env, setting)).map((setting) => ({ detect, setting })),
  );
  return {
    detects: fitting.flatMap(({ detect, setting: { name, value, at } }) =>
      value !== undefined && fitsGlob(detect.value, value) ? [{ at, how: `${name} is ${value}` }] : [],
    ),
    missing: fitting.flatMap(({ setting }) => setting.missing ?? []),
  };
}

function read(
  mark: AgentMark,
  { settings, missing, missingFiles }: ContainerSettings,
  at: FieldRef,
): Pick<Agent, 'listening' | 'detects' | 'opens' | 'missing'> {
  const found = listenersIn(mark, settings);
  const { detects, missing: undetected } = detectsOf(mark.detectsOnly, settings);
  const { detects: opens, missing: unopened } = detectsOf(mark.opens, settings);
  const evidence = [...found.missing, ...undetected, ...unopened];
  const told = { detects, opens };
  if (found.listening.length > 0)
    return { listening: withAddresses(mark, found.listening), ...told, missing: evidence };
  if (mark.defaultMode === undefined)
    return { listening: [], ...told, missing: [...evidence, ...missing, ...missingFiles] };
  const usual: Listening = { mode: mark.defaultMode, address: undefined, upstream: undefined, at };
  // Where it could be told otherwise in what is not in the input, the usual port is no more than likely.
  return { listening: withAddresses(mark, [usual]), ...told, missing: [...evidence, ...missing] };
}

function mountsOf({ spec }: Container): readonly { readonly name: string; readonly path: string }[] {
  return listAt(spec, 'volumeMounts').map((mount) => ({
    name: stringAt(mount, 'name') ?? '',
    path: stringAt(mount, 'mountPath') ?? '',
  }));
}

/** True when another container of the pod shares the volume in which a container's socket is. */
export function sharesSocket(workload: Workload, container: Container, socket: string): boolean {
  const [volume] = mountsOf(container)
    .filter(({ path }) => path !== '' && socket.startsWith(path))
    .sort((a, b) => b.path.length - a.path.length);
  if (volume === undefined) return false;
  return workload.containers.some(
    (other) =>
      other !== container && isRunning(other) && mountsOf(other).some(({ name }) => name === volume.name),
  );
}

/** The longest part of a pattern that a text must hold, in lower case. */
function partOf(pattern: string): string {
  const parts = pattern.toLowerCase().split('*');
  return parts.reduce((longest, part) => (part.length > longest.length ? part : longest), '');
}

/** Whether a text could fit one of the patterns: it holds the longest part of some. */
function mayFit(patterns: readonly string[]): (text: string) => boolean {
  const parts = [...new Set(patterns.map(partOf))].map((part) => part.replace(/[^\w]/g, '\\$&'));
  const known = new Map<string, boolean>();
  const some = new RegExp(parts.join('|'), 'i');
  return (text) => parts.length > 0 && getOrMake(known, text, () => some.test(text));
}

const marks = perContext(({ products }) => {
  const agents = products.flatMap(({ agent }) => agent ?? []);
  return {
    image: mayFit(agents.flatMap(({ images = [], servesNothing = [] }) => [...images, ...servesNothing])),
    env: mayFit(agents.flatMap(({ env = [] }) => env)),
  };
});

/** False for containers that no product can have a mark for; cheap, since there are many containers and few names. */
function mayBeEngine(context: WafContext, { image, spec }: Container): boolean {
  const { image: fitsImage, env } = marks(context);
  return fitsImage(image) || listAt(spec, 'env').some((entry) => env(stringAt(entry, 'name') ?? ''));
}

const silent = { listening: [], detects: [], opens: [], missing: [] };

function isServer({ servesNothing = [] }: AgentMark, { image }: Container): boolean {
  return !fitsSome(servesNothing, repositoryOf(image));
}

function agentOf(context: WafContext, workload: Workload, container: Container): Agent | undefined {
  const { mesh, products } = context;
  const isCandidate = isRunning(container) && mayBeEngine(context, container);
  const product = isCandidate ? productOfContainer(products, container) : undefined;
  if (product?.agent === undefined) return undefined;
  const at: FieldRef = { resource: workload.resource, path: container.path };
  const settings = containerSettings(mesh, workload, container);
  const told = isServer(product.agent, container) ? read(product.agent, settings, at) : silent;
  const detects = [
    ...told.detects,
    ...directiveModes(product.agent, workload, container),
    ...ownModes(context, product),
  ];
  const found = { ...told, detects };
  const socket = found.listening.length === 0 ? product.agent.defaultSocket : undefined;
  if (socket === undefined || !sharesSocket(workload, container, socket))
    return { product, workload, container, at, ...found };
  const address = { host: undefined, port: undefined, socket };
  const listening: readonly Listening[] = [{ mode: 'module', address, upstream: undefined, at }];
  return { product, workload, container, at, ...found, listening };
}

const kept = perContext((): Map<Workload, readonly Agent[]> => new Map());

/** The containers of a workload's pods that run a product's engine; worked out once for each workload. */
export function agentsOf(context: WafContext, workload: Workload): readonly Agent[] {
  return getOrMake(kept(context), workload, () =>
    workload.containers.flatMap((container) => agentOf(context, workload, container) ?? []),
  );
}
