import type { Framework } from './framework.js';
import { industry } from './industry.js';
import { istio } from './istio.js';
import { nist } from './nist.js';

/** Every framework that checks refer to. */
export const frameworks: readonly Framework[] = [...nist, ...industry, istio];

/** One clause of a framework. */
export interface Control {
  /** `framework/clause`. */
  readonly id: string;
  readonly framework: Framework;
  readonly clause: string;
  readonly title: string;
}

const controls: ReadonlyMap<string, Control> = new Map(
  frameworks.flatMap((framework) =>
    Object.entries(framework.clauses).map(([clause, title]) => {
      const id = `${framework.id}/${clause}`;
      return [id, { id, framework, clause, title }] as const;
    }),
  ),
);

/** The control of an id `framework/clause`; undefined when no framework has it. */
export function controlOf(id: string): Control | undefined {
  return controls.get(id);
}
