import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fail, runChecks, type Judged } from '#check';
import { matchesGlob } from '#check/waivers/match-waiver.js';
import { createWaiving } from '#check/waivers/waive.js';
import { parseInlineWaivers, type Waiver } from '#check/waivers/waiver.js';
import { sampleCheck, sampleContext, sampleLocate, sampleResource } from './sample.js';

const at = { file: '.meshaudit.yaml', line: 3, column: 5 };
const waiver = (given: Partial<Waiver>): Waiver => ({
  checks: ['MTLS-900'],
  reason: 'Moves in spring',
  owner: 'team-cart',
  expires: '2026-06-30',
  at,
  ...given,
});

const policy = sampleResource('PeerAuthentication', 'default');
const deployment = (name: string, metadata = {}) => sampleResource('Deployment', name, { metadata });

/** Two workloads that fail by one policy. */
const two = (first = deployment('cart'), second = deployment('pay'), cause = policy): readonly Judged[] =>
  [first, second].map((resource) => ({
    subject: { kind: 'Deployment', namespace: 'shop', name: resource.name, at: { resource, path: [] } },
    verdict: fail({ message: 'plain', at: { resource: cause, path: ['spec'] }, data: { port: 80 } }),
  }));

interface Given {
  readonly waivers?: readonly Waiver[];
  readonly today?: string;
  readonly judged?: readonly Judged[];
  readonly comments?: readonly string[];
}

function run({ waivers = [], today = '2026-03-01', judged = two(), comments = [] }: Given) {
  const waiving = createWaiving({ waivers, today, commentsAt: () => comments });
  return runChecks([sampleCheck(() => judged)], [sampleContext('prod')], { locate: sampleLocate, waiving });
}

const shown = ({ findings }: ReturnType<typeof run>) =>
  findings.map(({ subjects, suppression }) => [
    subjects.map(({ name }) => name).join(' '),
    suppression?.justification,
  ]);

describe('a waiver', () => {
  const justification = 'Moves in spring (team-cart, until 2026-06-30)';

  it.each<[string, Partial<Waiver>]>([
    ['the check alone', {}],
    ['the family', { checks: ['mtls'] }],
    ['the resource to edit', { resource: 'PeerAuthentication shop/default' }],
    ['the namespace', { namespace: 'sh*' }],
    ['the environment', { environment: 'prod' }],
  ])('takes out the whole finding by %s', (_, given) => {
    expect(shown(run({ waivers: [waiver(given)] }))).toEqual([['cart pay', justification]]);
  });

  it.each<[string, Partial<Waiver>]>([
    ['another check', { checks: ['GW-001'] }],
    ['another resource', { resource: 'PeerAuthentication shop/other' }],
    ['another kind', { resource: 'Service shop/default' }],
    ['another namespace', { namespace: 'shopping' }],
    ['another environment', { environment: 'dev' }],
    ['labels that it does not carry', { labels: { app: 'cart' } }],
    ['another fingerprint', { fingerprint: '00' }],
  ])('leaves the finding alone with %s', (_, given) => {
    expect(shown(run({ waivers: [waiver(given)] }))).toEqual([['cart pay', undefined]]);
  });

  it('takes one subject out of the finding of several', () => {
    expect(shown(run({ waivers: [waiver({ resource: 'Deployment shop/cart' })] })).toSorted()).toEqual([
      ['cart', justification],
      ['pay', undefined],
    ]);
  });

  it('goes by the labels of the resource', () => {
    const judged = two(deployment('cart', { labels: { tier: 'edge' } }));
    expect(shown(run({ waivers: [waiver({ labels: { tier: 'edge' } })], judged })).toSorted()).toEqual([
      ['cart', justification],
      ['pay', undefined],
    ]);
  });

  it('goes by the fingerprint, which the rest of a divided finding keeps', () => {
    const [before] = run({}).findings;
    const fingerprint = before?.fingerprint ?? '';
    expect(shown(run({ waivers: [waiver({ fingerprint })] }))).toEqual([['cart pay', justification]]);
    const divided = run({ waivers: [waiver({ resource: 'Deployment shop/cart' })] }).findings;
    expect(new Set(divided.map((finding) => finding.fingerprint)).size).toBe(2);
    expect(divided.find(({ suppression }) => suppression === undefined)?.fingerprint).toBe(fingerprint);
  });

  it('counts on its last day and no longer, and says so', () => {
    const waivers = [waiver({})];
    expect(shown(run({ waivers, today: '2026-06-30' }))).toEqual([['cart pay', justification]]);
    const late = run({ waivers, today: '2026-07-01' });
    expect(shown(late)).toEqual([['cart pay', undefined]]);
    expect(late.problems).toMatchObject([{ code: 'waiver-expired', ...at1(), fatal: false }]);
  });

  it('is reported when it waives nothing, unless its check did not run', () => {
    expect(run({ waivers: [waiver({ namespace: 'bank' })] }).problems).toMatchObject([
      { code: 'waiver-unused', ...at1(), fatal: false },
    ]);
    expect(run({ waivers: [waiver({ checks: ['GW-001'] })] }).problems).toEqual([]);
    expect(run({ waivers: [waiver({})] }).problems).toEqual([]);
  });
});

