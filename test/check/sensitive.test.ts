import { describe, expect, it } from 'vitest';
import { audit } from '#audit.js';
import type { SensitivePart } from '#check/sensitive.js';
import { withSensitive } from '#check/sensitive.js';
import { withSeverity } from '#check/with-severity.js';
import { catalogue } from '#checks';

const deployment = (namespace: string, name: string, tier: string): string => `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: ${namespace} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name}, tier: ${tier} } }
    spec:
      containers: [{ name: app, image: example.com/app:1, ports: [{ containerPort: 8080 }] }]
`;

const text = ['payments', 'shop']
  .map(
    (name) => `---
apiVersion: v1
kind: Namespace
metadata: { name: ${name} }
${deployment(name, 'api', name === 'payments' ? 'pci' : 'web')}${deployment(name, 'jobs', 'batch')}`,
  )
  .join('');

async function judged(parts: readonly SensitivePart[], own?: 'critical' | 'high' | 'low' | 'info') {
  const checks = catalogue
    .filter(({ meta }) => meta.id === 'ENR-001')
    .map((check) => withSensitive(own === undefined ? check : withSeverity(check, own), parts));
  const { findings } = await audit({ sources: [{ path: 'mesh.yaml', text }], scope: 'complete', checks });
  return findings.map(({ severity, raisedFrom, subjects, message, fingerprint }) => ({
    severity,
    raisedFrom,
    namespace: subjects[0]?.namespace,
    message,
    fingerprint,
  }));
}

const grades = async (...given: Parameters<typeof judged>) =>
  (await judged(...given)).map(({ namespace, severity }) => `${String(namespace)} ${severity}`);

describe('withSensitive', () => {
  it('changes nothing without selectors', async () => {
    expect(await grades([])).toEqual(['payments medium', 'shop medium']);
  });

  it.each<readonly [string, SensitivePart, readonly string[]]>([
    ['a namespace', { namespaces: ['payments'] }, ['payments high', 'shop medium']],
    ['namespaces by pattern', { namespaces: ['pay*'] }, ['payments high', 'shop medium']],
    ['labels of the pods', { labels: { tier: 'pci' } }, ['payments high', 'shop medium']],
    [
      'labels in another namespace',
      { namespaces: ['shop'], labels: { tier: 'pci' } },
      ['payments medium', 'shop medium'],
    ],
    ['all labels or none', { labels: { tier: 'pci', app: 'jobs' } }, ['payments medium', 'shop medium']],
    ['a key of the prototype', { labels: { constructor: 'Object' } }, ['payments medium', 'shop medium']],
  ])('raises by %s', async (_, part, expected) => {
    expect(await grades([part])).toEqual(expected);
  });

  it('counts from the severity that the config gives, by one step', async () => {
    const part = { namespaces: ['payments'] };
    expect(await grades([part], 'low')).toEqual(['payments medium', 'shop low']);
    expect(await grades([part, part], 'low')).toEqual(['payments medium', 'shop low']);
    expect(await grades([part], 'high')).toEqual(['payments critical', 'shop high']);
    expect(await grades([part], 'critical')).toEqual(['payments critical', 'shop critical']);
    expect(await grades([part], 'info')).toEqual(['payments info', 'shop info']);
  });

  it('says what raised it, and keeps the identity of the finding', async () => {
    const [before] = await judged([]);
    const [after] = await judged([{ labels: { tier: 'pci' } }]);
    expect(after?.raisedFrom).toBe('medium');
    expect(after?.message).toBe(
      `${String(before?.message)} Raised from medium, for this is sensitive: Deployment payments/api.`,
    );
    expect(after?.fingerprint).toBe(before?.fingerprint);
  });
});
