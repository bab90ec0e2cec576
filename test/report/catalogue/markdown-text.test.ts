import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markdownText } from '#report/catalogue/markdown-text.js';
import { tableStyle } from '#report/table-style.js';
import { displayWidth } from '#report/wrap-text.js';

const style = tableStyle({ color: false, width: 60 });

const page = `## How to fix

Set the **mode** of the [policy](https://istio.io/policy), and see
[the other](other.md) too.

- one thing that is so long that it does not fit into a single line
- another
  thing

\`\`\`yaml
spec:
  mtls: {}

  # after
\`\`\`
| a | b |
|---|---|
`;

describe('Markdown at a terminal', () => {
  it('is wrapped, code left as it is', () => {
    expect(markdownText(page, style)).toMatchInlineSnapshot(`
      "How to fix

        Set the mode of the policy (https://istio.io/policy), and
        see the other too.

        - one thing that is so long that it does not fit into a
          single line
        - another thing

          spec:
            mtls: {}

            # after

        | a | b |
        |---|---|"
    `);
  });

  it('has no colours when there are none', () => {
    expect(markdownText(page, style)).not.toContain('\u001B');
    expect(markdownText(page, tableStyle({ color: true, width: 60 }))).toContain('\u001B');
  });

  it('loses no word and keeps within the width', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(words, (all) => {
        const text = markdownText(all.join(' '), style);
        expect(text.split(/\s+/).filter((word) => word !== '')).toEqual(all);
        expect(text.split('\n').every((line) => displayWidth(line) <= 60)).toBe(true);
      }),
    );
  });
});
