import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { writeLargeMesh } from './large-mesh.mjs';
import { writeCluster } from './write-cluster.mjs';

const script = fileURLToPath(new URL('./judge-once.mjs', import.meta.url));
const workloads = 10_000;
const dearest = 25;

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const ms = (value) => `${value.toFixed(0)} ms`;

function runs(folder, rounds, write = writeLargeMesh) {
  write(folder, workloads);
  return Array.from({ length: rounds }, () => {
    const child = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
    if (child.status !== 0) throw new Error(child.stderr);
    return JSON.parse(child.stdout);
  });
}

const table = (title, head, rows) =>
  [
    `### ${title}`,
    '',
    `| ${head.join(' | ')} |`,
    `|${' --- |'.repeat(head.length)}`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
  ].join('\n');

const judging = (what, write) => (folder) => ({
  table: (rounds) => {
    const all = runs(folder, rounds, write);
    const of = (figure) => median(all.map((run) => run[figure]));
    const share = median(all.map((run) => run.judging / (run.loading + run.judging + run.printing)));
    const [{ checks, findings, verdicts }] = all;
    const each = (of('judging') / verdicts) * 1000;
    return table(
      `Judging ${workloads} workloads ${what} by ${checks} checks (${verdicts} verdicts, ${findings} findings), CPU of all threads`,
      ['loading', 'judging', 'per verdict', 'report as JSON', 'judging / all'],
      [
        [
          ms(of('loading')),
          ms(of('judging')),
          `${each.toFixed(1)} µs`,
          ms(of('printing')),
          `**${(share * 100).toFixed(0)} %**`,
        ],
      ],
    );
  },
});

/** CPU of judging beside loading the same mesh, in the same process; start-up is left out. */
export const judgingBench = judging('as bare manifests', writeLargeMesh);

/** The same for the dump of a cluster, some 700 MB: takes minutes. */
export const judgingDumpBench = judging('in the dump of a cluster', writeCluster);

/** The dearest checks; what a decision takes is on the account of the check that asks for it first. */
export function checksBench(folder) {
  return {
    table: (rounds) => {
      const all = runs(folder, rounds);
      const ids = Object.keys(all[0].perCheck);
      const figures = ids.map((id) => [id, median(all.map(({ perCheck }) => perCheck[id]))]);
      const rows = figures.sort(([, a], [, b]) => b - a).slice(0, dearest);
      const title = `The dearest of ${ids.length} checks on ${workloads} workloads`;
      return table(
        title,
        ['check', 'CPU'],
        rows.map(([id, value]) => [id, ms(value)]),
      );
    },
  };
}
