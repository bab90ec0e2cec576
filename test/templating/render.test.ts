import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { findOnPath } from '#templating/find-tool.js';
import { runInMemory } from '../cli/run-in-memory.js';
import { fakeTool } from '../inputs/fake-tool.js';

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'meshaudit-')));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
cpSync(fileURLToPath(new URL('../../fixtures/inputs', import.meta.url)), folder, { recursive: true });
const recorded = (name: string): string => readFileSync(path.join(folder, name), 'utf8');

interface Report {
  readonly findings: readonly {
    readonly checkId: string;
    readonly location: { readonly file: string; readonly line: number; readonly column: number };
    readonly resource: string;
    readonly environments: readonly string[];
  }[];
}

/** `CHECK resource file:line:column` of each finding of two checks. */
async function places(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const checks = ['--select', 'MTLS-001,CAP-001', '--format', 'json', '--fail-on', 'never', '--no-config'];
  const { stdout, stderr } = await runInMemory([...argv, ...checks], { cwd: folder, env });
  if (stdout === '') throw new Error(stderr);
  return (JSON.parse(stdout) as Report).findings.map(
    ({ checkId, resource, location: { file, line, column } }) =>
      `${checkId} ${resource} ${file}:${String(line)}:${String(column)}`,
  );
}

/** Prints what kustomize printed once; origins relative to what is built, as kustomize tells them. */
const kustomize = fakeTool(
  folder,
  'kustomize',
  `const file = path.join(args.at(-1), 'kustomization.yaml');
  const text = fs.readFileSync(file, 'utf8');
  const built = ${JSON.stringify(recorded('kustomize/built.yaml'))};
  const base = text.includes('originAnnotations') ? JSON.parse(text).resources[0] : undefined;
  out = base === undefined
    ? built.replace(/^ {4}config.*\\n(?: {6}.*\\n)+/gm, '').replace(/^ {2}annotations:\\n(?! {4})/gm, '')
    : built.replace(/(path|configuredIn): /g, (found) => found + base + '/');`,
);
const helm = fakeTool(folder, 'helm', `out = ${JSON.stringify(recorded('helm/shop.rendered.yaml'))};`);
const onPath = (...folders: readonly string[]): Record<string, string> => ({
  PATH: folders.join(path.delimiter),
});
const overlay = ['--kustomize', 'kustomize/overlays/prod'];
const inFiles = [
  'CAP-001 Deployment shop/prod-cart kustomize/base/cart.yaml:22:9',
  'MTLS-001 PeerAuthentication shop/prod-shop kustomize/overlays/prod/plaintext.yaml:9:5',
];

describe('--kustomize', () => {
  it('points at the base, and at the patch that writes a field', async () => {
    expect(await places(overlay, onPath(kustomize.bin))).toEqual(inFiles);
    const [call = []] = kustomize.calls();
    expect(call).toEqual(['build', expect.stringContaining('meshaudit-kustomize-')]);
  });

  it('does so by kind and name where the tool tells no origins', async () => {
    const { bin, calls } = fakeTool(
      path.join(folder, 'old'),
      'kubectl',
      `const text = fs.readFileSync(path.join(args.at(-1), 'kustomization.yaml'), 'utf8');
      const built = ${JSON.stringify(recorded('kustomize/built.yaml'))};
      if (text.includes('buildMetadata')) [err, code] = ['unknown field buildMetadata', 1];
      else out = built.replace(/^ {4}config.*\\n(?: {6}.*\\n)+/gm, '').replace(/^ {2}annotations:\\n(?! {4})/gm, '');`,
    );
    expect(await places(overlay, onPath(bin))).toEqual(inFiles);
    expect(calls().map(([command]) => command)).toEqual(['kustomize', 'kustomize']);
    expect(calls()[1]).toEqual(['kustomize', path.join(folder, 'kustomize/overlays/prod')]);
  });

  it('takes the tool that is named, whatever the PATH', async () => {
    expect(await places(overlay, { MESHAUDIT_KUSTOMIZE: path.join(kustomize.bin, 'kustomize') })).toEqual(
      inFiles,
    );
  });

  it('says what the tool says, and leaves nothing behind', async () => {
    const { bin } = fakeTool(
      path.join(folder, 'bad'),
      'kustomize',
      `[err, code] = ['\\u001b[31maccumulating resources: no such file\\n', 1];`,
    );
    const ran = await runInMemory(overlay, { cwd: folder, env: onPath(bin) });
    expect(ran).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ran.stderr).toBe(
      'meshaudit: kustomize build kustomize/overlays/prod failed with exit code 1.\n' +
        '  accumulating resources: no such file\n' +
        'See that "kustomize build kustomize/overlays/prod" works on its own.\n',
    );
  });

  it.each([
    ['no tool', overlay, /needs kustomize or kubectl, neither of which is on the PATH/],
    ['no directory', ['--kustomize', 'nowhere'], /there is no directory nowhere/],
  ])('%s', async (_what, argv, message) => {
    const env = argv === overlay ? onPath() : onPath(kustomize.bin);
    const ran = await runInMemory(argv, { cwd: folder, env });
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toMatch(message);
  });

  it('of overlays that differ makes environments; what they share is found once, at the base', async () => {
    const { bin } = fakeTool(
      path.join(folder, 'two'),
      'kustomize',
      `const text = fs.readFileSync(path.join(args.at(-1), 'kustomization.yaml'), 'utf8');
      const base = JSON.parse(text).resources[0];
      out = ${JSON.stringify(recorded('kustomize/built.yaml'))}.replace(/(path|configuredIn): /g, (found) => found + base + '/');
      if (base.endsWith('canary')) out = out.replace('PERMISSIVE', 'STRICT');`,
    );
    const argv = [...overlay, '--kustomize', 'kustomize/overlays/canary', '--select', 'MTLS-001,CAP-001'];
    const run = await runInMemory([...argv, '--format', 'json'], { cwd: folder, env: onPath(bin) });
    const { findings } = JSON.parse(run.stdout) as Report;
    expect(findings.map(({ checkId, environments }) => [checkId, ...environments])).toEqual([
      ['CAP-001', 'canary', 'prod'],
      ['MTLS-001', 'prod'],
    ]);
  });

  it('serves posture and can as well', async () => {
    const env = onPath(kustomize.bin);
    const posture = await runInMemory(['posture', ...overlay, '--format', 'json'], { cwd: folder, env });
    expect(posture.stdout).toContain('prod-cart');
    const can = await runInMemory(['can', '-', 'shop/Deployment/prod-cart:8080', ...overlay], {
      cwd: folder,
      env,
    });
    expect(can.stdout).toMatch(/prod-cart/);
  });
});

