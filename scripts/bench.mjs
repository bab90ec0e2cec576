import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { clusterBench, dumpBench } from './bench/dump.mjs';
import { checksBench, judgingBench, judgingDumpBench } from './bench/judging.mjs';
import { measureAll } from './bench/measure.mjs';
import { printTable } from './bench/print-table.mjs';
import { startUpBench } from './bench/start-up.mjs';

/** Each makes its inputs in the folder given and says what to run; add a file here to add a benchmark. */
const benches = { dump: dumpBench, cluster: clusterBench, judging: judgingBench, 'start-up': startUpBench };

/** Run only when they are asked for. */
const details = { checks: checksBench, 'judging-dump': judgingDumpBench };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string', default: '5' } },
});
const rounds = Number(values.rounds);
const folder = mkdtempSync(path.join(tmpdir(), 'meshaudit-bench-'));
try {
  process.stdout.write(
    `Node ${process.version}, median of ${rounds} runs, whole processes, taking turns\n\n`,
  );
  for (const name of positionals.length > 0 ? positionals : Object.keys(benches)) {
    const bench = { ...benches, ...details }[name](path.join(folder, name));
    if ('table' in bench) {
      process.stdout.write(`${bench.table(rounds)}\n`);
      continue;
    }
    const figures = measureAll(bench.commands, { rounds, usageFile: path.join(folder, 'usage.json') });
    process.stdout.write(`${printTable(bench, figures)}\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
