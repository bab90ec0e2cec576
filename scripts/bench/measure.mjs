import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const preload = fileURLToPath(new URL('./report-usage.cjs', import.meta.url));

/** Runs a Node process once; seconds of wall clock and CPU, and peak memory in MiB. Throws when it fails to do its work. */
export function runOnce(args, usageFile) {
  const started = process.hrtime.bigint();
  const child = spawnSync(process.execPath, ['--require', preload, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, BENCH_USAGE: usageFile },
  });
  const wall = Number(process.hrtime.bigint() - started) / 1e9;
  if (child.status !== 0 && child.status !== 1) throw new Error(`${args.join(' ')}: ${String(child.stderr)}`);
  return { wall, ...JSON.parse(readFileSync(usageFile, 'utf8')) };
}

/** The median of each figure over several rounds; the commands take turns, so that a busy moment hits all alike. */
export function measureAll(commands, { rounds, usageFile }) {
  const runs = new Map(commands.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, args } of commands) runs.get(name).push(runOnce(args, usageFile));
  }
  return new Map([...runs].map(([name, all]) => [name, medians(all)]));
}

function medians(runs) {
  const median = (figure) => runs.map((run) => run[figure]).sort((a, b) => a - b)[runs.length >> 1];
  return { wall: median('wall'), cpu: median('cpu'), rss: median('rss') };
}
