import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadMeshes } from '#load-meshes.js';
import { effectivePolicies } from '#policy/effective-policies.js';
import type { InspectionDecision } from '#policy/waf/inspection.js';
import { gapsOf } from '#policy/waf/verdict.js';

const root = fileURLToPath(new URL('../../fixtures/waf/variants/', import.meta.url));

const verdictOf = (decision: InspectionDecision): string =>
  decision.known ? decision.value.verdict : 'unknown';

/** What a file says of itself in its first lines: `# route: partly`. */
function claimed(text: string, what: string): readonly string[] {
  const [, words = 'none'] = new RegExp(`^# ${what}: (.*)$`, 'm').exec(text) ?? [];
  return words === 'none' ? [] : words.split(' ');
}

interface Told {
  readonly products: readonly string[];
  readonly route: readonly string[];
  readonly application: readonly string[];
  readonly gaps: readonly string[];
}

/** A whole mesh with one gateway, one route and one application, as it is judged. */
async function told(name: string, text: string): Promise<Told> {
  const { meshes } = await loadMeshes({ sources: [{ path: name, text }], scope: 'complete' });
  const [mesh] = meshes;
  if (mesh === undefined) throw new Error(`${name} holds no mesh`);
  const { waf } = effectivePolicies(mesh);
  const routes = waf.routes().filter(({ gateway }) => gateway !== undefined);
  const applications = mesh.workloads.filter((workload) => workload.name === 'app');
  const inspections = [
    ...routes.map(({ inspection }) => inspection),
    ...applications.map((workload) => waf.inspection(workload)),
  ];
  const gaps = [...inspections.flatMap(gapsOf), ...waf.idle().map(({ gap }) => gap)];
  return {
    products: [...new Set(waf.presence().map(({ product }) => product.id))].sort(),
    route: [...new Set(routes.map(({ inspection }) => verdictOf(inspection)))],
    application: applications.map((workload) => verdictOf(waf.inspection(workload))),
    gaps: gaps.map(({ kind }) => kind),
  };
}

describe('integrations as public examples write them, and what only looks like one', () => {
  it.each(readdirSync(root))('%s', async (name) => {
    const text = readFileSync(`${root}${name}`, 'utf8');
    const { gaps, ...rest } = await told(name, text);
    expect(rest).toEqual({
      products: [...claimed(text, 'products')].sort(),
      route: claimed(text, 'route'),
      application: claimed(text, 'application'),
    });
    expect(gaps).toEqual(expect.arrayContaining([...claimed(text, 'gaps')]));
  });
});
