import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { audit } from '#audit.js';
import type { Judged } from '#check/define-check.js';
import type { AuditResult, CatalogueCheck } from '#check/index.js';
import { withUnlisted } from '#check/with-unlisted.js';
import { catalogue } from '#checks';
import { splitApiVersion } from '#documents/kubernetes-names.js';
import { loadDocuments } from '#documents/load.js';
import type { JsonObject } from '#documents/json.js';
import { stringAt } from '#documents/json.js';
import type { TextSource } from '#documents/read-source.js';
import { loadMeshes } from '#load-meshes.js';
import { effectivePolicies } from '#policy/effective-policies.js';
import { isReadKind } from '#schemas/kinds.js';

const root = fileURLToPath(new URL('../../fixtures/checks/', import.meta.url));

/** The first fixture of a check that is a whole mesh: one that passes, since nothing may make that fail, else one that fails. */
function fixtureOf({ family, slug }: CatalogueCheck): string | undefined {
  const texts = ['pass', 'fail'].flatMap((outcome) => {
    const folder = `${root}${family}/${slug}/${outcome}/`;
    const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.yaml')) : [];
    return names.map((name) => readFileSync(`${folder}${name}`, 'utf8'));
  });
  return texts.find((text) => !/^# (scope: partial|options:)/m.test(text));
}

/** The objects of a fixture as an API server holds them: one of a name, each with a uid. */
async function objectsOf(text: string): Promise<readonly JsonObject[]> {
  const loaded = await loadDocuments({
    paths: [],
    sources: [{ path: 'a.yaml', text }],
    cwd: '/',
    read: isReadKind,
  });
  const objects = loaded.resources.map(({ object, group, kind, namespace, name }, index) => {
    const metadata = { ...(object['metadata'] as JsonObject), uid: String(index) };
    return [JSON.stringify([group, kind, namespace, name]), { ...object, metadata }] as const;
  });
  return [...new Map(objects).values()];
}

interface Kind {
  readonly group: string;
  readonly kind: string;
}

function kindOf(object: JsonObject): Kind {
  const { group } = splitApiVersion(stringAt(object, 'apiVersion') ?? '');
  return { group, kind: stringAt(object, 'kind') ?? '' };
}

/** A cluster of which some kinds may not be listed. */
function clusterOf(objects: readonly JsonObject[], without: readonly Kind[]): TextSource {
  const isLeftOut = new Set(without.map((one) => JSON.stringify(one)));
  const items = objects.filter((object) => !isLeftOut.has(JSON.stringify(kindOf(object))));
  const unlisted = without.map((one) => ({
    ...{ ...one, resource: one.kind, reason: 'forbidden', message: 'no' },
  }));
  const snapshot = {
    apiVersion: 'meshaudit.io/v1alpha1',
    kind: 'Snapshot',
    metadata: { name: 'cluster' },
    spec: { unlisted },
  };
  const text = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [snapshot, ...items] });
  return { path: 'cluster.json', text };
}

/** What a check says of a cluster of which one kind may not be listed. */
async function judge(
  check: CatalogueCheck,
  objects: readonly JsonObject[],
  without?: Kind,
): Promise<AuditResult> {
  const sources = [clusterOf(objects, without === undefined ? [] : [without])];
  return audit({ sources, cwd: '/', checks: [check] });
}

