import { describe, expect, it } from 'vitest';
import { decide, MisnamedError, renderDecisions } from '#index.js';

const cart = (place: string, mode: string): { path: string; text: string } => ({
  path: `${place}/cart.yaml`,
  text: `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata: { labels: { app: cart } }
    spec: { containers: [{ name: cart, image: "cart:1", ports: [{ containerPort: 8080 }] }] }
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: ${mode} } }
`,
});

const request = {
  id: 'r1',
  from: { plaintext: true },
  to: { namespace: 'shop', workload: 'Deployment/cart', port: 8080 },
};
const complete = { scope: 'complete' } as const;

describe('decide', () => {
  it('decides requests as JSON and questions by name, in the order given', async () => {
    const { decisions } = await decide({
      ...complete,
      sources: [cart('base', 'STRICT')],
      requests: [request, { to: {} }],
      questions: [{ from: 'shop/sa/till', to: 'shop/cart' }],
    });
    expect(decisions).toMatchObject([
      { index: 0, id: 'r1', verdict: 'denied', stage: 'transport' },
      {
        index: 1,
        verdict: 'unknown',
        request: undefined,
        problem: expect.stringContaining('from needs') as unknown,
      },
      { index: 2, verdict: 'allowed', request: { to: { workload: 'Deployment/cart', port: 8080 } } },
    ]);
    expect(decisions[0]?.chain[0]).toMatchObject({
      stage: 'transport',
      outcome: 'denied',
      resource: 'PeerAuthentication shop/default',
      location: { file: 'base/cart.yaml', line: 17 },
    });
  });

  it('answers for each environment by its name', async () => {
    const sources = [cart('dev', 'PERMISSIVE'), cart('prod', 'STRICT')];
    const { decisions } = await decide({ ...complete, sources, questions: [{ from: '-', to: 'shop/cart' }] });
    expect(decisions.map(({ environment, verdict }) => `${environment} ${verdict}`)).toEqual([
      'dev allowed',
      'prod denied',
    ]);
    const text = await renderDecisions(
      { ...(await decide({ ...complete, sources, requests: [request] })) },
      'table',
    );
    expect(text).toMatch(/^allowed in dev\n[^]*^denied in prod\n/m);
  });

  it('throws for names that no environment holds', async () => {
    const asked = decide({ sources: [cart('base', 'STRICT')], questions: [{ from: '-', to: 'shop/card' }] });
    await expect(asked).rejects.toThrow(MisnamedError);
    await expect(decide({})).rejects.toThrow(TypeError);
  });

  it('keeps hostile values out of the terminal', async () => {
    const hostile = {
      ...request,
      id: '\u001b[2J',
      http: { method: 'GET', path: '/\u001b]0;x\u0007', host: '::error::' },
    };
    const result = await decide({ ...complete, sources: [cart('base', 'PERMISSIVE')], requests: [hostile] });
    const both = await decide({
      ...complete,
      sources: [cart('base', 'PERMISSIVE')],
      requests: [hostile, hostile],
    });
    for (const one of [result, both]) {
      const text = await renderDecisions(one, 'table');
      // eslint-disable-next-line no-control-regex -- that is what must not be there
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    }
    const [line = ''] = (await renderDecisions(both, 'jsonl')).split('\n');
    expect((JSON.parse(line) as { id: string }).id).toBe('\u001b[2J');
  });
});
