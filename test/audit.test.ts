import { readdirSync, readFileSync } from 'node:fs';
import { mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditOptions } from '#audit.js';
import { audit } from '#audit.js';
import type { AuditResult } from '#check/index.js';
import { exitCode } from '#exit-code.js';
import { catalogue, defineCheck, render, theMesh } from '#index.js';
import { isReadKind } from '#schemas/kinds.js';
import { finding, sampleResult } from './report/sample-result.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const bookinfo = (name: string): AuditOptions => ({ paths: [`fixtures/meshes/bookinfo/${name}`], cwd: root });

const policy = `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: PERMISSIVE } }
`;

describe('audit', () => {
  it('yields the same bytes for the same input', async () => {
    const [first, second] = [await audit(bookinfo('insecure')), await audit(bookinfo('insecure'))];
    for (const format of ['json', 'sarif', 'table'] as const) {
      expect(await render(second, format)).toBe(await render(first, format));
    }
  });

  it('finds nothing in the hardened mesh and something in the insecure one', async () => {
    const [hardened, insecure] = [await audit(bookinfo('hardened')), await audit(bookinfo('insecure'))];
    expect(hardened.findings.map(({ checkId, message }) => `${checkId} ${message}`)).toEqual([]);
    expect(exitCode(hardened, { failOn: 'info' })).toBe(0);
    expect(exitCode(insecure, { failOn: 'low' })).toBe(1);
  });

  it('reads sources in memory as it reads files', async () => {
    const cwd = mkdtempSync(path.join(os.tmpdir(), 'meshaudit-'));
    writeFileSync(path.join(cwd, 'policy.yaml'), policy);
    const fromFile = await audit({ paths: ['policy.yaml'], cwd });
    const fromMemory = await audit({ sources: [{ path: 'policy.yaml', text: policy }] });
    expect(await render(fromMemory, 'json')).toBe(await render(fromFile, 'json'));
  });

  it('takes an object that Istio would refuse for a finding, and for stored when told so', async () => {
    const text = policy.replace('PERMISSIVE', 'STRICKT');
    const verdicts = async (stored: boolean) =>
      (await audit({ sources: [{ path: 'p.yaml', text }], stored })).findings
        .filter(({ checkId }) => checkId === 'REF-002')
        .map(({ messageKey }) => messageKey);
    expect(new Set(await verdicts(false))).toEqual(new Set(['refused']));
    expect(new Set(await verdicts(true))).toEqual(new Set(['stored']));
  });

  it('runs checks of its caller beside the catalogue', async () => {
    const mine = defineCheck({
      meta: {
        id: 'MINE-001',
        title: 'Always wrong',
        severity: 'low',
        confidence: 'high',
        examines: 'meshes',
        messages: { wrong: 'Wrong.' },
        remediation: 'None.',
        controls: [],
      },
      subjects: theMesh,
      judge: () => {
        throw new Error('mine alone');
      },
    });
    const result = await audit({
      sources: [{ path: 'p.yaml', text: policy }],
      checks: [...catalogue, { ...mine, family: 'mtls', slug: 'mine' }],
    });
    expect(result.checks).toHaveLength(catalogue.length + 1);
    expect(result.inputs.problems.map(({ code, message }) => `${code} ${message}`)).toEqual([
      expect.stringMatching(/^check-crashed .*MINE-001.*mine alone/),
    ]);
    expect(exitCode(result, { failOn: 'never' })).toBe(2);
  });

  it('throws for misuse only', async () => {
    await expect(audit({})).rejects.toThrow(TypeError);
  });

  it('makes problems of bad input, and throws for none', async () => {
    const words = fc.constantFrom(
      'kind: ',
      'apiVersion: v1',
      '\n',
      '---\n',
      '- ',
      '{',
      '}',
      '[',
      '&a ',
      '*a',
      '"',
      ': ',
      '\t',
      '|\n ',
      '__proto__',
      'spec:\n  ',
      policy,
    );
    const text = fc.array(fc.oneof(words, fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(text, async (parts) => {
        const result = await audit({ sources: [{ path: 'p.yaml', text: parts.join('') }] });
        expect(await render(result, 'json')).toMatch(/^\{/);
      }),
      { numRuns: 200 },
    );
  });
});

describe('exit code', () => {
  const problems = sampleResult.inputs.problems.filter(({ fatal }) => !fatal);
  const checks = sampleResult.checks;
  const result = (given: Partial<AuditResult>): AuditResult => ({
    ...sampleResult,
    inputs: { ...sampleResult.inputs, problems },
    findings: [],
    ...given,
  });
  const medium = finding({ checkId: 'A', severity: 'medium', message: 'm' });
  const suppressed = { ...medium, suppression: { kind: 'external', justification: 'j' } } as const;
  const crashed = checks.map((check) => ({ ...check, error: 1 }));

  it.each([
    ['nothing', result({}), 'info', 0],
    ['a finding above', result({ findings: [medium] }), 'low', 1],
    ['a finding at', result({ findings: [medium] }), 'medium', 1],
    ['a finding below', result({ findings: [medium] }), 'high', 0],
    ['a finding, never', result({ findings: [medium] }), 'never', 0],
    ['a suppressed finding', result({ findings: [suppressed] }), 'info', 0],
    ['a crashed check', result({ checks: crashed }), 'never', 2],
    ['a fatal problem over findings', sampleResult, 'low', 2],
  ] as const)('of %s', (_name, given, failOn, expected) => {
    expect(exitCode(given, { failOn })).toBe(expected);
  });
});

describe('kinds that are read', () => {
  const asked = /(?:ofKind|inNamespace|find|resources)\([^()]*?'([a-z0-9.]*)',\s*'([A-Z][A-Za-z]+)'/g;

  it('are all that the sources ask for', () => {
    const files = ['src/mesh', 'src/policy', 'src/check', 'checks'].flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => readFileSync(path.join(root, folder, name), 'utf8')),
    );
    const kinds = files.flatMap((text) =>
      [...text.matchAll(asked)].map(([, group = '', kind = '']) => [group, kind] as const),
    );
    expect(kinds.length).toBeGreaterThan(10);
    expect(kinds.filter(([group, kind]) => !isReadKind(group, kind))).toEqual([]);
  });

  it.each([
    ['security.istio.io', 'Whatever', true],
    ['rbac.istio.io', 'ServiceRole', true],
    ['', 'Secret', true],
    ['__proto__', 'constructor', false],
    ['istio.io.example.com', 'Thing', false],
  ])('%s/%s: %s', (group, kind, expected) => {
    expect(isReadKind(group, kind)).toBe(expected);
  });
});
