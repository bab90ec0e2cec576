import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { describe, expect, it } from 'vitest';
import { audit } from '#audit.js';
import type { AuditOptions } from '#audit.js';
import { renderCyclonedxVex } from '#report/cyclonedx-vex.js';
import { options } from './render-options.js';

const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);

const istiod = (tag: string, revision = 'default'): string => `---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: istiod-${revision}
  namespace: istio-system
  labels: { app: istiod, istio.io/rev: ${revision} }
spec:
  selector: { matchLabels: { app: istiod } }
  template:
    metadata: { labels: { app: istiod, istio.io/rev: ${revision} } }
    spec:
      containers:
        - name: discovery
          image: docker.io/istio/pilot${tag}
          env: [{ name: REVISION, value: ${revision} }]
`;

const jwt = `---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: jwt, namespace: shop }
spec:
  jwtRules: [{ issuer: https://id.example.com, jwksUri: https://id.example.com/keys }]
`;

const paths = `---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: admin, namespace: shop }
spec:
  action: DENY
  rules: [{ to: [{ operation: { paths: [/admin] } }] }]
`;

interface Statement {
  readonly id: string;
  readonly references?: readonly { readonly id: string }[];
  readonly analysis: { readonly state: string; readonly justification?: string };
  readonly affects: readonly { readonly ref: string }[];
}

async function vexOf(text: string, given: Partial<AuditOptions> = {}) {
  const result = await audit({
    sources: [{ path: 'mesh.yaml', text }],
    scope: 'complete',
    checks: [],
    ...given,
  });
  const written = renderCyclonedxVex(result, options);
  expect(await validator.validate(written)).toBe(null);
  const bom = JSON.parse(written) as {
    readonly components: readonly { readonly 'bom-ref': string; readonly version?: string }[];
    readonly vulnerabilities: readonly Statement[];
  };
  return { bom, written, states: statesOf(bom.vulnerabilities) };
}

function statesOf(statements: readonly Statement[]): Readonly<Record<string, number>> {
  const states: Record<string, number> = {};
  for (const { analysis } of statements) states[analysis.state] = (states[analysis.state] ?? 0) + 1;
  return states;
}

const standingOf = (statements: readonly Statement[], bulletin: string) =>
  new Set(
    statements
      .filter(({ id, references = [] }) => [id, ...references.map((each) => each.id)].includes(bulletin))
      .map(({ analysis }) => `${analysis.state} ${analysis.justification ?? ''}`.trim()),
  );

describe('CycloneDX VEX', () => {
  it('is valid and empty without a control plane', async () => {
    const { bom } = await vexOf(jwt);
    expect([bom.components, bom.vulnerabilities]).toEqual([[], []]);
  });

  it('has a statement for each CVE of each bulletin that names the release', async () => {
    const { bom, states } = await vexOf(istiod(':1.27.0'));
    expect(bom.components.map(({ version }) => version)).toEqual(['1.27.0']);
    expect(Object.keys(states).toSorted()).toEqual(['exploitable', 'not_affected']);
    const refs = bom.components.map((component) => component['bom-ref']);
    for (const { affects } of bom.vulnerabilities) expect(affects.map(({ ref }) => ref)).toEqual(refs);
  });

  it('says of a pattern that is there, is not there, or may be elsewhere, what that means', async () => {
    // Rules on paths are what it exposes (multiple slashes, https://istio.io/latest/news/security/istio-security-2021-005/).
    const bulletin = 'ISTIO-SECURITY-2021-005';
    const without = await vexOf(istiod(':1.9.2'));
    const partial = await vexOf(istiod(':1.9.2'), { scope: 'partial' });
    const shown = await vexOf(istiod(':1.9.2') + paths);
    const states = [without, partial, shown].map(({ bom }) => [...standingOf(bom.vulnerabilities, bulletin)]);
    expect(states).toEqual([['not_affected requires_configuration'], ['in_triage'], ['exploitable']]);
    expect(without.states['not_affected']).toBeGreaterThan(0);
    expect(partial.states['not_affected']).toBeUndefined();
    expect(partial.states['in_triage']).toBe(without.states['not_affected']);
    for (const { analysis } of without.bom.vulnerabilities)
      expect(analysis.justification === undefined).toBe(analysis.state !== 'not_affected');
  });

  it('leaves everything in triage where no release is shown', async () => {
    const { states } = await vexOf(istiod('@sha256:' + 'a'.repeat(64)));
    expect(Object.keys(states)).toEqual(['in_triage']);
  });

  it('tells control planes apart, and is the same from run to run', async () => {
    const text = istiod(':1.27.0') + istiod(':1.26.1', 'canary') + jwt;
    const { bom, written } = await vexOf(text);
    expect(new Set(bom.components.map((component) => component['bom-ref'])).size).toBe(2);
    expect((await vexOf(text)).written).toBe(written);
  });
});
