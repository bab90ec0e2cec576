import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { loadSource } from '../load-source.mjs';

const [{ audit }, { catalogue }] = await loadSource('src/audit.ts', 'checks/index.ts');

/** Checks that judge what a message is about; a reason where a message is not ours to repeat. */
const rules = [
  {
    code: 'IST0101',
    text: /gateway not found/,
    checks: ['REF-006', 'REF-002'],
    wrong: 'the Gateway is in the tree; a namesake or a missing namespace hid it',
  },
  {
    code: 'IST0101',
    text: /host\+subset|subset in destinationrule/i,
    checks: ['REF-009', 'REF-002'],
    wrong: 'a DestinationRule of the tree declares the subset; a namesake or a missing namespace hid it',
  },
  { code: 'IST0101', text: /selector/, checks: ['GW-006', 'REF-001', 'REF-002'] },
  { code: 'IST0101', text: /credentialName/, checks: ['GW-011', 'REF-002'] },
  { code: 'IST0101', checks: ['REF-008', 'DR-006', 'REF-002'] },
  {
    code: 'IST0106',
    text: /allowed as exportTo entry/,
    checks: ['REF-002'],
    wrong:
      'an API server takes exportTo: ["."]; without a namespace the analyzer does not know what it means',
  },
  {
    code: 'IST0106',
    checks: ['REF-002', 'REF-004'],
    wrong: 'a patch or an unrendered template, not an object that is applied',
  },
  {
    code: 'IST0109',
    checks: ['REF-015', 'REF-005'],
    wrong: 'they stand in different environments of the tree',
  },
  {
    code: 'IST0128',
    checks: ['DR-002', 'DR-003', 'DR-004', 'DR-009', 'DR-010', 'REF-002'],
    wrong: 'the CA bundle of the system verifies the chain since 1.24',
  },
  {
    code: 'IST0129',
    checks: ['DR-002', 'DR-003', 'DR-004', 'DR-009', 'DR-010', 'REF-002'],
    wrong: 'the CA bundle of the system verifies the chain since 1.24',
  },
  {
    code: 'IST0132',
    checks: ['REF-007', 'REF-006', 'REF-002'],
    wrong: 'a Gateway of that name in the tree covers the host; a namesake or a missing namespace hid it',
  },
  { code: 'IST0133', text: /exposes internal/, skip: 'says nothing of what the EnvoyFilter does' },
  { code: 'IST0133', text: /deprecated filter name/, checks: ['EXT-007', 'REF-002'] },
  {
    code: 'IST0133',
    text: /unknown field/,
    checks: ['REF-003', 'REF-002'],
    wrong: 'fields inside of typed configurations are for Envoy',
  },
  {
    code: 'IST0133',
    text: /deny all traffic to TCP/,
    checks: ['AUTHZ-005', 'GW-020', 'AUTHZ-006', 'REF-001', 'REF-002'],
    wrong: 'no TCP port is in the reach of the policy, or it is in dry run',
  },
  {
    code: 'IST0133',
    text: /selector specified without labels/,
    checks: ['AUTHZ-012', 'REF-003', 'REF-002'],
    wrong: 'an empty selector is as good as none',
  },
  { code: 'IST0133', skip: 'no protection depends on it' },
  {
    code: 'IST0151',
    checks: ['EXT-008', 'REF-002'],
    wrong: 'the anchor is a filter that istiod always generates',
  },
  { code: 'IST0153', checks: ['EXT-006', 'REF-002'] },
  { code: 'IST0154', checks: ['EXT-006', 'REF-002'], wrong: 'istiod does remove HTTP routes' },
  {
    code: 'IST0155',
    checks: ['EXT-008', 'REF-002'],
    wrong: 'the anchor is a filter that istiod always generates',
  },
  { code: 'IST0160', checks: ['REF-010', 'REF-001', 'REF-005'] },
  {
    code: 'IST0177',
    checks: ['EGR-005', 'REF-005'],
    wrong: 'they stand in different environments of the tree',
  },
  { code: 'IST0130', skip: 'no protection depends on it' },
  { code: 'IST0131', skip: 'no protection depends on it' },
  { code: 'IST0134', skip: 'no protection depends on it' },
  { code: 'IST0138', skip: 'one certificate at two gateways is no weakness' },
  { code: 'IST0176', skip: 'not about this mesh' },
];

