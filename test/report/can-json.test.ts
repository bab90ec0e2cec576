import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { decide, renderDecisions } from '#index.js';
import type { DecideResult, Question } from '#index.js';
import { deployment, namespace, object, asText } from '../policy/manifests.js';
import { door, gateway, routes, server, to } from '../policy/gateway/edge.js';

const schema = JSON.parse(readFileSync(new URL('../../schemas/decisions.json', import.meta.url), 'utf8')) as {
  readonly $defs: unknown;
};

/** The schema with every object closed: a field that the schema does not name is a mistake here. */
function closed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(closed);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, closed(member)]));
  return 'properties' in entries && 'type' in entries ? { ...entries, additionalProperties: false } : entries;
}

const ajv = new Ajv2020({ allErrors: true, strict: true });
const validate = ajv.compile(Object(closed(schema)));
const validateLine = ajv.compile({
  ...(closed({ $defs: schema.$defs }) as object),
  $ref: '#/$defs/Decision',
});

const text = asText([
  namespace('istio-system'),
  namespace('edge', { 'istio-injection': 'enabled' }),
  namespace('shop', { 'istio-injection': 'enabled' }),
  namespace('mist', { 'istio.io/dataplane-mode': 'ambient' }),
  ...door(),
  gateway('edge/gw', [server('HTTP', 80)]),
  routes('edge/r', ['shop.example'], [to('web.shop.svc.cluster.local:80')]),
  deployment('shop/web', { ports: [{ containerPort: 8080 }] }),
  deployment('mist/db', { ports: [{ containerPort: 8080 }] }),
  object('v1/Service', 'shop/web', {
    selector: { app: 'web' },
    ports: [{ name: 'http', port: 80, targetPort: 8080 }],
  }),
  object('security.istio.io/v1/AuthorizationPolicy', 'shop/no-post', {
    action: 'DENY',
    rules: [{ to: [{ operation: { methods: ['POST'] } }] }],
  }),
  object('security.istio.io/v1/AuthorizationPolicy', 'mist/no-shop', {
    action: 'DENY',
    rules: [{ from: [{ source: { namespaces: ['shop'] } }] }],
  }),
]);

const http = { method: 'POST', path: '/', headers: { 'X-Role': 'guest' } };
const token = {
  issuer: 'https://issuer.example',
  claims: { sub: 'ann', groups: ['a'] },
  problem: 'expired',
  keyId: 'k1',
  place: { param: 'access_token' },
} as const;
const questions: readonly Question[] = [
  { from: '-', to: 'shop/web:80', via: 'gateway', http, tokens: [token], proxyProtocol: '203.0.113.9' },
  { from: '-', to: 'shop/web:80', via: 'edge/door', certificate: ['client.example'] },
  { from: 'shop/web', to: 'mist/db:8080', http },
  { from: 'shop/sa/till', to: 'shop/web:80', http },
];
const requests = [
  { to: {} },
  { id: 'r', via: 'edge/door:80', from: { plaintext: true }, to: { service: 'shop/web', port: 80 } },
];

async function result(): Promise<DecideResult> {
  const sources = [
    { path: 'mesh.yaml', text },
    { path: 'broken.yaml', text: 'kind: [' },
  ];
  return decide({ sources, scope: 'complete', questions, requests });
}

describe('decisions as JSON', () => {
  it('validate against the published schema, field by field', async () => {
    const decided = await result();
    const report: unknown = JSON.parse(await renderDecisions(decided, 'json'));
    expect(validate(report) ? [] : validate.errors).toEqual([]);
    const fields = new Set(
      decided.decisions.flatMap((each) => Object.keys(JSON.parse(JSON.stringify(each)) as object)),
    );
    expect([...fields].sort()).toEqual([
      'by',
      'chain',
      'connection',
      'environment',
      'gateway',
      'id',
      'index',
      'missing',
      'problem',
      'request',
      'service',
      'stage',
      'verdict',
    ]);
  });

  it('do so line by line', async () => {
    const lines = (await renderDecisions(await result(), 'jsonl')).trimEnd().split('\n');
    expect(lines).toHaveLength(questions.length + requests.length);
    for (const line of lines) expect(validateLine(JSON.parse(line)) ? [] : validateLine.errors).toEqual([]);
  });

  it('are refused when a field is lost or unknown', async () => {
    const report = JSON.parse(await renderDecisions(await result(), 'json')) as Record<string, unknown>;
    expect(validate({ ...report, decisions: undefined })).toBe(false);
    expect(validate({ ...report, more: 1 })).toBe(false);
  });
});

describe('decisions for people', () => {
  it('tell the chain proxy by proxy', async () => {
    const decided = await result();
    const { decisions } = decided;
    const text = await renderDecisions(
      { ...decided, problems: [], decisions: decisions.filter(({ index }) => index === 2) },
      'table',
    );
    expect(text).toMatch(/^denied by shop\/no-post rule 0\n/);
    expect(text).toMatch(/by gateway edge\/Deployment\/door:8080/);
    expect(text.indexOf('gateway edge/Deployment/door:8080\n')).toBeLessThan(
      text.indexOf('workload shop/Deployment/web\n'),
    );
    expect(text).toMatch(
      /✖ deny .*DENY shop\/no-post rule 0\n.*AuthorizationPolicy shop\/no-post {2}mesh\.yaml:\d+/,
    );
  });
});
