import type { FieldRef, Resource } from '#documents/document.js';
import { isArray } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import type { InspectionGap } from '#policy/waf/inspection.js';
import type { FrontRules, WafProduct } from '#policy/waf/product.js';
import { readRules } from '#policy/waf/seclang.js';
import type { RuleSet } from '#policy/waf/seclang.js';
import { isSet, valuesAt } from './front-marks.js';
import { detectsOnly, frontGap } from './front-gaps.js';

interface Text {
  readonly text: string;
  readonly at: FieldRef;
}

const longest = 1_048_576;

function textsAt(resource: Resource, path: string): readonly Text[] {
  return valuesAt(resource, path).flatMap(({ value, path: at }): readonly Text[] => {
    const list = isArray(value) ? value : [value];
    return list.flatMap((text, index) =>
      typeof text === 'string' && text.length <= longest
        ? [{ text, at: { resource, path: isArray(value) ? [...at, index] : at } }]
        : [],
    );
  });
}

/** The place of the text that decided something; without one that of the front. */
function placeOf(texts: readonly (Text | undefined)[], line: number | undefined): FieldRef | undefined {
  return line === undefined ? undefined : texts[line]?.at;
}

interface Judged {
  readonly mesh: Mesh;
  readonly product: WafProduct;
  readonly rules: RuleSet;
  readonly at: FieldRef;
  /** Where no directive decides. */
  readonly whole: FieldRef;
}

function weakness({ mesh, product, rules, at, whole }: Judged): InspectionGap | undefined {
  const told = rules.engineLine !== undefined;
  if (rules.engine === 'Off') {
    const how = told ? 'SecRuleEngine is Off' : 'no directive sets SecRuleEngine, which is Off without one';
    return frontGap(mesh, product, { kind: 'disabled', at, note: how, data: { how } });
  }
  if (!rules.hasRules) {
    const how = 'its directives hold no rule';
    return frontGap(mesh, product, { kind: 'no-rules', at: whole, note: how, data: { how } });
  }
  if (rules.engine === 'DetectionOnly')
    return detectsOnly(mesh, product, at, 'SecRuleEngine is DetectionOnly');
  return rules.canBlock ? undefined : detectsOnly(mesh, product, whole, 'none of its rules blocks');
}

/** How the directives of a front make it fall short; none where it holds none, or where they are not all in the input. */
export function frontRuleGaps(
  mesh: Mesh,
  product: WafProduct,
  {
    rules,
    holders,
    at,
  }: { readonly rules: FrontRules; readonly holders: readonly Resource[]; readonly at: FieldRef },
): readonly InspectionGap[] {
  const core = (rules.core ?? []).flatMap(({ field, directives }) =>
    holders.some((holder) => isSet(holder, field)) ? directives : [],
  );
  const written = holders.flatMap((holder) => rules.fields.flatMap((path) => textsAt(holder, path)));
  if (core.length + written.length === 0) return [];
  // What a product brings itself comes first: directives of one's own win over it.
  const base = [`SecRuleEngine ${rules.engine}`, ...core];
  const texts = [...base.map(() => undefined), ...written];
  const read = readRules([...base, ...written.map(({ text }) => text)]);
  const found = placeOf(texts, read.engineLine);
  const told = { ...read, engineLine: found === undefined ? undefined : read.engineLine };
  const weak = weakness({ mesh, product, rules: told, at: found ?? written[0]?.at ?? at, whole: at });
  if (weak !== undefined && weak.kind !== 'detects-only') return [weak];
  const note = 'SecRequestBodyAccess is not On';
  const body = frontGap(mesh, product, {
    kind: 'no-body',
    at: placeOf(texts, read.bodyLine) ?? at,
    note,
    data: { field: 'SecRequestBodyAccess' },
    reach: 'some',
  });
  return [...(weak === undefined ? [] : [weak]), ...(read.readsBody ? [] : [body])];
}
