import type { FieldRef, Resource } from '#documents/document.js';
import { listAt } from '#documents/json.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Container, Mesh } from '#mesh/mesh.js';
import { fitsSome } from '#policy/waf/glob.js';
import type { InspectionGap } from '#policy/waf/inspection.js';
import type { FrontMark, WafProduct } from '#policy/waf/product.js';
import { repositoryOf } from '#policy/waf/recognise.js';
import type { Engine } from '#policy/waf/verdict.js';
import { annotationHit, objectHit, opensAt, stanceOf } from './front-marks.js';
import type { FrontHit } from './front-marks.js';
import { detectsOnly, failsOpen, frontGap } from './front-gaps.js';
import { frontRuleGaps } from './front-rules.js';
import { referredFrom } from './references.js';

/** Something that the manifests tell to inspect in front of the mesh's proxies. */
export interface Front {
  readonly product: WafProduct;
  readonly mark: FrontMark;
  readonly resource: Resource;
  readonly hit: FrontHit;
  readonly engine: Engine;
}

/** A mark with the product that it is of. */
export interface Marked {
  readonly product: WafProduct;
  readonly mark: FrontMark;
}

/** Whether what an object refers to is there and counts; what is not in the input counts by a telling name. */
function refersRightly(mesh: Mesh, { refers = [], fieldValue }: FrontMark, resource: Resource): boolean {
  const [first] = refers;
  if (first?.holds === undefined) return true;
  const { counts, unfound } = referredFrom(mesh, resource, [first]);
  return counts || (fieldValue !== undefined && unfound.some((name) => fitsSome([fieldValue], name)));
}

/** The objects that tell a front's mode or hold its rules; undefined: they are not all in the input. */
function tellersOf(mesh: Mesh, { refers }: FrontMark, resource: Resource): readonly Resource[] | undefined {
  if (refers === undefined) return [resource];
  const { ends, whole } = referredFrom(mesh, resource, refers);
  return whole || ends.length > 0 ? ends : undefined;
}

function modeGaps(mesh: Mesh, { product, mark }: Marked, hit: FrontHit): readonly InspectionGap[] {
  const tellers = tellersOf(mesh, mark, hit.at.resource) ?? [];
  const stances = tellers.map((teller) => stanceOf(mark, teller));
  const detecting = stances.filter(({ stance }) => stance === 'detects');
  const reach = detecting.length === stances.length ? 'all' : 'some';
  return detecting.map(({ at, value }) => {
    const how = at === undefined ? 'nothing tells it to block' : `${String(at.path.at(-1))} is ${value}`;
    return { ...detectsOnly(mesh, product, at ?? hit.at, how), reach };
  });
}

function ruleGapsOf(mesh: Mesh, { product, mark }: Marked, { at }: FrontHit): readonly InspectionGap[] {
  if (mark.rules === undefined) return [];
  const { resource } = at;
  const isWhole = mark.refers === undefined || referredFrom(mesh, resource, mark.refers).whole;
  const holders = isWhole ? (tellersOf(mesh, mark, resource) ?? []) : [];
  return frontRuleGaps(mesh, product, { rules: mark.rules, holders, at });
}

function settingGaps(
  mesh: Mesh,
  { product, mark }: Marked,
  { at, value }: FrontHit,
): readonly InspectionGap[] {
  const { inert, leavesOut } = mark;
  const isInert = inert !== undefined && fitsSome(inert.values, value);
  return [
    ...(isInert
      ? [frontGap(mesh, product, { kind: 'inert-form', at, note: inert.how, data: { how: inert.how } })]
      : []),
    ...(leavesOut === undefined
      ? []
      : [
          frontGap(mesh, product, {
            kind: 'requests-left-out',
            at,
            note: `it leaves out ${leavesOut}`,
            data: { what: leavesOut },
            reach: 'some',
          }),
        ]),
  ];
}

type Unmanaged = NonNullable<FrontMark['unmanaged']>;

function tells({ images, args }: Unmanaged, { image, spec }: Container): boolean {
  if (!fitsSome(images, repositoryOf(image))) return false;
  return listAt(spec, 'args').some((arg) => typeof arg === 'string' && fitsSome(args, arg));
}

const answers = new WeakMap<Mesh, Map<Unmanaged, boolean>>();

/** True where a container of the controller has an argument by which it leaves the front alone; looked for once a mesh. */
function isUnmanaged(mesh: Mesh, { unmanaged }: FrontMark): boolean {
  if (unmanaged === undefined) return false;
  const known = getOrMake(answers, mesh, () => new Map<Unmanaged, boolean>());
  return getOrMake(known, unmanaged, () =>
    mesh.workloads.some(({ containers }) => containers.some((one) => tells(unmanaged, one))),
  );
}

function makeFront(mesh: Mesh, marked: Marked, hit: FrontHit): Front {
  const { product, mark } = marked;
  const { resource } = hit.at;
  const gaps = [
    ...modeGaps(mesh, marked, hit),
    ...ruleGapsOf(mesh, marked, hit),
    ...settingGaps(mesh, marked, hit),
    ...[...new Set([resource, ...(tellersOf(mesh, mark, resource) ?? [])])]
      .flatMap((teller) => opensAt(mark, teller))
      .map((each) => failsOpen(mesh, product, each)),
  ];
  const by: readonly FieldRef[] = [hit.at];
  const missing = isUnmanaged(mesh, mark) ? [{ key: 'front', text: mark.unmanaged?.text ?? '' }] : [];
  const engine: Engine = { product: product.id, by, gaps, missing };
  return { product, mark, resource, hit, engine };
}

/** The front that an object is by its annotations; undefined: none. */
export function frontByAnnotation(mesh: Mesh, marked: Marked, resource: Resource): Front | undefined {
  const hit = annotationHit(marked.mark, resource);
  if (hit === undefined || !refersRightly(mesh, marked.mark, resource)) return undefined;
  return makeFront(mesh, marked, hit);
}

/** The front that an object is by its kind and fields; undefined: none. */
export function frontByKind(mesh: Mesh, marked: Marked, resource: Resource): Front | undefined {
  const { mark } = marked;
  const { kinds, field, fieldValue } = mark;
  // The value of a mark with references is for what these name, where the input does not hold that.
  const asked = mark.refers?.[0]?.holds === undefined ? fieldValue : undefined;
  const told = { kinds, field, fieldValue: asked };
  const hit = objectHit(given(told), resource);
  if (hit === undefined || !refersRightly(mesh, mark, resource)) return undefined;
  return makeFront(mesh, marked, hit);
}

/** A mark without the parts that are undefined. */
function given(parts: { readonly [K in keyof FrontMark]?: FrontMark[K] | undefined }): FrontMark {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}
