import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keepsResponses } from '#policy/log-filter.js';

describe('keepsResponses (pilot/pkg/networking/core/accesslog.go)', () => {
  it.each([
    ['response.code >= 400', true],
    ['response.code >= 500', false],
    ['500 <= response.code', false],
    ['400<=response.code', true],
    ['response.code != 200', true],
    ['response.code == 403 || response.code >= 500', true],
    ['response.code >= 500 || response.code == 0', false],
    ['response.code >= 400 && response.code < 500', true],
    ['!(response.code >= 200 && response.code < 500)', false],
    ['!(response.code < 400)', true],
    ['(response.code >= 400)', true],
    ['true', true],
    ['false', false],
    ['response.code >= 500 && request.url_path.startsWith("/api")', false],
    ['response.code >= 400 || connection.mtls', true],
    ['response.code >= 500 || connection.mtls', undefined],
    ['!request.url_path.startsWith("/healthz")', undefined],
    ['request.path == "a || response.code >= 400"', undefined],
    ['(response.code + 1) > 500', undefined],
    ['connection.mtls ? true : false', undefined],
    ['response.code >= 400)', undefined],
    ['(response.code >= 400', undefined],
    ['', undefined],
    ['response.code >= 4e2', undefined],
  ])('%s: %s', (expression, expected) => {
    expect(keepsResponses(expression, 403)).toBe(expected);
  });

  it('gives up on what is too long or too deep', () => {
    expect(keepsResponses(`${'('.repeat(500)}true${')'.repeat(500)}`, 403)).toBeUndefined();
    expect(keepsResponses(`${'!'.repeat(9999)}true`, 403)).toBeUndefined();
  });

  interface Tree {
    readonly text: string;
    readonly holds: (code: number) => boolean;
  }
  const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc
        .tuple(fc.constantFrom('==', '!=', '<', '<=', '>', '>='), fc.integer({ min: 100, max: 599 }))
        .map(([operator, literal]) => ({
          text: `response.code ${operator} ${String(literal)}`,
          holds: (code: number) =>
            ({
              '==': code === literal,
              '!=': code !== literal,
              '<': code < literal,
              '<=': code <= literal,
              '>': code > literal,
              '>=': code >= literal,
            })[operator],
        })),
      tie('tree').map((one) => ({ text: `!(${one.text})`, holds: (code: number) => !one.holds(code) })),
      fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => ({
        text: `(${a.text}) && (${b.text})`,
        holds: (code: number) => a.holds(code) && b.holds(code),
      })),
      fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => ({
        text: `(${a.text} || ${b.text})`,
        holds: (code: number) => a.holds(code) || b.holds(code),
      })),
    ),
  }));

  it('decides every combination of comparisons with the code', () => {
    fc.assert(
      fc.property(tree, fc.constantFrom(200, 401, 403, 503), ({ text, holds }, code) => {
        fc.pre(text.length < 2000);
        const decided = keepsResponses(text, code);
        expect(decided === undefined || decided === holds(code)).toBe(true);
        if (!/\({20}/.test(text)) expect(decided).toBe(holds(code));
      }),
    );
  });
});
