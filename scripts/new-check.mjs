// Makes the files of a new check: `node scripts/new-check.mjs <family> <slug>`.
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSource } from './load-source.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [family = '', slug = ''] = process.argv.slice(2);
const place = `${family}/${slug}`;

const [{ families }] = await loadSource('src/check/families.ts');
if (!Object.hasOwn(families, family) || !/^[a-z][a-z0-9-]*$/.test(slug)) {
  console.error(
    `Usage: node scripts/new-check.mjs <family> <slug>\nFamilies: ${Object.keys(families).join(', ')}`,
  );
  process.exit(2);
}

/** The number after the highest one in use; those in checks/retired.json are in use for ever. */
async function nextId() {
  const { prefix } = families[family];
  const folder = path.join(root, 'checks', family);
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.ts'));
  const texts = await Promise.all(names.map((name) => readFile(path.join(folder, name), 'utf8')));
  const used = texts.map((text) => Number(new RegExp(`id: '${prefix}-(\\d{3})'`).exec(text)?.[1] ?? 0));
  const retired = JSON.parse(await readFile(path.join(root, 'checks/retired.json'), 'utf8'))
    .filter((id) => id.startsWith(`${prefix}-`))
    .map((id) => Number(id.slice(prefix.length + 1)));
  return `${prefix}-${String(Math.max(0, ...used, ...retired) + 1).padStart(3, '0')}`;
}

const id = await nextId();

const check = `import { defineCheck, fail, pass, resources } from '#check';

export default defineCheck({
  meta: {
    id: '${id}',
    title: 'TITLE',
    severity: 'medium',
    confidence: 'high',
    examines: 'SUBJECTS',
    messages: {
      wrong: '{resource} …',
    },
    remediation: 'Set … of {resource} to ….',
    controls: [],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (resource) =>
    resource.name === ''
      ? pass
      : fail({ message: 'wrong', at: { resource, path: ['spec'] }, data: { resource: resource.name } }),
});
`;

const prose = `## Why it matters

## How an attacker uses it

## How to fix

\`\`\`yaml
\`\`\`

## When not to
`;

const fixture = (mark) => `apiVersion: v1
kind: Namespace
metadata:
  name: bookinfo${mark}
`;

const files = {
  [`checks/${place}.ts`]: check,
  [`checks/${place}.md`]: prose,
  [`fixtures/checks/${place}/fail/plain.yaml`]: fixture(` # expect: ${id}`),
  [`fixtures/checks/${place}/pass/plain.yaml`]: fixture(''),
  [`fixtures/checks/${place}/unknown/plain.yaml`]: `# scope: partial\n${fixture('')}`,
};

for (const [name, text] of Object.entries(files)) {
  const file = path.join(root, name);
  const exists = await access(file).then(
    () => true,
    () => false,
  );
  if (exists) {
    console.error(`${name} exists; nothing was overwritten.`);
    continue;
  }
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
  console.log(name);
}
console.log('Then: npm run generate; npx vitest run test/catalogue.test.ts');