const chart = ['--helm', 'helm/shop', '--release', 'eu', '--release-namespace', 'shop'];
const values = ['--set', 'mtls=PERMISSIVE', '--set', 'excluded=9090', '--set', 'ports={8080,9090}'];
const inChart = [
  'MTLS-001 PeerAuthentication shop/eu helm/shop/templates/policy.yaml:15:5',
  'CAP-001 Deployment shop/eu-cart helm/shop/templates/workload.yaml:14:9',
];

describe('--helm', () => {
  it('points at the templates; objects without a namespace are in that of the release', async () => {
    expect(await places([...chart, ...values], onPath(helm.bin))).toEqual(inChart);
  });

  it('hands the options on as they are', async () => {
    const before = helm.calls().length;
    const more = [
      '--values',
      'prod.yaml',
      '--kube-version',
      '1.33',
      '--api-versions',
      'networking.istio.io/v1',
    ];
    await places([...chart, ...values, ...more], onPath(helm.bin));
    expect(helm.calls()[before]).toEqual([
      ...['template', 'eu', path.join(folder, 'helm/shop'), '--values', 'prod.yaml', ...values],
      ...['--namespace', 'shop', '--kube-version', '1.33', '--api-versions', 'networking.istio.io/v1'],
    ]);
  });

  it('where the chart is not on disk, points at the rendered text', async () => {
    const remote = chart.map((word) => (word === 'helm/shop' ? 'oci://example.com/shop' : word));
    const found = await places([...remote, ...values], onPath(helm.bin));
    expect(found[0]).toMatch(
      /^CAP-001 Deployment shop\/eu-cart helm:oci:\/\/example.com\/shop\/rendered.yaml:\d+:9$/,
    );
  });

  it('refuses options for a chart where there is none', async () => {
    const ran = await runInMemory(['--values', 'prod.yaml'], { cwd: folder, env: onPath() });
    expect(ran).toMatchObject({
      exitCode: 2,
      stderr: 'meshaudit: --values is for a chart.\nAdd --helm <chart>.\n',
    });
  });

  it('refuses what helm would take for an option', async () => {
    const ran = await runInMemory(['--helm=--post-renderer=x'], { cwd: folder, env: onPath(helm.bin) });
    expect(ran.stderr).toContain('"--post-renderer=x" is no chart');
  });
});

// The recorded outputs above stand for tools that this machine lacks.
describe.each([
  ['kustomize', 'kustomize', overlay, inFiles],
  ['kubectl', 'kubectl', overlay, inFiles],
  ['helm', 'helm', [...chart, ...values], inChart],
] as const)('the real %s', (name, _tool, argv, expected) => {
  const real = findOnPath([name], process.env);
  it.runIf(real !== undefined)(`on the PATH gives the same places`, async () => {
    const named = name === 'helm' ? 'MESHAUDIT_HELM' : 'MESHAUDIT_KUSTOMIZE';
    const env = { ...(process.env as Record<string, string>), [named]: real?.file ?? '' };
    expect(await places(argv, env)).toEqual(expected);
  });
  it.runIf(real === undefined)(`is not on the PATH: only its recorded output was tried`, () => {
    expect(findOnPath([name], process.env)).toBeUndefined();
  });
});
