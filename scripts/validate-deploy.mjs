import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { binary } from './kube/binary.mjs';
import { kubeconfig } from './kube/kubeconfig.mjs';
import { startServer } from './kube/server.mjs';

// Usage: npm run build && node scripts/validate-deploy.mjs
// Has the programs that people deploy with judge what stands under deploy/: actionlint, kustomize (or kubectl) and helm.
// What is not installed is named as skipped; with Go each can be had:
//   go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
//   go install sigs.k8s.io/kustomize/kustomize/v5@v5.7.1
//   go install helm.sh/helm/v3/cmd/helm@v3.19.2
// What they make of it is audited by ourselves: nothing may be found. Where scripts/kube/build.mjs has built an API server,
// the base is applied there, and what its containers do is done as its account.

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(path.join(os.tmpdir(), 'meshaudit-deploy-'));
const meshaudit = path.join(root, 'bin/meshaudit.js');
const chart = path.join(root, 'deploy/helm/meshaudit');
const base = path.join(root, 'deploy/kubernetes');

const run = (command, args, cwd = folder, env = process.env) =>
  spawnSync(command, args, { encoding: 'utf8', cwd, env, maxBuffer: 64e6 });
const isThere = (command, ...args) => run(command, args).status === 0;

/** The output of a program, which has to end with 0. */
function must(command, args, cwd, env) {
  const { status, stdout, stderr } = run(command, args, cwd, env);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
}

/** Audits rendered manifests with every check, as a whole cluster. */
function auditRendered(text, name) {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  must(process.execPath, [meshaudit, file, '--no-config', '--profile=strict', '--scope=complete', '--quiet']);
}

function lintWorkflows() {
  const place = path.join(root, 'deploy/github');
  const examples = readdirSync(place).filter((name) => name.endsWith('.yml'));
  must('actionlint', ['-no-color', ...examples.map((name) => path.join(place, name))]);
  const fresh = path.join(folder, 'init');
  mkdirSync(fresh);
  must(process.execPath, [meshaudit, 'init', '--yes', '--ci', 'github'], fresh);
  must('actionlint', ['-no-color', path.join(fresh, '.github/workflows/meshaudit.yml')]);
}

const build = isThere('kustomize', 'version') ? ['kustomize', 'build'] : ['kubectl', 'kustomize'];

function buildBase() {
  const [command, verb] = build;
  auditRendered(must(command, [verb, base]), 'base.yaml');
  const overlay = path.join(folder, 'overlay');
  mkdirSync(overlay);
  const relative = path.relative(overlay, base);
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [relative],
    components: [path.join(relative, 'pushgateway')],
    images: [{ name: 'meshaudit', newName: 'registry.example.com/meshaudit', newTag: '0.1.0' }],
  };
  writeFileSync(path.join(overlay, 'kustomization.yaml'), JSON.stringify(kustomization));
  const text = must(command, [verb, overlay]);
  if (text.match(/image: registry\.example\.com\/meshaudit:0\.1\.0/g)?.length !== 2)
    throw new Error('the overlay does not set the image of both containers');
  auditRendered(text, 'overlay.yaml');
}

const valueSets = [
  [],
  ['--set=reports.enabled=false'],
  [
    '--set=metrics.pushgateway=http://pushgateway.monitoring:9091',
    '--set-json=extraArgs=["--profile=strict"]',
  ],
  ['--set-string=config=failOn: high', '--set-json=tolerations=[{"operator":"Exists"}]'],
];

function renderChart() {
  must('helm', ['lint', '--strict', chart]);
  valueSets.forEach((values, index) => {
    const text = must('helm', [
      'template',
      'meshaudit',
      chart,
      '--namespace=meshaudit',
      '--kube-version=1.34.0',
      ...values,
    ]);
    auditRendered(text, `chart-${index}.yaml`);
  });
  const { status } = run('helm', [
    'template',
    'meshaudit',
    chart,
    '--kube-version=1.34.0',
    '--set=shedule=x',
  ]);
  if (status === 0) throw new Error('the chart takes a value that it does not have');
}

const workload = `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata:
      labels: { app: cart }
      annotations: { traffic.sidecar.istio.io/excludeInboundPorts: '8080' }
    spec:
      containers: [{ name: cart, image: example.com/cart:1, ports: [{ containerPort: 8080 }] }]
`;

