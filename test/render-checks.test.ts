import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { catalogue } from '#checks';
import { requireFramework } from '#controls/select-framework.js';
import { renderCheckPage, renderChecks } from '#render-checks.js';

const options = { color: false, width: 80 };
const some = catalogue.filter(({ family }) => family === 'mtls');

describe('the list of checks', () => {
  it('is JSON as the schema says', async () => {
    const schema: unknown = JSON.parse(
      readFileSync(new URL('../schemas/checks.json', import.meta.url), 'utf8'),
    );
    const validate = new Ajv2020({ strict: true }).compile(Object(schema));
    const frameworks = [requireFramework('fedramp-r5:low'), requireFramework('hipaa')];
    for (const list of [
      { checks: catalogue, frameworks: [] },
      { checks: catalogue, frameworks },
    ]) {
      const text = await renderChecks(list, 'json', options);
      expect(validate(JSON.parse(text)) ? [] : validate.errors).toEqual([]);
    }
  });

  it('has a row for each check in Markdown, by id', async () => {
    const text = await renderChecks({ checks: [...some].reverse(), frameworks: [] }, 'markdown', options);
    const ids = Array.from(text.matchAll(/^\| (MTLS-\d+) /gm), ([, id]) => id);
    expect(ids).toEqual(some.map(({ meta }) => meta.id).sort());
  });

  it('has a row for each control of a framework', async () => {
    const hipaa = requireFramework('hipaa');
    const text = await renderChecks({ checks: catalogue, frameworks: [hipaa] }, 'markdown', options);
    for (const clause of hipaa.clauses) expect(text).toContain(`| ${clause} |`);
    expect(text).toContain('not assessable: ');
  });
});

describe('the page of a check', () => {
  it.each(catalogue.map((check) => [check.meta.id, check] as const))('%s', async (id, check) => {
    const text = await renderCheckPage(check, options);
    expect(text).toContain(`${id}  ${check.meta.title}`);
    for (const heading of ['Why it matters', 'How an attacker uses it', 'How to fix', 'When not to'])
      expect(text).toContain(`\n${heading}\n`);
    expect(text).not.toMatch(/\n## |undefined/);
    expect(text).not.toContain('\u001B');
  });
});
