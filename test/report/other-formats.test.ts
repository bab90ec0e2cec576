import { DOMParser, onErrorStopParsing } from '@xmldom/xmldom';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditResult } from '#check/index.js';
import { assessFramework } from '#controls/assess.js';
import { requireFramework } from '#controls/select-framework.js';
import { formats, type FormatName } from '#report/formats.js';
import { printable } from '#report/printable.js';
import { options } from './render-options.js';
import { finding, sampleResult } from './sample-result.js';

const names: readonly FormatName[] = [
  'sarif-full',
  'junit',
  'markdown',
  'csv',
  'html',
  'metrics',
  'gitlab-code-quality',
  'gitlab-sast',
  'policyreport',
  'openreports',
  'cyclonedx-vex',
  'oscal',
];

const render = async (
  format: FormatName,
  result: AuditResult = sampleResult,
  change: Partial<typeof options> = {},
): Promise<string> => (await formats[format]())(result, { ...options, ...change });

/** The sample with one finding, whose every text is the given one. */
function withText(text: string): AuditResult {
  const message = text;
  const hostile = finding({
    checkId: 'MTLS-001',
    severity: 'high',
    message,
    remediation: text,
    resource: text,
    location: { file: text, line: 1, column: 1 },
    subjects: [{ kind: text, namespace: text, name: text, location: undefined }],
    related: [{ location: { file: text, line: 2, column: 1 }, note: text }],
  });
  const problem = { code: 'syntax', file: text, message: text, hint: text, fatal: true } as const;
  return { ...sampleResult, inputs: { ...sampleResult.inputs, problems: [problem] }, findings: [hostile] };
}

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('</script><script>x</script>', ']]>', '"onload="x', '&#0;', '=1+1', '@admin', '|', '`'),
);

describe.each(names)('%s report', (name) => {
  it('is as it was', async () => {
    await expect(await render(name)).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  it('is made of an audit without findings too', async () => {
    const nothing = { ...sampleResult, findings: [], undecided: [], checks: [] };
    await expect(render(name, nothing)).resolves.toMatch(/./);
  });
});

describe('JUnit report', () => {
  const parse = (xml: string) =>
    new DOMParser({ onError: onErrorStopParsing }).parseFromString(xml, 'text/xml').documentElement;

  it('counts what it holds', async () => {
    const suites = parse(await render('junit'));
    for (const [total, tag] of [
      ['tests', 'testcase'],
      ['failures', 'failure'],
      ['errors', 'error'],
      ['skipped', 'skipped'],
    ] as const)
      expect(suites?.getAttribute(total)).toBe(String(suites?.getElementsByTagName(tag).length));
  });

  it('fails no case below the threshold', async () => {
    expect(await render('junit', sampleResult, { failOn: 'never' })).not.toContain('<failure');
    const grave = await render('junit', sampleResult, { failOn: 'critical' });
    expect(grave.match(/<failure/g)).toHaveLength(1);
  });

  it('skips what somebody has waived, with the reason', async () => {
    expect(await render('junit')).toContain('Waived: Migration until June.');
  });

  it('is well-formed whatever the input says', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const failure = parse(await render('junit', withText(text)))?.getElementsByTagName('failure')[0];
        expect(failure?.getAttribute('message')).toBe(printable(text));
      }),
    );
  });
});

describe('HTML report', () => {
  it('takes nothing of the input for markup', async () => {
    const tags = (html: string): readonly string[] => html.match(/<[a-z!/][^>]*>/gi) ?? [];
    const plain = tags(await render('html', withText('x')));
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        expect(tags(await render('html', withText(`a${text}`)))).toEqual(plain);
      }),
    );
  });

  it('asks for nothing from anywhere and runs nothing', async () => {
    const html = await render('html');
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script|<img|<link|https?:/);
  });

  it('leaves the findings out on request', async () => {
    expect(await render('html', sampleResult, { quiet: true })).not.toContain('<article>');
  });
});

describe('frameworks', () => {
  const frameworks = [assessFramework(requireFramework('pci-dss-4.0.1'), sampleResult.checks)];
  const asked = { ...sampleResult, frameworks };

  it('are shown control by control on the page, and in a line in Markdown', async () => {
    const html = await render('html', asked);
    for (const { clause } of frameworks[0]?.controls ?? []) expect(html).toContain(`>${clause}</span>`);
    expect(await render('markdown', asked)).toMatch(/\*\*PCI.*:\*\* of \d+ controls 0 satisfied/);
  });
});

