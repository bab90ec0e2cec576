import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Resource } from '#documents/document.js';
import { loadDocuments } from '#documents/load.js';
import { catalogue } from '#checks';
import { buildMeshes } from '#mesh/build-meshes.js';
import { effectivePolicies } from '#policy/effective-policies.js';
import { parseYaml } from '../mesh/mesh-of.js';

const fixtures = fileURLToPath(new URL('../../fixtures/checks', import.meta.url));

/** Checks that fail on what the input holds although something outside of it may make it harmless, and why. */
const onSight: Readonly<Record<string, string>> = {
  'AUTHZ-011': 'the rule misses the pods that are in the input',
  'DR-008': 'both rules are in the input, and a third one would have to stand in a namespace of its own',
  'EXT-009': 'a merge without anchor meets filters of another type at every proxy that has any',
  'GW-014': 'the connection is let in without a certificate, whatever policies say later',
  'JWT-003': 'the rule itself names no audience',
  'WAF-004': 'a firewall is wired in the input, and nothing of it stands before this workload',
  'WAF-005': 'a firewall is wired in the input, before gateways alone',
  'WAF-006': 'a firewall is wired in the input, before workloads alone',
};

/** What a check says of each subject of resources that are a part of a cluster. */
function outcomes(id: string, resources: readonly Resource[]): ReadonlyMap<string, string> {
  const check = catalogue.find(({ meta }) => meta.id === id);
  const { meshes } = buildMeshes(resources, { scope: 'partial', parseYaml });
  const judged = meshes.flatMap((mesh) => check?.run({ mesh, policies: effectivePolicies(mesh) }) ?? []);
  return new Map(
    judged.map(({ subject, verdict }) => [
      `${subject.kind} ${subject.namespace}/${subject.name}`,
      verdict.outcome,
    ]),
  );
}

const cases = catalogue.flatMap(({ meta: { id }, family, slug }) =>
  id in onSight
    ? []
    : readdirSync(`${fixtures}/${family}/${slug}/pass`).map((name): [string, string, string] => [
        id,
        name,
        `${fixtures}/${family}/${slug}/pass/${name}`,
      ]),
);

describe('a part of what passes', () => {
  it.each(cases)('is no finding of %s: %s', async (id, _, file) => {
    const { resources } = await loadDocuments({
      paths: [],
      sources: [{ path: 'part.yaml', text: readFileSync(file, 'utf8') }],
      cwd: '/',
      read: () => true,
    });
    const whole = outcomes(id, resources);
    for (const left of resources) {
      const part = outcomes(
        id,
        resources.filter((one) => one !== left),
      );
      const alarms = [...part].filter(
        ([subject, outcome]) => outcome === 'fail' && whole.get(subject) === 'pass',
      );
      expect(alarms, `without ${left.kind} ${left.name}`).toEqual([]);
    }
  });
});
