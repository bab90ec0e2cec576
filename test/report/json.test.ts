import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderJson } from '#report/json.js';
import { options } from './render-options.js';
import { finding, sampleResult } from './sample-result.js';

const schema: unknown = JSON.parse(
  readFileSync(new URL('../../schemas/report.json', import.meta.url), 'utf8'),
);

/** The schema with every object closed: a field that the schema does not name is a mistake here. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, closed(member)]));
  return 'properties' in entries && 'type' in entries ? { ...entries, additionalProperties: false } : entries;
}

const validate = new Ajv2020({ allErrors: true, strict: true }).compile(Object(closed(schema)));

describe('JSON report', () => {
  it('is as it was', async () => {
    await expect(renderJson(sampleResult, options)).toMatchFileSnapshot('golden/json.txt');
  });

  it('validates against the published schema, field by field', () => {
    expect(validate(JSON.parse(renderJson(sampleResult, options))) ? [] : validate.errors).toEqual([]);
  });

  it('is refused by the schema when a field is lost or unknown', () => {
    const report = JSON.parse(renderJson(sampleResult, options)) as Record<string, unknown>;
    expect(validate({ ...report, summary: undefined })).toBe(false);
    expect(validate({ ...report, more: 1 })).toBe(false);
  });

  it('carries any text unharmed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const hostile = finding({ checkId: 'MTLS-001', severity: 'high', message: text, resource: text });
        const report = JSON.parse(renderJson({ ...sampleResult, findings: [hostile] }, options)) as {
          findings: { message: string }[];
        };
        expect(report.findings[0]?.message).toBe(text);
        expect(validate(report)).toBe(true);
      }),
    );
  });
});
