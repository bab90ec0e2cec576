import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// Usage: node scripts/startup.mjs [runs]
// Start-up of `meshaudit --help` against bare `node -e 0`, whole processes in turn, medians; fails above the limit.

const limit = 1.6;
const runs = Number(process.argv[2] ?? 25);
const bin = fileURLToPath(new URL('../bin/meshaudit.js', import.meta.url));

function milliseconds(args) {
  const start = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
  return performance.now() - start;
}

function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

const [bare, help] = [[], []];
for (let run = 0; run < runs; run++) {
  bare.push(milliseconds(['-e', '0']));
  help.push(milliseconds([bin, '--help']));
}
const ratio = median(help) / median(bare);
console.log(
  `node -e 0: ${median(bare).toFixed(1)} ms, meshaudit --help: ${median(help).toFixed(1)} ms, ratio ${ratio.toFixed(2)} (limit ${limit}, ${runs} runs)`,
);
process.exitCode = ratio <= limit ? 0 : 1;