const at1 = () => ({ file: at.file, line: at.line });

describe('waivers in the input', () => {
  it('come from the annotation of a subject, for it alone', () => {
    const annotations = { 'meshaudit.io/waive': 'GW-001: other\nmtls-900: legacy: until we move' };
    const judged = two(deployment('cart', { annotations }));
    expect(shown(run({ judged })).toSorted()).toEqual([
      ['cart', 'legacy: until we move'],
      ['pay', undefined],
    ]);
  });

  it('come from the annotation of the resource to edit, for all', () => {
    const cause = sampleResource('PeerAuthentication', 'default', {
      metadata: { annotations: { 'meshaudit.io/waive': 'MTLS-900, MTLS-901: agreed' } },
    });
    expect(shown(run({ judged: two(undefined, undefined, cause) }))).toEqual([['cart pay', 'agreed']]);
  });

  it('come from a comment', () => {
    expect(shown(run({ comments: ['mtls: agreed'] }))).toEqual([['cart pay', 'agreed']]);
    expect(shown(run({ comments: ['GW-001: agreed'] }))).toEqual([['cart pay', undefined]]);
  });

  it('are of no use without a reason, which is said once', () => {
    const { findings, problems } = run({ comments: ['MTLS-900'] });
    expect(findings[0]?.suppression).toBeUndefined();
    expect(problems).toMatchObject([{ code: 'waiver-unusable', file: 'default.yaml', fatal: false }]);
  });
});

describe('parseInlineWaivers', () => {
  it('reads what it can and says what it cannot', () => {
    expect(parseInlineWaivers('A-1: x\r\n\n B-2 ,c :  y: z \nD-4:\n!: no')).toEqual({
      waivers: [
        { checks: ['A-1'], reason: 'x' },
        { checks: ['B-2', 'c'], reason: 'y: z' },
      ],
      errors: [
        { text: 'D-4:', problem: 'it gives no reason' },
        { text: '!: no', problem: 'it does not begin with the ids of checks' },
      ],
    });
  });
});

describe('matchesGlob', () => {
  it.each([
    ['a*b*b', 'ab', false],
    ['a*b*b', 'abb', true],
    ['*a*a*', 'a', false],
    ['*a*a*', 'aa', true],
  ])('takes no character of a text twice: %s on %s', (pattern, text, expected) => {
    expect(matchesGlob(pattern, text)).toBe(expected);
  });

  it('agrees with a regular expression', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.'), maxLength: 8 });
    fc.assert(
      fc.property(letters, letters, (pattern, text) => {
        const escaped = pattern.replaceAll('.', '\\.').replaceAll('*', '.*');
        expect(matchesGlob(pattern, text)).toBe(new RegExp(`^${escaped}$`, 's').test(text));
      }),
    );
  });
});
