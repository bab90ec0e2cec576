import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../bin/meshaudit.js', import.meta.url));

function run(program, args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const out = [];
    const err = [];
    child.stdout.on('data', (chunk) => out.push(chunk));
    child.stderr.on('data', (chunk) => err.push(chunk));
    child.on('close', (code, signal) =>
      resolve({ code, signal, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }),
    );
  });
}

/** The JSON report of one tree; without one the problem that the command told. */
export async function auditTree(folder, { bin = command, profile }) {
  const start = performance.now();
  const ended = await run(bin, ['audit', folder, '--profile', profile, '-f', 'json', '--no-progress']);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  try {
    return { report: JSON.parse(ended.out), exitCode: ended.code, seconds };
  } catch {
    const problem = `${ended.signal ?? `exit ${ended.code}`}: ${ended.err.slice(0, 300)}`;
    return { report: undefined, exitCode: ended.code, seconds, problem };
  }
}
