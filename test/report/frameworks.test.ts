import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { AuditResult } from '#check/index.js';
import { assessFramework } from '#controls/assess.js';
import { requireFramework } from '#controls/select-framework.js';
import { toJsonReport } from '#report/json.js';
import { renderSarif } from '#report/sarif.js';
import { renderTable } from '#report/table.js';
import { displayWidth } from '#report/wrap-text.js';
import { options } from './render-options.js';
import { sampleResult } from './sample-result.js';

const controls: Readonly<Record<string, readonly string[]>> = {
  'MTLS-001': ['istio-best-practices/strict-mtls'],
  'AUTHZ-001': ['nist-800-53-r5/CM-6'],
  'EGRESS-001': ['istio-best-practices/registry-only'],
  'GW-001': ['istio-best-practices/gateway-hosts'],
};

const checks = sampleResult.checks.map((check) => ({
  ...check,
  fail: check.id === 'MTLS-001' ? 0 : check.fail,
  unknown: check.id === 'MTLS-001' ? 0 : check.unknown,
  meta: { ...check.meta, controls: controls[check.id] ?? [] },
}));

const practices = ['strict-mtls', 'default-deny', 'registry-only', 'gateway-hosts', 'network-policy'];

/** The sample, held against two frameworks. */
const result: AuditResult = {
  ...sampleResult,
  checks,
  frameworks: [
    assessFramework({ ...requireFramework('istio-best-practices'), clauses: practices }, checks),
    assessFramework(requireFramework('nist-800-53-r5:low'), checks),
  ],
};

interface Run {
  readonly taxonomies: readonly {
    readonly name: string;
    readonly taxa: readonly { readonly id: string; readonly properties: { readonly status: string } }[];
  }[];
  readonly tool: {
    readonly driver: {
      readonly supportedTaxonomies: readonly { readonly name: string; readonly index: number }[];
      readonly rules: readonly {
        readonly id: string;
        readonly relationships?: readonly {
          readonly target: {
            readonly id: string;
            readonly index: number;
            readonly toolComponent: { readonly index: number };
          };
        }[];
      }[];
    };
  };
}

describe('frameworks', () => {
  it('are shown control by control at a terminal', async () => {
    const text = renderTable(result, options);
    const section = text.slice(text.indexOf('Istio security'), text.indexOf('Not decided ─'));
    await expect(section).toMatchFileSnapshot('golden/table-frameworks.txt');
    expect(section.split('\n').filter((line) => displayWidth(line) > options.width)).toEqual([]);
  });

  it('are in the JSON report as the schema says', () => {
    const schema: unknown = JSON.parse(
      readFileSync(new URL('../../schemas/report.json', import.meta.url), 'utf8'),
    );
    const validate = new Ajv2020({ strict: true }).compile(Object(schema));
    const report = toJsonReport(result);
    expect(validate(report) ? [] : validate.errors).toEqual([]);
    const [istio, nist] = report.frameworks ?? [];
    expect(istio?.controls.find(({ clause }) => clause === 'strict-mtls')).toMatchObject({
      status: 'satisfied',
      relation: 'full',
      subjects: { pass: 2, fail: 0, unknown: 0, notApplicable: 0 },
    });
    expect(istio?.controls.find(({ clause }) => clause === 'registry-only')?.status).toBe('not-decided');
    expect(nist?.controls.find(({ clause }) => clause === 'CM-6')?.status).toBe('not-assessable');
    expect(nist?.summary.notAssessable).toBeGreaterThan(10);
  });

  it('are absent where none was asked for', () => {
    expect(toJsonReport(sampleResult)).not.toHaveProperty('frameworks');
    expect(renderSarif(sampleResult, options)).not.toContain('taxonomies');
  });

  it('are taxonomies in SARIF, to which the rules refer', () => {
    const [run] = (JSON.parse(renderSarif(result, options)) as { runs: readonly Run[] }).runs;
    expect(run?.tool.driver.supportedTaxonomies.map(({ name }) => name)).toEqual(
      run?.taxonomies.map(({ name }) => name),
    );
    const rule = run?.tool.driver.rules.find(({ id }) => id === 'MTLS-001');
    const [first] = rule?.relationships ?? [];
    const taxon = run?.taxonomies[first?.target.toolComponent.index ?? -1]?.taxa[first?.target.index ?? -1];
    expect(taxon).toMatchObject({
      id: first?.target.id,
      properties: { status: expect.any(String) as string },
    });
  });
});