const ruleFor = ({ code, message }) =>
  rules.find((rule) => rule.code === code && (rule.text === undefined || rule.text.test(message)));

/** Kind and name of `VirtualService shop/cart`. */
function resourceOf(text) {
  const [kind = '', name = ''] = text.split(' ');
  return { kind, name: name.split('/').at(-1) ?? '' };
}

/** The object of a message, and those that the message counts beside it. */
function objectsOf({ resource, message }) {
  const first = resourceOf(resource);
  const list = /^(?:The \w+ \[?|Multiple \w+ \()([^\])]*?)(?:[\])]| associated)/.exec(message)?.[1] ?? '';
  const names = list.split(/[\s,]+/).filter((name) => name !== '');
  return [first, ...names.map((name) => ({ kind: first.kind, name: name.split('/').at(-1) }))];
}

function concerns(wanted, subjects) {
  return subjects.some((subject) =>
    wanted.some(({ kind, name }) => subject.kind === kind && subject.name === name),
  );
}

function answer(result, tree, message, checks) {
  const wanted = objectsOf(message);
  const found = result.findings.filter(({ checkId }) => checks.includes(checkId));
  const file = `${tree}/${message.file}`;
  const isHere = ({ location, related, subjects, resource }) =>
    [location, ...related.map((one) => one.location)].some((place) => place.file === file) &&
    (concerns(wanted, subjects) || wanted.some(({ name }) => resource.endsWith(`/${name}`)));
  const same = found.some((finding) => isHere(finding) || concerns(wanted, finding.subjects));
  if (same) return 'agree';
  const undecided = result.undecided.filter(({ checkId }) => checks.includes(checkId));
  return undecided.some(({ subjects }) => concerns(wanted, subjects)) ? 'unknown' : 'otherwise';
}

function count(table, code, outcome) {
  const row = (table[code] ??= { agree: 0, unknown: 0, otherwise: 0, wrong: 0, skipped: 0 });
  row[outcome] += 1;
}

/** Options without which the family says nothing. */
export const needs = ['corpus'];

/**
 * Holds our findings against what `istioctl analyze` says of the trees of `--corpus`: the same, undecided for want of evidence,
 * or otherwise. Where it is known to be wrong a message that we do not repeat counts as agreed.
 */
export async function run(folder, { corpus }) {
  const names = (await readdir(folder))
    .filter((name) => name.endsWith('.json') && !name.includes('+'))
    .sort();
  const table = {};
  const disagree = [];
  const unknown = [];
  let agree = 0;
  for (const name of names) {
    const { tree, messages } = JSON.parse(await readFile(path.join(folder, name), 'utf8'));
    if (messages.length === 0) continue;
    const result = await audit({ paths: [tree], cwd: corpus, checks: catalogue });
    for (const message of messages) {
      const rule = ruleFor(message);
      if (rule === undefined || rule.skip !== undefined) {
        count(table, message.code, 'skipped');
        continue;
      }
      const said = answer(result, tree, message, rule.checks);
      const outcome = said === 'otherwise' && rule.wrong !== undefined ? 'wrong' : said;
      count(table, message.code, outcome);
      const line = `${message.code} ${tree}/${message.file}:${message.line} ${message.resource}: ${message.message}`;
      if (outcome === 'otherwise') disagree.push(line);
      else if (outcome === 'unknown') unknown.push(line);
      else agree += 1;
    }
  }
  console.table(table);
  return { agree, disagree, unknown };
}
