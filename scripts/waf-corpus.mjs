import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { loadSource } from './load-source.mjs';

// Judges every manifest of a folder and holds the answers against its INDEX.tsv (columns class, file, …, note):
// `node scripts/waf-corpus.mjs <dir>`. Classes: POS and DOC, a product of a web application firewall is recognised; NEG, a
// look-alike that is none; TEMPLATE, skipped as a template (or recognised); ROBUST, broken: what is wrong is named. A
// mistake that the note tells has to be told as a gap too. Exit code 1 when anything disagrees.

/** Mistakes as notes tell them, by the kind of gap that they are. */
const mistakes = [
  [/2020 form|first release/i, 'inert-form'],
  [/^(?!.*2020 form).*(?:fail-open|FAIL_OPEN)(?! false)/, 'fails-open'],
  [/no with_request_body|headers only(?! \+ mode override)/, 'no-body'],
  [/out-of-band|observability/i, 'detects-only'],
  [/PerRoute disabled|routes excluded/, 'disabled-on-route'],
  [/order trap/, 'detects-only'],
];

/** Files whose text says something else than a reading of the index alone would: the answer, and why. */
const decided = [
  {
    note: /order trap/,
    holds: /SecRuleEngine On[\s\S]*Include @demo-conf(?![\s\S]*@recommended-conf)/,
    gaps: [],
    why: '@demo-conf switches the engine on again, so that it blocks',
  },
  {
    note: /Calico WAF \(dikastes\)/,
    holds: /^(?![\s\S]*(?:dikastes|waf))[\s\S]*kind: Gateway/i,
    recognised: false,
    why: 'holds the Gateway and its routes only, and nothing of the product',
  },
];

const [{ loadMeshes }, { effectivePolicies }, { audit }] = await loadSource(
  'src/load-meshes.ts',
  'src/policy/effective-policies.ts',
  'src/audit.ts',
);

/** Entries of Helm values that are containers. */
function containersIn(value, depth = 0) {
  if (depth > 20 || typeof value !== 'object' || value === null) return [];
  if (!Array.isArray(value) && typeof value.name === 'string' && typeof value.image === 'string')
    return [value];
  return Object.values(value).flatMap((member) => containersIn(member, depth + 1));
}

/** What is no Kubernetes object in the form in which a cluster holds it: Envoy's configuration, values of a chart. */
function asManifest(file, text) {
  let value;
  try {
    value = parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || 'kind' in value) return undefined;
  const metadata = { name: 'judged' };
  if ('static_resources' in value)
    return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'envoy.yaml': text } };
  const containers = containersIn(value);
  if (containers.length === 0) return undefined;
  const template = { metadata: { labels: { app: 'judged' } }, spec: { containers } };
  const spec = { selector: { matchLabels: { app: 'judged' } }, template };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec };
}

async function judge(file, text) {
  const source = { path: file, text };
  const { meshes, loaded, problems } = await loadMeshes({ sources: [source] });
  const answers = meshes.map((mesh) => {
    const { waf } = effectivePolicies(mesh);
    const decisions = [
      ...mesh.workloads.map((workload) => waf.inspection(workload)),
      ...waf.routes().map(({ inspection }) => inspection),
    ];
    const gaps = decisions.flatMap((one) => (one.known ? one.value.gaps : one.gaps));
    return {
      products: waf.presence().map(({ product }) => product.id),
      gaps: [...gaps, ...waf.idle().map(({ gap }) => gap)].map(({ kind }) => kind),
      verdicts: decisions.map((one) => (one.known ? one.value.verdict : 'unknown')),
    };
  });
  const all = (part) => [...new Set(answers.flatMap((answer) => answer[part]))].sort();
  return {
    products: all('products'),
    gaps: all('gaps'),
    verdicts: all('verdicts'),
    problems: problems.map(({ code, line }) => `${code}${line === undefined ? '' : `:${line}`}`),
    skipped: loaded.skipped.map(({ reason }) => reason),
  };
}

/** Findings that name what is broken in a file that can be read. */
async function named(file, text) {
  const { findings } = await audit({ sources: [{ path: file, text }] });
  return findings.filter(({ checkId }) => checkId.startsWith('REF-')).map(({ checkId }) => checkId);
}

async function disagreements({ kind, file, note, text }, answer) {
  const own = decided.find((one) => one.note.test(note) && one.holds.test(text));
  const recognised = answer.products.length > 0;
  switch (kind) {
    case 'NEG':
      return recognised ? [`takes it for ${answer.products.join(', ')}`] : [];
    case 'TEMPLATE':
      return recognised || answer.skipped.length > 0 ? [] : ['neither skipped nor recognised'];
    case 'ROBUST': {
      const told = [...answer.problems, ...(await named(file, text))];
      return told.length > 0 ? [] : ['names no problem'];
    }
    case 'POS':
    case 'DOC': {
      const wanted = own?.gaps ?? mistakes.filter(([told]) => told.test(note)).map(([, gap]) => gap);
      const missed = wanted.filter((gap) => !answer.gaps.includes(gap)).map((gap) => `does not tell ${gap}`);
      const expected = own?.recognised ?? true;
      return recognised === expected ? missed : [expected ? 'recognises nothing' : 'takes it for a product'];
    }
    default:
      return [`unknown class ${kind}`];
  }
}

async function main() {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error('Give one folder: node scripts/waf-corpus.mjs <dir>');
  const index = await readFile(path.join(folder, 'INDEX.tsv'), 'utf8');
  const rows = index.trim().split(/\r?\n/).slice(1);
  const total = { agree: 0, disagree: 0 };
  for (const row of rows) {
    const columns = row.split('\t');
    const entry = { kind: columns[0], file: columns[1], note: columns.at(-1) ?? '' };
    const text = await readFile(path.join(folder, entry.file), 'utf8');
    const manifest = asManifest(entry.file, text);
    const answer = await judge(entry.file, manifest === undefined ? text : JSON.stringify(manifest));
    const wrong = await disagreements({ ...entry, text }, answer);
    total[wrong.length === 0 ? 'agree' : 'disagree'] += 1;
    const said = [answer.products, answer.gaps, answer.verdicts, [...answer.problems, ...answer.skipped]];
    console.log([wrong.length === 0 ? 'agree' : 'DISAGREE', entry.kind, entry.file].join('  '));
    console.log(`    ${said.map((words) => (words.length === 0 ? '-' : words.join(', '))).join(' | ')}`);
    const own = decided.find((one) => one.note.test(entry.note) && one.holds.test(text));
    if (own !== undefined) console.log(`    decided: ${own.why}`);
    for (const line of wrong) console.log(`    ${line} (${entry.note})`);
  }
  console.log(`\n${total.agree} agree, ${total.disagree} disagree of ${rows.length}`);
  if (total.disagree > 0) process.exitCode = 1;
}

await main();
