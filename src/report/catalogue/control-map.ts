import type { CatalogueCheck } from '#check/index.js';
import { controlLinks } from '#controls/links.js';
import type { Relation } from '#controls/links.js';
import type { FrameworkSelection } from '#controls/select-framework.js';

/** A control with the checks that are held against it. */
export interface MappedControl {
  /** `framework/clause`. */
  readonly id: string;
  readonly clause: string;
  readonly title: string;
  readonly checks: readonly { readonly check: CatalogueCheck; readonly relation: Relation }[];
  /** Why no manifest proves it; undefined when manifests can. */
  readonly beyondManifests: string | undefined;
}

/** A framework with the checks of each control; in the order of the framework. */
export interface ControlMap extends FrameworkSelection {
  readonly controls: readonly MappedControl[];
}

/** Which checks are held against which controls of a framework. */
export function controlMap(selection: FrameworkSelection, checks: readonly CatalogueCheck[]): ControlMap {
  const byControl = new Map<string, { readonly check: CatalogueCheck; readonly relation: Relation }[]>();
  for (const check of checks) {
    for (const { control, relation } of controlLinks(check.meta)) {
      byControl.set(control, [...(byControl.get(control) ?? []), { check, relation }]);
    }
  }
  const { framework, clauses } = selection;
  const { beyondManifests = {} } = framework;
  const controls = clauses.map((clause) => ({
    id: `${framework.id}/${clause}`,
    clause,
    title: framework.clauses[clause] ?? '',
    checks: byControl.get(`${framework.id}/${clause}`) ?? [],
    beyondManifests: Object.hasOwn(beyondManifests, clause) ? beyondManifests[clause] : undefined,
  }));
  return { ...selection, controls };
}
