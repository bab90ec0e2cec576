// Writes the table of products that docs/waf.md shows from the data they are recognised by.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { loadSource } from '../load-source.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const place = 'docs/waf.md';
const [start, end] = ['<!-- products, written by `npm run generate` -->', '<!-- end of products -->'];

const code = (text) => `\`${text.replaceAll('|', '\\|')}\``;
const codes = (patterns) => [...new Set(patterns)].map(code).join(', ');

const filterFields = {
  names: 'name',
  types: 'type',
  clusters: 'calls cluster',
  addresses: 'calls',
  moduleUrls: 'module',
  luaModules: 'requires',
  libraries: 'Go library',
};

const markOf = (mark) =>
  Object.entries(mark)
    .map(([field, patterns]) => `${filterFields[field]} ${codes(patterns)}`)
    .join(' and ');

function agentOf(agent) {
  if (agent === undefined) return [];
  const { images = [], env = [], args = [] } = agent;
  return [
    ...(images.length === 0 ? [] : [`image ${codes(images)}`]),
    ...(env.length === 0 ? [] : [`variable ${codes(env)}`]),
    ...(args.length === 0 ? [] : [`only with argument ${codes(args)}`]),
  ];
}

const places = {
  label: 'label of the pod',
  annotation: 'annotation of the pod',
  'namespace-label': 'label of the namespace',
};

const injectionOf = ({ on, name, value }) => `${places[on]} ${code(value ? `${name}: ${value}` : name)}`;

/** What must be named for the mark to count. */
function namedBy({ kind, holds } = {}) {
  return holds === undefined ? '' : ` that names a ${code(kind)} with ${code(holds)}`;
}

function frontOf({ kinds = [], annotation, field, fieldValue, refers = [] }) {
  const referred = namedBy(refers[0]);
  const held = field === undefined ? '' : ` with ${code(fieldValue ? `${field}: ${fieldValue}` : field)}`;
  const named =
    annotation && (annotation.value ? `${annotation.name}: ${annotation.value}` : annotation.name);
  return [
    ...(annotation === undefined ? [] : [`annotation ${code(named)}${referred}`]),
    ...(kinds.length === 0
      ? []
      : [`${codes(kinds.map((kind) => kind.replace(/^\//, '')))}${held}${referred}`]),
  ];
}

const listed = (texts) => texts.join('<br>');

function row({ id, name, filters = [], agent, injected = [], fronts = [] }) {
  const cells = [
    `${name}<br>${code(id)}`,
    listed(filters.map(markOf)),
    listed([...agentOf(agent), ...injected.map(injectionOf)]),
    listed([...new Set(fronts.flatMap(frontOf))]),
  ];
  return `| ${cells.join(' | ')} |`;
}

export async function generate() {
  const [{ WAF_PRODUCTS }] = await loadSource('src/policy/waf/products.ts');
  const table = [
    '| Product | Filter of a proxy | Container, or mark for its webhook | In front of the mesh |',
    '| --- | --- | --- | --- |',
    ...WAF_PRODUCTS.toSorted((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1)).map(row),
  ].join('\n');
  const page = await readFile(`${root}${place}`, 'utf8');
  const before = page.slice(0, page.indexOf(start) + start.length);
  const after = page.slice(page.indexOf(end));
  return [{ path: place, text: `${before}\n\n${table}\n\n${after}` }];
}
