import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { posture, renderPosture } from '#index.js';

const schema: unknown = JSON.parse(
  readFileSync(new URL('../../schemas/posture.json', import.meta.url), 'utf8'),
);

/** The schema with every object closed: a field that the schema does not name is a mistake here. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, closed(member)]));
  return 'properties' in entries && 'type' in entries ? { ...entries, additionalProperties: false } : entries;
}

const validate = new Ajv2020({ allErrors: true, strict: true }).compile(Object(closed(schema)));

const mesh = `apiVersion: v1
kind: Namespace
metadata: { name: shop, labels: { istio-injection: enabled } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: cart, namespace: shop }
spec:
  selector: { matchLabels: { app: cart } }
  template:
    metadata:
      labels: { app: cart }
      annotations: { traffic.sidecar.istio.io/excludeInboundPorts: "9090" }
    spec:
      containers:
        - name: cart
          ports: [{ containerPort: 8080 }, { containerPort: 9090, hostPort: 9090 }]
---
apiVersion: v1
kind: Service
metadata: { name: cart, namespace: shop }
spec:
  type: LoadBalancer
  selector: { app: cart }
  ports: [{ name: http, port: 80, targetPort: 8080 }]
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: shop }
spec: { mtls: { mode: STRICT } }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: readers, namespace: shop }
spec: { rules: [{ from: [{ source: { requestPrincipals: ["*"] } }] }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: trial, namespace: shop, annotations: { istio.io/dry-run: "true" } }
spec: { action: DENY, rules: [{}] }
---
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: tokens, namespace: shop }
spec: { jwtRules: [{ issuer: https://issuer.example, audiences: [shop] }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: books, namespace: shop }
spec: { host: books.example.com, trafficPolicy: { tls: { mode: SIMPLE } } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: others, namespace: shop }
spec:
  host: others.example.com
  workloadSelector: { matchLabels: { app: other } }
  trafficPolicy: { tls: { mode: DISABLE } }
`;

const read = (text: string, options = {}) =>
  posture({ sources: [{ path: 'shop.yaml', text }], scope: 'complete', ...options });

describe('posture of a workload', () => {
  it('is told in one row', async () => {
    const { workloads } = await read(mesh);
    expect(workloads).toHaveLength(1);
    expect(workloads[0]).toMatchObject({
      environment: '',
      namespace: 'shop',
      kind: 'Deployment',
      name: 'cart',
      location: { file: 'shop.yaml', line: 5, column: 1 },
      principal: 'cluster.local/ns/shop/sa/default',
      enrolment: { dataPlane: 'sidecar', missing: [] },
      capture: { state: 'limited', limits: [{ direction: 'inbound' }] },
      mtls: {
        otherPorts: 'STRICT',
        ports: [
          { port: 8080, protocol: 'HTTP', mtls: 'STRICT', bypass: undefined },
          { port: 9090, protocol: 'AUTO', mtls: 'STRICT' },
        ],
      },
      authorization: {
        defaultAction: 'deny',
        allowsEverything: false,
        policies: [
          { policy: 'shop/readers', action: 'ALLOW', scope: 'namespace-wide', dryRun: false },
          { policy: 'shop/trial', action: 'DENY', scope: 'namespace-wide', dryRun: true },
        ],
      },
      clientTls: {
        byDefault: 'auto',
        rules: [{ rule: 'shop/books', host: 'books.example.com', mode: 'SIMPLE', reach: 'all ports' }],
      },
      jwt: {
        token: 'required',
        issuers: [{ issuer: 'https://issuer.example', audiences: ['shop'], policy: 'shop/tokens' }],
      },
      exposure: {
        ways: [{ by: 'service', port: 80, tls: 'DIRECT' }],
        node: [{ kind: 'hostPort', ports: [9090] }],
      },
      egress: { mode: 'ALLOW_ANY' },
      accessLog: { state: 'off' },
      story: undefined,
    });
    expect(workloads[0]?.mtls.ports[1]?.bypass).toMatch(/without mutual TLS/);
  });

  it('says unknown and what is missing where the input is a part', async () => {
    const part = mesh.slice(0, mesh.indexOf('apiVersion: security')).replace(/^.*?---\n/s, '');
    const [row] = (await read(part, { scope: 'partial' })).workloads;
    expect(row?.enrolment).toMatchObject({ dataPlane: 'unknown', missing: [{ key: 'namespace-labels' }] });
    expect(row?.authorization.defaultAction).toBe('unknown');
    expect(row?.jwt).toMatchObject({ token: 'unknown', issuers: [] });
    expect(row?.jwt.missing.length).toBeGreaterThan(0);
  });

  it('shows policies that apply where the default is unknown', async () => {
    const deny = mesh.replace('spec: { rules:', 'spec: { action: DENY, rules:');
    const [row] = (await read(deny, { scope: 'partial' })).workloads;
    expect(row?.authorization).toMatchObject({
      defaultAction: 'unknown',
      policies: [
        { policy: 'shop/readers', action: 'DENY' },
        { policy: 'shop/trial', dryRun: true },
      ],
    });
  });

  it('tells the whole story of those asked for, with the line that decides', async () => {
    const filter = { workloads: ['shop/cart'] };
    const story = (await read(mesh, { filter })).workloads[0]?.story ?? [];
    const chapters = new Map(story.map((chapter) => [chapter.title, chapter]));
    expect(chapters.get('Enrolment')?.decidedBy?.location).toMatchObject({ line: 3 });
    expect(chapters.get('mTLS of port 8080 (HTTP)')).toMatchObject({
      answer: 'STRICT',
      decidedBy: { resource: 'PeerAuthentication shop/default', location: { line: 30, column: 17 } },
    });
    expect(chapters.get('mTLS of port 9090 (AUTO)')?.answer).toMatch(/does not see this port/);
    expect(chapters.get('Access log')?.answer).toBe("off (Istio's default)");
    expect(chapters.get('Authorization')?.considered.map(({ note }) => note)).toEqual([
      'ALLOW, namespace-wide',
      'DENY, namespace-wide, dry run',
    ]);
  });

  it('says which version of Istio it takes, and takes the one it is told', async () => {
    const notes = async (options = {}) =>
      (await read(mesh, options)).environments[0]?.assumptions.map(({ text }) => text) ?? [];
    expect(await notes()).toEqual([expect.stringMatching(/^Istio 1\.\d+ assumed, the newest known/)]);
    expect(await notes({ istioVersion: '1.25' })).toEqual([
      expect.stringMatching(/^Istio 1\.25 assumed, as told/),
    ]);
  });

  it('of a namespace that the input does not hold is no row', async () => {
    const { workloads, unmatched } = await read(mesh, { filter: { namespaces: ['elsewhere'] } });
    expect(workloads).toEqual([]);
    expect(unmatched).toMatchObject([{ part: 'namespace', named: 'elsewhere' }]);
  });
});

describe('JSON of the posture', () => {
  const report = async (text: string, options = {}): Promise<unknown> =>
    JSON.parse(await renderPosture(await read(text, options), 'json'));

  it.each([
    ['complete', {}],
    ['partial', { scope: 'partial' }],
    ['with its story', { filter: { workloads: ['shop/cart'] } }],
  ])('keeps to the published schema: %s', async (_, options) => {
    const value = await report(mesh, options);
    expect(validate(value) ? [] : validate.errors).toEqual([]);
    expect(validate({ ...Object(value), more: 1 })).toBe(false);
  });

  it('is the same for documents in another order', async () => {
    const rows = async (text: string) => {
      const { workloads } = await read(text);
      return workloads.map((row) => ({ ...row, location: undefined }));
    };
    const documents = mesh.split('---\n');
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(documents, { minLength: documents.length }), async (order) => {
        expect(await rows(order.join('---\n'))).toEqual(await rows(mesh));
      }),
      { numRuns: 10 },
    );
  });
});

describe('table of the posture', () => {
  it('keeps to 80 columns and lets no name reach the terminal as it is', async () => {
    const hostile = mesh
      .replaceAll('name: cart, namespace', 'name: "\\u001b[31mcart::error::\\u202e", namespace')
      .replaceAll('https://issuer.example', `https://issuer.example/${'x'.repeat(300)}`);
    for (const filter of [{}, { namespaces: ['shop'] }]) {
      const text = await renderPosture(await read(hostile, { filter, stored: true }), 'table');
      expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
      expect(text).toContain('\\u{1b}');
      // eslint-disable-next-line no-control-regex -- that is what must not be there
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]|^\s*::/m);
    }
  });
});
