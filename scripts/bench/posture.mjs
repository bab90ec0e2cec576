import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadSource } from '../load-source.mjs';
import { writeLargeMesh } from './large-mesh.mjs';

// `node scripts/bench/posture.mjs [workloads] [rounds]`: loading a generated mesh (10,000 workloads by default), the
// posture of all its workloads and the JSON and table of it, in one process. Yardstick: loading, in the same rounds.

const [loading, survey, json, table] = await loadSource(
  'src/load-meshes.ts',
  'src/posture.ts',
  'src/report/posture-json.ts',
  'src/report/posture-table.ts',
);

const count = Number(process.argv[2] ?? 10_000);
const rounds = Number(process.argv[3] ?? 5);
const folder = mkdtempSync(path.join(tmpdir(), 'meshaudit-posture-'));
writeLargeMesh(folder, count);

async function timed(work) {
  const start = performance.now();
  const value = await work();
  return { value, took: performance.now() - start };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const options = { color: false, width: 80 };
const takes = { load: [], posture: [], json: [], table: [] };
try {
  for (let round = 0; round < rounds; round += 1) {
    const load = await timed(() => loading.loadMeshes({ paths: ['.'], cwd: folder, scope: 'complete' }));
    const posture = await timed(() => survey.survey(load.value, {}));
    takes.load.push(load.took);
    takes.posture.push(posture.took);
    takes.json.push((await timed(() => json.renderPostureJson(posture.value))).took);
    takes.table.push((await timed(() => table.renderPostureTable(posture.value, options))).took);
    if (round === 0) console.log(`${posture.value.workloads.length} workloads, ${rounds} rounds, medians`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
const [load, posture, asJson, asTable] = Object.values(takes).map(median);
const ms = (value) => `${Math.round(value)} ms`;
console.log(`loading ${ms(load)}, posture ${ms(posture)}, JSON ${ms(asJson)}, table ${ms(asTable)}`);
const ratio = (...parts) => (parts.reduce((sum, part) => sum + part) / load).toFixed(2);
console.log(`posture / loading: ${ratio(posture)}, with JSON ${ratio(posture, asJson)}`);
console.log(`posture with table / loading: ${ratio(posture, asTable)} (limit 1.5)`);
