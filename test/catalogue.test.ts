import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { audit } from '#audit.js';
import type { AuditResult, CatalogueCheck } from '#check';
import { families } from '#check';
import { withOptions } from '#check/with-options.js';
import { catalogue } from '#checks';
import { controlOf } from '#controls/controls.js';
import { marksOf } from './marks.js';
import { recorded } from './recorder.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Ids of checks that are gone: never given to another one. */
const retired = JSON.parse(readFileSync(`${root}checks/retired.json`, 'utf8')) as readonly string[];

type Kind = 'fail' | 'pass' | 'unknown';

interface Fixture {
  readonly name: string;
  readonly text: string;
}

const folderOf = ({ family, slug }: CatalogueCheck, kind: Kind): string =>
  `${root}fixtures/checks/${family}/${slug}/${kind}`;

function fixturesOf(check: CatalogueCheck, kind: Kind): readonly Fixture[] {
  const folder = folderOf(check, kind);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => ({ name, text: readFileSync(`${folder}/${name}`, 'utf8') }));
}

/** Options that a fixture asks for in its first lines: `# options: {"minVersion": "1.3"}`. */
function optionsOf(text: string): Readonly<Record<string, unknown>> {
  const written = /^(?:# scope: \w+\n)?# options: (.*)$/m.exec(text)?.[1];
  return written === undefined ? {} : (JSON.parse(written) as Readonly<Record<string, unknown>>);
}

/** What each check has read in its fixtures. */
const reads = new Map<string, Set<string>>();

async function run(given: CatalogueCheck, { name, text }: Fixture): Promise<AuditResult> {
  const read = reads.get(given.meta.id) ?? new Set();
  reads.set(given.meta.id, read);
  const check = recorded(withOptions(given, optionsOf(text)), read);
  const scope = text.startsWith('# scope: partial\n') ? 'partial' : 'complete';
  const result = await audit({ sources: [{ path: name, text }], scope, checks: [check] });
  expect(result.inputs.problems.filter(({ fatal }) => fatal)).toEqual([]);
  return result;
}

const sourceOf = ({ family, slug }: CatalogueCheck): string =>
  readFileSync(`${root}checks/${family}/${slug}.ts`, 'utf8');

/** Checks that can be undecided say so in their source. */
const mayBeUnknown = (check: CatalogueCheck): boolean =>
  /\b(?:unknown\(|whenKnown\(|whenEnrolled\(|whetherEnrolledOrNot\(|whenRedirected\(|judgeReachedPorts\(|judgeMemberGrants\(|judgeAtProxies\(|noMeshConfig[,;]|evidence: \[)/.test(
    sourceOf(check),
  );

const headings = ['Why it matters', 'How an attacker uses it', 'How to fix', 'When not to'];

describe('the catalogue', () => {
  it('gives every check an id of its own', () => {
    const ids = catalogue.map(({ meta }) => meta.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => retired.includes(id))).toEqual([]);
    expect(new Set(retired).size).toBe(retired.length);
  });

  it('holds every check of the tree and no fixture without check', () => {
    const places = catalogue.map(({ family, slug }) => `${family}/${slug}`);
    const list = (folder: string, suffix: string): readonly string[] =>
      readdirSync(`${root}${folder}`, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .flatMap(({ name }) => readdirSync(`${root}${folder}/${name}`).map((file) => `${name}/${file}`))
        .filter((file) => file.endsWith(suffix))
        .map((file) => file.slice(0, file.length - suffix.length));
    expect(list('checks', '.ts').toSorted()).toEqual(places.toSorted());
    expect(list('checks', '.md').toSorted()).toEqual(places.toSorted());
    expect(list('fixtures/checks', '').toSorted()).toEqual(places.toSorted());
  });
});

describe.each(catalogue.map((check) => [check.meta.id, check] as const))('%s', (id, check) => {
  it('is described in full', () => {
    const { meta, family } = check;
    expect(id).toMatch(new RegExp(`^${families[family].prefix}-\\d{3}$`));
    expect(meta.title).toMatch(/^[A-Z].*[^.]$/);
    expect(meta.examines).toMatch(/^[A-Za-z].*[^.]$/);
    expect(meta.controls.filter((control) => controlOf(control) === undefined)).toEqual([]);
    expect(meta.controls.length).toBeGreaterThan(0);
    for (const text of [...Object.values(meta.messages), meta.remediation]) expect(text).toMatch(/\.$/);
  });

  it('has a page of prose with a manifest that mends it', () => {
    const prose = readFileSync(`${root}checks/${check.family}/${check.slug}.md`, 'utf8');
    expect(Array.from(prose.matchAll(/^## (.+)$/gm), ([, heading]) => heading)).toEqual(headings);
    expect(prose).toMatch(/^## How to fix\n[^]*?^```yaml\n[^]*?^## When not to/m);
  });

  it('has fixtures for every value it can take', () => {
    expect(fixturesOf(check, 'fail').length).toBeGreaterThan(0);
    expect(fixturesOf(check, 'pass').length).toBeGreaterThan(0);
    expect(fixturesOf(check, 'unknown').length > 0).toBe(mayBeUnknown(check));
  });

  it('says each of its messages in some fixture', async () => {
    const results = await Promise.all(fixturesOf(check, 'fail').map((fixture) => run(check, fixture)));
    const said = new Set(results.flatMap(({ findings }) => findings.map(({ messageKey }) => messageKey)));
    expect([...said].sort()).toEqual(Object.keys(check.meta.messages).sort());
    for (const { message, remediation } of results.flatMap(({ findings }) => findings))
      expect(`${message} ${remediation}`).not.toMatch(/\{[a-z]\w*\}|undefined|\[object/);
  });

  it.each(fixturesOf(check, 'fail').map((fixture) => [fixture.name, fixture] as const))(
    'fails where marked: %s',
    async (_, fixture) => {
      const { findings } = await run(check, fixture);
      const found = findings.map(({ location, checkId }) => `${String(location.line)} ${checkId}`);
      const marks = marksOf(fixture.text).filter((mark) => mark.id === id);
      expect([...new Set(found)]).toEqual(marks.map(({ line }) => `${String(line)} ${id}`));
    },
  );

  it.each(fixturesOf(check, 'pass').map((fixture) => [fixture.name, fixture] as const))(
    'passes, having examined something: %s',
    async (_, fixture) => {
      const { findings, checks } = await run(check, fixture);
      expect(findings).toEqual([]);
      expect(checks[0]?.pass).toBeGreaterThan(0);
      expect(checks[0]?.unknown).toBe(0);
    },
  );

  it('reads what its page says it reads', async () => {
    const all = (['fail', 'pass', 'unknown'] as const).flatMap((kind) => fixturesOf(check, kind));
    for (const fixture of all) await run(check, fixture);
    const page = readFileSync(`${root}docs/checks/${check.family}-${check.slug}.md`, 'utf8');
    const [, row = ''] = /^\| reads +\| (.*?) *\|$/m.exec(page) ?? [];
    const [things = '', decisions = ''] = row.split(/(?:^|, )decisions /);
    const declared = [
      ...things.split(', ').filter((name) => name !== ''),
      ...Array.from(decisions.matchAll(/`(\w+)`/g), ([, name]) => `${String(name)}()`),
    ];
    expect([...(reads.get(id) ?? [])].toSorted()).toEqual(declared.toSorted());
  });

  it.each(fixturesOf(check, 'unknown').map((fixture) => [fixture.name, fixture] as const))(
    'says what is missing: %s',
    async (_, fixture) => {
      const { findings, undecided } = await run(check, fixture);
      expect(findings).toEqual([]);
      expect(undecided.length).toBeGreaterThan(0);
      expect(undecided.every(({ missing }) => missing.length > 0)).toBe(true);
    },
  );
});