describe('CSV report', () => {
  it('is no formula in a spreadsheet', async () => {
    for (const start of ['=', '+', '-', '@']) {
      const [, row] = (await render('csv', withText(`${start}cmd`))).split('\r\n');
      expect(row?.split(',').some((cell) => cell.startsWith(start))).toBe(false);
    }
  });

  it('keeps one finding in one row', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const rows = (await render('csv', withText(text)))
          .replaceAll(/"(?:[^"]|"")*"/g, 'quoted')
          .split('\r\n');
        expect(rows).toHaveLength(3);
        expect(rows[1]?.split(',')).toHaveLength(rows[0]?.split(',').length ?? 0);
      }),
    );
  });
});

describe('Markdown report', () => {
  it('stays within what a comment may hold', async () => {
    const many = Array.from({ length: 5000 }, (_, index) =>
      finding({ checkId: 'MTLS-001', severity: 'high', message: `Port ${String(index)} accepts plaintext.` }),
    );
    const checks = sampleResult.checks.slice(0, 1);
    const text = await render('markdown', { ...sampleResult, checks, findings: many });
    expect(text.length).toBeLessThan(65_536);
    expect(text).toContain('see the full report');
    expect(text.trimEnd()).toMatch(/<\/sub>$/);
  });

  it('notifies nobody and links nowhere', async () => {
    const text = await render('markdown', withText('@admin see #12 [x](https://evil.example) <img src=x>'));
    const outsideCode = text.replaceAll(/`[^`]*`/g, '');
    for (const live of ['@admin', '#12', '<img', '](', '://']) expect(outsideCode).not.toContain(live);
  });
});

describe('metrics', () => {
  it('have one line a sample, whatever the names', async () => {
    const sample = /^meshaudit_[a-z_]+(\{([a-z]+="([^"\\\n]|\\.)*",?)*\})? \d+$/;
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const result = withText('x');
        const [first] = result.environments;
        const environments = first === undefined ? [] : [{ ...first, name: text }];
        const lines = (await render('metrics', { ...result, environments })).trimEnd().split('\n');
        expect(lines.filter((line) => !line.startsWith('#') && !sample.test(line))).toEqual([]);
      }),
    );
  });

  it('say that an audit is not to be trusted', async () => {
    expect(await render('metrics')).toContain('meshaudit_trusted 0');
    const whole = { ...sampleResult, inputs: { ...sampleResult.inputs, problems: [] } };
    expect(await render('metrics', whole)).toContain('meshaudit_trusted 1');
  });
});

interface Reports {
  readonly items: readonly {
    readonly kind: string;
    readonly metadata: { readonly name: string; readonly namespace?: string };
    readonly summary: Readonly<Record<string, number>>;
    readonly results: readonly { readonly result: string; readonly policy: string }[];
  }[];
}

describe('policy reports', () => {
  const parse = async (format: FormatName, result = sampleResult): Promise<Reports['items']> =>
    (JSON.parse(await render(format, result)) as Reports).items;

  it('stand in the namespace of the resource to edit', async () => {
    const items = await parse('policyreport');
    expect(items.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
      ['PolicyReport', 'bookinfo'],
      ['ClusterPolicyReport', undefined],
    ]);
  });

  it('summarise what they hold', async () => {
    for (const { summary, results } of await parse('openreports')) {
      for (const [outcome, count] of Object.entries(summary))
        expect(results.filter(({ result }) => result === outcome)).toHaveLength(count);
    }
  });

  it('are divided before they are too large for the API server', async () => {
    const findings = Array.from({ length: 1200 }, (_, index) =>
      finding({ checkId: 'MTLS-001', severity: 'low', message: `Port ${String(index)}.` }),
    );
    const items = await parse('policyreport', { ...sampleResult, findings });
    const sizes = items.filter(({ kind }) => kind === 'PolicyReport').map(({ results }) => results.length);
    expect(sizes).toEqual([500, 500, 200]);
    expect(new Set(items.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).size).toBe(items.length);
  });
});

describe('GitLab reports', () => {
  it('leave out what somebody has waived', async () => {
    expect(JSON.parse(await render('gitlab-code-quality'))).toHaveLength(3);
    expect(await render('gitlab-sast')).not.toContain('Port 9080');
  });

  it('give a finding the same id in every run', async () => {
    const later = { now: new Date('2027-01-01T00:00:00Z') };
    const ids = (text: string): readonly string[] => text.match(/"id": "[0-9a-f-]{36}"/g) ?? [];
    const before = ids(await render('gitlab-sast'));
    expect(ids(await render('gitlab-sast', sampleResult, later))).toEqual(before);
    expect(new Set(before).size).toBe(3);
  });
});
