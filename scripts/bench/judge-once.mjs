import v8 from 'node:v8';

// `node scripts/bench/judge-once.mjs <folder>`: one audit of a folder, cold, as the command line runs it. Writes as JSON
// how many milliseconds of CPU (all threads) its parts take, and each check.

v8.setFlagsFromString('--interrupt-budget=1000000');
const [loading, checking, policy, waiving, { catalogue }] = await Promise.all([
  import('#load-meshes.js'),
  import('#check'),
  import('#policy/effective-policies.js'),
  import('#check/waivers/waive.js'),
  import('#checks'),
]);

function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const perCheck = {};

/** A check that notes what listing and judging its subjects takes; what it is the first to ask is on its account. */
function timed(check) {
  const run = (context) => {
    const start = cpu();
    const judged = check.run(context);
    perCheck[check.meta.id] = (perCheck[check.meta.id] ?? 0) + cpu() - start;
    return judged;
  };
  return { ...check, run };
}

const start = cpu();
const { loaded, meshes } = await loading.loadMeshes({
  paths: ['.'],
  cwd: process.argv[2],
  scope: 'complete',
});
const afterLoading = cpu();
const contexts = meshes.map((mesh) => ({ mesh, policies: policy.effectivePolicies(mesh) }));
const options = {
  locate: loaded.locate,
  waiving: waiving.createWaiving({ waivers: [], today: '2026-01-01', commentsAt: loaded.waiverComments }),
};
const { findings, checks } = checking.runChecks(catalogue.map(timed), contexts, options);
const afterJudging = cpu();
JSON.stringify({ findings, checks });
const figures = {
  checks: checks.length,
  findings: findings.length,
  verdicts: checks.reduce((sum, one) => sum + one.pass + one.fail + one.unknown + one.notApplicable, 0),
  workloads: meshes.reduce((sum, mesh) => sum + mesh.workloads.length, 0),
  loading: afterLoading - start,
  judging: afterJudging - afterLoading,
  printing: cpu() - afterJudging,
  perCheck,
};
process.stdout.write(JSON.stringify(figures));
