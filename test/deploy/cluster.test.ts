import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { audit } from '#audit.js';
import { createProgram } from '#cli/program.js';
import { catalogue } from '#checks';
import { renderPolicyReport } from '#report/policy-report/policy-report.js';
import { isReadGroup, isReadKind, readKinds } from '#schemas/kinds.js';
import { memory } from '../cli/run-in-memory.js';
import { options } from '../report/render-options.js';

const folder = fileURLToPath(new URL('../../deploy/', import.meta.url));
const read = (name: string): string => readFileSync(`${folder}${name}`, 'utf8');

interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args: readonly string[];
  readonly volumeMounts: readonly { readonly name: string }[];
  readonly resources: { readonly limits: Readonly<Record<string, string>> };
  readonly securityContext: unknown;
}

interface PodSpec {
  readonly automountServiceAccountToken: boolean;
  readonly securityContext: unknown;
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
}

interface CronJob {
  readonly spec: {
    readonly jobTemplate: { readonly spec: { readonly template: { readonly spec: PodSpec } } };
  };
}

interface Role {
  readonly rules: readonly {
    readonly apiGroups: readonly string[];
    readonly resources: readonly string[];
    readonly verbs: readonly string[];
  }[];
}

const names = (parse(read('kubernetes/kustomization.yaml')) as { readonly resources: readonly string[] })
  .resources;
const sources = names.map((name) => ({ path: name, text: read(`kubernetes/${name}`) }));
const podOf = (name: string): PodSpec => (parse(read(name)) as CronJob).spec.jobTemplate.spec.template.spec;

describe('the kustomize base', () => {
  it('holds every manifest of its folder, all of them valid', async () => {
    const there = readdirSync(`${folder}kubernetes`).filter((name) => name.endsWith('.yaml'));
    expect(there.toSorted()).toEqual([...names, 'kustomization.yaml'].toSorted());
    const { inputs } = await audit({ sources, scope: 'complete' });
    expect(inputs.problems).toEqual([]);
    expect(inputs.stats.resources).toBe(7);
  });

  it('passes our own checks, all of them', async () => {
    const { findings, checks } = await audit({ sources, scope: 'complete', checks: catalogue });
    const active = findings.filter(({ suppression }) => suppression === undefined);
    expect(active.map(({ checkId, message }) => `${checkId} ${message}`)).toEqual([]);
    const passed = checks.filter(({ family }) => family === 'workload').map(({ pass }) => pass);
    expect(passed.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(3);
  });

  it.each(['kubernetes/cronjob.yaml', 'kubernetes/pushgateway/push-metrics.yaml'])(
    'runs %s as nobody, without anything that a container can do without',
    (name) => {
      const { containers, initContainers = [] } = podOf(name);
      for (const { securityContext, resources } of [...initContainers, ...containers]) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(resources.limits['memory']).toMatch(/^\d+[MG]i$/);
      }
    },
  );

  it('gives the account to those containers alone that talk to the API server', () => {
    const pod = podOf('kubernetes/cronjob.yaml');
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    const { containers } = podOf('kubernetes/pushgateway/push-metrics.yaml');
    expect(containers[0]?.volumeMounts.map(({ name }) => name)).toEqual(['reports']);
  });

  it('asks for options and reports that there are', () => {
    const io = { stdin: process.stdin, stdout: memory().stream, stderr: memory().stream, cwd: '/', env: {} };
    const audits = createProgram(io, () => undefined).commands.find((command) => command.name() === 'audit');
    const [first] = podOf('kubernetes/cronjob.yaml').initContainers ?? [];
    const { args = [], command } = first ?? {};
    expect([command, args[0]]).toEqual([undefined, 'audit']);
    const known = audits?.options.map(({ long }) => long) ?? [];
    for (const argument of args.slice(1)) {
      const [option = ''] = argument.split('=');
      expect(
        known.map((name) => name?.replace(/^--no-/, '--')),
        argument,
      ).toContain(option.replace(/^--no-/, '--'));
    }
  });
});

describe('the rights of the account', () => {
  const [reader, , ...more] = parseAllDocuments(read('kubernetes/rbac.yaml')).map(
    (document) => document.toJS() as Role,
  );
  const [writer] = parseAllDocuments(read('kubernetes/rbac-reports.yaml')).map(
    (document) => document.toJS() as Role,
  );
  const rules = reader?.rules ?? [];

  it('are to list, never Secrets, and only what verdicts rest on', () => {
    expect(more).toEqual([]);
    expect(new Set(rules.flatMap(({ verbs }) => verbs))).toEqual(new Set(['list']));
    expect(rules.flatMap(({ resources }) => resources)).not.toContain('secrets');
    for (const { apiGroups, resources } of rules) {
      for (const group of apiGroups) expect(isReadGroup(group), group).toBe(true);
      if (resources.includes('*')) expect(isReadKind(apiGroups[0] ?? '', 'Anything')).toBe(true);
    }
  });

  it('cover every group that is read', () => {
    const groups = new Set(rules.flatMap(({ apiGroups }) => apiGroups));
    const wanted = Object.keys(readKinds()).filter((group) => group !== 'meshaudit.io');
    expect(wanted.filter((group) => !groups.has(group))).toEqual([]);
  });

  it('cover the reports that are written, in the same API group', async () => {
    const result = await audit({ sources, scope: 'complete' });
    const { items } = JSON.parse(renderPolicyReport(result, options)) as {
      readonly items: readonly {
        readonly apiVersion: string;
        readonly metadata: { readonly labels: unknown };
      }[];
    };
    expect(items.length).toBeGreaterThan(0);
    for (const { apiVersion, metadata } of items) {
      expect([apiVersion.split('/')[0]]).toEqual(writer?.rules[0]?.apiGroups);
      expect(metadata.labels).toEqual({ 'app.kubernetes.io/managed-by': 'meshaudit' });
    }
    const [, clear] = podOf('kubernetes/cronjob.yaml').initContainers ?? [];
    expect(clear?.args).toContain('--selector=app.kubernetes.io/managed-by=meshaudit');
  });

  it('are the same in the chart', () => {
    const rulesOf = (name: string): string => /^rules:\n(?: .*\n)+/m.exec(read(name))?.[0] ?? '';
    for (const name of ['rbac.yaml', 'rbac-reports.yaml']) {
      expect(rulesOf(`helm/meshaudit/templates/${name}`)).toBe(rulesOf(`kubernetes/${name}`));
      expect(rulesOf(`kubernetes/${name}`)).toContain('verbs');
    }
  });
});
