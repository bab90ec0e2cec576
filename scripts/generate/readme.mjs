import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { loadSource } from '../load-source.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [start, end] = ['<!-- audit output, written by `npm run generate` -->', '<!-- end of audit output -->'];
const shownFindings = 3;

/** The first findings and the summary of a report: enough to show what it looks like. */
function excerpt(report) {
  const lines = report.split('\n');
  const headings = lines.flatMap((line, index) =>
    /^(CRITICAL|HIGH|MEDIUM|LOW|INFO) /.test(line) ? [index] : [],
  );
  const summary = lines.findIndex((line) => line.startsWith('Summary '));
  const cut = headings[shownFindings];
  if (cut === undefined || summary < 0) throw new Error('the report has not the shape that the README shows');
  return [...lines.slice(0, cut), '[…]', '', ...lines.slice(summary)].join('\n').trimEnd();
}

/** Puts what the README's first command prints into the README, so that it can not grow stale. */
export async function generate() {
  const [{ audit, render }] = await loadSource('src/index.ts');
  const result = await audit({ paths: ['fixtures/meshes/bookinfo/insecure'], cwd: root, scope: 'complete' });
  const shown = excerpt(await render(result, 'table'));
  const readme = await readFile(`${root}README.md`, 'utf8');
  const before = readme.slice(0, readme.indexOf(start) + start.length);
  const after = readme.slice(readme.indexOf(end));
  return [{ path: 'README.md', text: `${before}\n\n\`\`\`text\n${shown}\n\`\`\`\n\n${after}` }];
}
