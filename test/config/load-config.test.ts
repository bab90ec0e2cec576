import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { assumedSource } from '#config/assumed.js';
import { findConfig } from '#config/find-config.js';
import { loadConfig } from '#config/load-config.js';
import { WAF_PRODUCTS } from '#policy/waf/products.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'meshaudit-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const file = path.join(folder, 'config.yaml');
const load = (text: string) => {
  writeFileSync(file, text);
  return loadConfig(file, folder);
};
const mistakes = async (text: string): Promise<string> =>
  load(text).then(
    () => '',
    (error: unknown) => String(error).replace('ConfigError: ', ''),
  );

describe('loadConfig', () => {
  it('reads what the schema allows, with Windows line ends too', async () => {
    const text = 'scope: partial\nseverity: { MTLS-001: low }\nwaivers: []\n';
    expect((await load(text)).config).toEqual({
      scope: 'partial',
      severity: { 'MTLS-001': 'low' },
      waivers: [],
    });
    expect((await load(text.replaceAll('\n', '\r\n'))).config.scope).toBe('partial');
  });

  it('takes an empty file for no settings', async () => {
    expect((await load('# nothing yet\n')).config).toEqual({});
  });

  it.each([
    ['scpoe: partial', 'config.yaml:1:8: there is no setting "scpoe". Did you mean "scope"?'],
    [
      'scope: complet',
      'config.yaml:1:8: scope: "complet" is none of partial, complete, auto. Did you mean "complete"?',
    ],
    ['paths: k8s', 'config.yaml:1:8: paths: it has to be of type array.'],
    ['paths: ["k8s", ""]', 'config.yaml:1:16: paths.1: it is empty.'],
    ['environments: {}', 'config.yaml:1:15: environments: it is empty.'],
    ['istioVersion: "2"', 'config.yaml:1:15: istioVersion: "2" is not in the form that is expected.'],
    ['- a', 'config.yaml:1:1: it has to be of type object.'],
    ['wafProducts: [{ name: x }]', 'config.yaml:1:15: wafProducts.0: "id" is missing.'],
    [
      'wafProducts: [{ id: Acme Guard }]',
      'config.yaml:1:21: wafProducts.0.id: "Acme Guard" is not in the form that is expected.',
    ],
    [
      'wafProducts: [{ id: acme, filters: [{ cluster: [a] }] }]',
      /^config\.yaml:1:48: wafProducts\.0\.filters\.0: there is no setting "cluster". Did you mean "clusters"\?/,
    ],
    [
      'wafProducts: [{ id: acme, agent: { defaultMode: ext_auth } }]',
      /defaultMode: "ext_auth" is none of ext_authz, .*\. Did you mean "ext_authz"\?$/,
    ],
    [
      'wafProducts: [{ id: acme, fronts: [{ kinds: [Policy] }] }]',
      'config.yaml:1:46: wafProducts.0.fronts.0.kinds.0: "Policy" is not in the form that is expected.',
    ],
    ['a: [', /^config\.yaml:\d+:\d+: /],
    ['a: 1\na: 2', /^config\.yaml:2:1: /],
  ])('says of %j what is wrong and where', async (text, message) => {
    expect(await mistakes(text)).toMatch(message);
  });

  it('takes every product that is known, as one that a user writes', async () => {
    const { config } = await load(JSON.stringify({ wafProducts: WAF_PRODUCTS }));
    expect(config.wafProducts).toEqual(WAF_PRODUCTS);
  });

  it('demands reason, owner and expiry of a waiver', async () => {
    const text = 'waivers:\n  - checks: [MTLS-001]\n    reason: " "\n    expires: 2026-13-01\n';
    expect((await mistakes(text)).split('\n')).toEqual([
      'config.yaml:2:5: waivers.0: "owner" is missing.',
      'config.yaml:3:13: waivers.0.reason: " " is not in the form that is expected.',
      'config.yaml:4:14: waivers.0.expires: "2026-13-01" is not in the form that is expected.',
    ]);
  });

  it('reads the waivers of other files, each with its place', async () => {
    const waiver = '- { checks: [GW-001], reason: r, owner: o, expires: 2027-01-01 }\n';
    writeFileSync(path.join(folder, 'more.yaml'), `waivers:\n${waiver}${waiver}`);
    const { waivers } = await load(`waiverFiles: [more.yaml]\nwaivers:\n${waiver}`);
    expect(waivers.map(({ at }) => `${at.file}:${String(at.line)}`)).toEqual([
      'config.yaml:3',
      'more.yaml:2',
      'more.yaml:3',
    ]);
  });

  it('is not brought down by aliases', async () => {
    const levels = Array.from(
      { length: 12 },
      (_, i) => `a${String(i + 1)}: &a${String(i + 1)} [${`*a${String(i)},`.repeat(9)}]`,
    );
    expect(await mistakes(`a0: &a0 [x]\n${levels.join('\n')}\n`)).not.toBe('');
  });

  it('refuses or takes any text, with a place', async () => {
    const words = fc.constantFrom(
      'scope',
      ': ',
      'partial',
      '\n',
      '  ',
      '- ',
      'waivers',
      '[',
      ']',
      '{',
      '}',
      '"',
      '1',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(words, { maxLength: 12 }), async (pieces) => {
        expect(await mistakes(pieces.join(''))).toMatch(/^$|^config\.yaml:\d+:\d+: /);
      }),
      { numRuns: 60 },
    );
  });
});

describe('findConfig', () => {
  it('looks upwards as far as the root of the repository', () => {
    const below = path.join(folder, 'repo', 'deep', 'er');
    mkdirSync(below, { recursive: true });
    mkdirSync(path.join(folder, 'repo', '.git'));
    writeFileSync(path.join(folder, '.meshaudit.yaml'), '');
    expect(findConfig(below)).toBeUndefined();
    const own = path.join(folder, 'repo', '.meshaudit.yml');
    writeFileSync(own, '');
    expect(findConfig(below)).toBe(own);
  });
});

describe('assumedSource', () => {
  it('is a List of what is assumed, and says so', () => {
    const source = assumedSource(
      { meshConfig: { trustDomain: 'td' }, namespaces: { shop: { 'istio-injection': 'enabled' } } },
      '.meshaudit.yaml',
    );
    const { items } = JSON.parse(source?.text ?? '') as { items: readonly { kind: string; data?: object }[] };
    expect(items.map(({ kind }) => kind)).toEqual(['ConfigMap', 'Namespace']);
    expect(items[0]?.data).toEqual({ mesh: '{"rootNamespace":"istio-system","trustDomain":"td"}' });
    expect(source?.says).toHaveLength(2);
  });

  it('is nothing without assumptions', () => {
    expect(assumedSource(undefined, 'x')).toBeUndefined();
  });
});
