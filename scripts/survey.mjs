// Runs the catalogue over a folder of trees (each sub-folder one repository or dump) and tells, check by check, how many
// subjects passed, failed, stayed undecided, and in how many trees it fired; draws findings to be read by hand.
//   node scripts/survey.mjs <folder> [--profile strict] [--markdown <file>] [--draw 100 --seed 1]
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { auditTree } from './survey/audit-tree.mjs';
import { drawFindings, printDrawn } from './survey/draw.mjs';
import { printMarkdown } from './survey/markdown.mjs';
import { tallyChecks } from './survey/tally.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    profile: { type: 'string', default: 'strict' },
    markdown: { type: 'string' },
    draw: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    bin: { type: 'string' },
  },
});
const [folder] = positionals;
if (folder === undefined) {
  console.error(
    'usage: node scripts/survey.mjs <folder of trees> [--markdown <file>] [--draw <n> --seed <n>]',
  );
  process.exit(2);
}

const trees = (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isDirectory());
const audits = [];
for (const { name } of trees) {
  const audit = await auditTree(path.join(folder, name), values);
  console.error(
    `${name}: exit ${audit.exitCode}, ${audit.report?.findings.length ?? 0} findings, ${audit.seconds} s`,
  );
  audits.push({ tree: name, ...audit });
}
const failed = audits.filter(({ report }) => report === undefined);
const rows = tallyChecks(audits);
const text = printMarkdown({ audits, rows, profile: values.profile });
if (values.markdown === undefined) console.log(text);
else await writeFile(values.markdown, text);
await printDrawn(drawFindings(audits, Number(values.draw), Number(values.seed)));
for (const { tree, problem } of failed) console.error(`${tree}: no report: ${problem}`);
process.exit(failed.length === 0 ? 0 : 1);
