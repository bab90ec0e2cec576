import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { audit } from '#audit.js';
import type { AuditResult } from '#check';
import { shopPods } from './pods.js';

const pods = shopPods(40);
const list = { apiVersion: 'v1', items: pods, kind: 'List', metadata: { resourceVersion: '' } };

/** As kubectl prints: sequences at the indentation of their key, no folding. */
const yaml = (value: unknown): string => stringify(value, { indentSeq: false, lineWidth: 0 });

const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system', uid: 'n' } };

const forms: Readonly<Record<string, string>> = {
  documents: [namespace, ...pods].map(yaml).join('---\n'),
  'YAML List': yaml({ ...list, items: [namespace, ...pods] }),
  'JSON List': JSON.stringify({ ...list, items: [namespace, ...pods] }, null, 4),
  'JSON on one line': JSON.stringify({ ...list, items: [namespace, ...pods] }),
  'JSON documents': [namespace, ...pods].map((pod) => JSON.stringify(pod)).join('\n'),
  'documents with keys in another order': [namespace, ...pods]
    .map((pod) => yaml(Object.fromEntries(Object.entries(pod).reverse())))
    .join('---\n'),
};

/** Everything an audit says but for where it stands. */
function saidBy({ findings, checks, undecided, environments }: AuditResult): unknown {
  return {
    environments,
    checks: checks.map(({ id, pass, fail, unknown, notApplicable }) => [
      id,
      pass,
      fail,
      unknown,
      notApplicable,
    ]),
    findings: findings
      .map(({ checkId, message, fingerprint, subjects }) =>
        [checkId, message, fingerprint, ...subjects.map(({ name }) => name)].join(' '),
      )
      .sort(),
    undecided: undecided.map(({ checkId, missing, subjects }) => [checkId, missing, subjects.length]),
  };
}

describe('a dump', () => {
  it.each(Object.keys(forms).slice(1))('says the same as %s as it does in documents', async (form) => {
    const [expected, given] = await Promise.all(
      ['documents', form].map((name) => audit({ sources: [{ path: 'dump', text: forms[name] ?? '' }] })),
    );
    expect(given?.inputs.problems).toEqual([]);
    expect(given?.findings.length).toBeGreaterThan(3);
    expect(given && saidBy(given)).toEqual(expected && saidBy(expected));
  });
});
