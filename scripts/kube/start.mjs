// Starts an API server for trying things out; it keeps running: node scripts/kube/start.mjs FOLDER
// Writes FOLDER/admin.kubeconfig; ended by: node scripts/kube/stop.mjs FOLDER
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { kubeconfig } from './kubeconfig.mjs';
import { startServer } from './server.mjs';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: node scripts/kube/start.mjs FOLDER');
  process.exit(2);
}
const server = await startServer({ folder: path.resolve(folder) });
writeFileSync(path.join(folder, 'pids'), server.pids.join('\n'));
const file = path.join(folder, 'admin.kubeconfig');
writeFileSync(file, kubeconfig(server, { token: server.adminToken }), { mode: 0o600 });
console.log(`${server.url} is ready; kubeconfig: ${file}`);
process.exit(0);