/** What a check has failed, by name. */
function failed({ findings }: AuditResult): ReadonlySet<string> {
  return new Set(
    findings.flatMap(({ subjects, fingerprint }) =>
      subjects.length === 0
        ? [fingerprint]
        : subjects.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`),
    ),
  );
}

describe('a kind that may not be listed', () => {
  const families = [...new Set(catalogue.map(({ family }) => family))];

  it.each(families)('makes no check of %s fail what it would not fail otherwise', async (family) => {
    const wrong: string[] = [];
    let tried = 0;
    for (const check of catalogue.filter((one) => one.family === family)) {
      const objects = await objectsOf(fixtureOf(check) ?? '');
      const known = failed(await judge(check, objects));
      const kinds = new Map(objects.map((object) => [JSON.stringify(kindOf(object)), kindOf(object)]));
      for (const kind of kinds.values()) {
        const more = [...failed(await judge(check, objects, kind))].filter((subject) => !known.has(subject));
        wrong.push(...more.map((subject) => `${check.meta.id} without ${kind.kind}: ${subject}`));
        tried += 1;
      }
    }
    expect(wrong).toEqual([]);
    expect(tried).toBeGreaterThan(5);
  });

  const cart = `
apiVersion: v1
kind: List
items:
- {apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {istio-injection: enabled}}}
- apiVersion: apps/v1
  kind: Deployment
  metadata: {name: cart, namespace: shop}
  spec:
    selector: {matchLabels: {app: cart}}
    template:
      metadata: {labels: {app: cart}}
      spec: {containers: [{name: cart, image: 'cart:1', ports: [{containerPort: 8080}]}]}
`;

  async function countsOf(id: string, without?: Kind) {
    const check = catalogue.find(({ meta }) => meta.id === id);
    if (check === undefined) throw new Error(`${id} is gone`);
    const { checks, undecided } = await judge(check, await objectsOf(cart), without);
    const [{ pass, fail, unknown } = { pass: 0, fail: 0, unknown: 0 }] = checks;
    return { counts: { pass, fail, unknown }, undecided: JSON.stringify(undecided) };
  }

  it('makes the verdicts that depend on it unknown, with its name, and leaves others alone', async () => {
    const telemetry = { group: 'telemetry.istio.io', kind: 'Telemetry' };
    const failing = { pass: 0, fail: 1, unknown: 0 };
    expect((await countsOf('TEL-001')).counts).toEqual(failing);
    expect((await countsOf('MTLS-001')).counts).toEqual(failing);
    const { counts, undecided } = await countsOf('TEL-001', telemetry);
    expect(counts).toEqual({ pass: 0, fail: 0, unknown: 1 });
    expect(undecided).toContain('Telemetry.telemetry.istio.io objects, which could not be listed');
    const other = await countsOf('MTLS-001', telemetry);
    expect([other.counts, other.undecided]).toEqual([failing, '[]']);
  });

  it('makes passes unknown, too', async () => {
    const role = { group: 'security.istio.io', kind: 'PeerAuthentication' };
    expect((await countsOf('MTLS-001', role)).counts).toEqual({ pass: 0, fail: 0, unknown: 1 });
  });

  it('leaves a partial scope where the mesh is made of it', async () => {
    const { counts } = await countsOf('MTLS-001', { group: '', kind: 'ConfigMap' });
    expect(counts.fail).toBe(0);
  });

  it('is heard by a check that asks for what others have asked for before', async () => {
    const differing: string[] = [];
    for (const check of catalogue.filter((_, index) => index % 12 === 0)) {
      const objects = await objectsOf(fixtureOf(check) ?? '');
      const kinds = [...new Map(objects.map((one) => [JSON.stringify(kindOf(one)), kindOf(one)])).values()];
      for (const without of [...kinds.map((kind) => [kind]), kinds.slice(-2)]) {
        const { meshes } = await loadMeshes({ sources: [clusterOf(objects, without)], cwd: '/' });
        const said = (checks: readonly CatalogueCheck[]) =>
          withUnlisted(checks, { meshes, policiesOf: effectivePolicies }).map((one) =>
            meshes.map((mesh) => {
              const judged = one.run({ mesh, policies: effectivePolicies(mesh) });
              return judged.map(({ verdict }) => saidOf(verdict));
            }),
          );
        const alone = catalogue.flatMap((one) => said([one]));
        const together = said(catalogue);
        for (const [index, { meta }] of catalogue.entries())
          if (JSON.stringify(alone[index]) !== JSON.stringify(together[index]))
            differing.push(
              `${meta.id} on the fixture of ${check.meta.id} without ${JSON.stringify(without)}`,
            );
      }
    }
    expect(differing).toEqual([]);
  }, 120_000);
});

/** A verdict without the objects that it points at. */
function saidOf(verdict: Judged['verdict']): unknown {
  return verdict.outcome === 'unknown' ? verdict.missing : verdict.outcome;
}