/** What the containers of the CronJob run, in their order, with a folder of ours in place of the volume. */
function stepsOf(reports) {
  const { spec } = parse(readFileSync(path.join(base, 'cronjob.yaml'), 'utf8'));
  const pod = spec.jobTemplate.spec.template.spec;
  return [...pod.initContainers, ...pod.containers].map(({ name, command, args }) => ({
    name,
    command: command?.[0] ?? process.execPath,
    args: [...(command === undefined ? [meshaudit] : []), ...args].map((arg) =>
      arg.replaceAll('/reports', reports),
    ),
  }));
}

/** Applies the base to a real API server and does there, as its account, what a run of the CronJob does. */
async function runOnServer() {
  // The server's processes keep no event loop alive; waiting for their end does.
  const alive = setInterval(() => undefined, 1000);
  const server = await startServer({ folder: path.join(folder, 'kube') });
  try {
    const config = (name, token) => {
      const file = path.join(folder, `${name}.kubeconfig`);
      writeFileSync(file, kubeconfig(server, { token }), { mode: 0o600 });
      return { ...process.env, KUBECONFIG: file, HOME: folder };
    };
    const admin = config('admin', server.adminToken);
    const kubectl = (...args) => must('kubectl', args, folder, admin);
    writeFileSync(path.join(folder, 'workload.yaml'), workload);
    kubectl('apply', '-f', path.join(root, 'test/kube/crds'));
    kubectl('wait', '--for=condition=established', 'crd', '--all', '--timeout=60s');
    kubectl('apply', '-f', path.join(folder, 'workload.yaml'));
    kubectl('apply', '--validate=strict', '-k', base);
    const account = config('account', kubectl('create', 'token', 'meshaudit', '-n', 'meshaudit').trim());
    requireRights(account);
    const reports = path.join(folder, 'reports');
    mkdirSync(reports);
    const namesOf = () => kubectl('get', 'policyreports', '-A', '-o', 'name', '--ignore-not-found');
    for (const { command, args } of stepsOf(reports)) must(command, args, folder, account);
    const found = kubectl(
      'get',
      'policyreport',
      'meshaudit',
      '-n',
      'shop',
      '-o',
      'jsonpath={.results[*].policy}',
    );
    if (!found.includes('CAP-001')) throw new Error(`the report of namespace shop holds ${found}`);
    kubectl('delete', 'deployment', 'cart', '-n', 'shop');
    const before = namesOf();
    for (const { command, args } of stepsOf(reports)) must(command, args, folder, account);
    const left = run('kubectl', ['get', 'policyreport', '-n', 'shop', '-o', 'yaml'], folder, admin).stdout;
    if (before === '' || left.includes('CAP-001'))
      throw new Error('a finding of an earlier run is still reported');
  } finally {
    await server.stop();
    clearInterval(alive);
  }
}

function requireRights(account) {
  const can = (...question) =>
    run('kubectl', ['auth', 'can-i', ...question, '-A'], folder, account).stdout.trim();
  const wanted = {
    yes: ['list pods', 'list networkpolicies.networking.k8s.io', 'delete policyreports.wgpolicyk8s.io'],
    no: ['list secrets', 'get pods', 'watch pods', 'create pods', 'delete deployments.apps', 'get secrets'],
  };
  for (const [answer, questions] of Object.entries(wanted)) {
    const wrong = questions.filter((question) => can(...question.split(' ')) !== answer);
    if (wrong.length > 0)
      throw new Error(`the account may ${answer === 'no' ? '' : 'not '}${wrong.join(', ')}`);
  }
}

const judges = [
  { name: 'workflows by actionlint', there: () => isThere('actionlint', '-version'), judge: lintWorkflows },
  {
    name: `kustomize base by ${build[0]}`,
    there: () => isThere(build[0], ...(build[0] === 'kubectl' ? ['version', '--client'] : ['version'])),
    judge: buildBase,
  },
  { name: 'chart by helm', there: () => isThere('helm', 'version'), judge: renderChart },
  {
    name: 'a run of the CronJob on an API server',
    there: () => existsSync(binary) && isThere('kubectl', 'version', '--client'),
    judge: runOnServer,
  },
];

try {
  for (const { name, there, judge } of judges) {
    if (!there()) console.log(`skipped  ${name}: the program is not installed`);
    else {
      try {
        await judge();
        console.log(`passed   ${name}`);
      } catch (error) {
        process.exitCode = 1;
        console.log(`failed   ${name}\n${error.message}`);
      }
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
