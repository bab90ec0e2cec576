import { benchmarks } from './benchmarks.js';
import { certifications } from './certifications.js';
import type { Framework } from './framework.js';
import { istio } from './istio.js';
import { fedramp, nist80053 } from './nist-800-53.js';
import { nistMesh } from './nist-mesh.js';
import { regulations } from './regulations.js';

/** Every framework that checks refer to. */
export const frameworks: readonly Framework[] = [
  nist80053,
  fedramp,
  ...nistMesh,
  ...regulations,
  ...benchmarks,
  ...certifications,
  istio,
];

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
