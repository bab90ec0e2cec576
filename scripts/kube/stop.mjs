// Ends what start.mjs has started: node scripts/kube/stop.mjs FOLDER
import { readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { binary } from './binary.mjs';

/** True while a process runs our program: by now the number may be that of another one. */
function isOurs(pid) {
  try {
    return readlinkSync(`/proc/${pid}/exe`) === realpathSync(binary);
  } catch {
    return false;
  }
}

async function end(pid) {
  if (!isOurs(pid)) return;
  process.kill(pid, 'SIGTERM');
  for (let tries = 0; tries < 100 && isOurs(pid); tries++) await sleep(100);
  if (isOurs(pid)) process.kill(pid, 'SIGKILL');
}

const [folder = ''] = process.argv.slice(2);
const file = path.join(folder, 'pids');
// The API server first: without its store it does not end by itself.
for (const pid of readFileSync(file, 'utf8').split('\n').map(Number).reverse()) await end(pid);
rmSync(file);
