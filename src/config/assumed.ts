import type { Assume } from './generated/config-types.js';

/** A text that stands for a file. */
export interface AssumedSource {
  readonly path: string;
  readonly text: string;
  /** What it makes the mesh believe, a sentence each. */
  readonly says: readonly string[];
}

/** Objects that say what a config assumes, as a cluster would hold them; none without assumptions. */
export function assumedSource(assume: Assume | undefined, file: string): AssumedSource | undefined {
  if (assume === undefined) return undefined;
  const { meshConfig, rootNamespace = 'istio-system', namespaces = {} } = assume;
  const items = [
    ...(meshConfig === undefined
      ? []
      : [
          {
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: 'istio', namespace: rootNamespace },
            data: { mesh: JSON.stringify({ rootNamespace, ...meshConfig }) },
          },
        ]),
    ...Object.entries(namespaces).map(([name, labels]) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels },
    })),
  ];
  const says = [
    ...(meshConfig === undefined ? [] : [`The mesh config is the one that ${file} gives.`]),
    ...Object.keys(namespaces).map((name) => `Namespace ${name} has the labels that ${file} gives.`),
  ];
  return { path: `${file} (assume)`, says, text: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) };
}
