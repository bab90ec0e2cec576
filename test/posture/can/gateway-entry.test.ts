import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { ask } from '#posture/can/ask.js';
import { decideAsked, readAskedRequest } from '#posture/can/asked-request.js';
import { edge, gateway, routes, server, simple, to } from '../../policy/gateway/edge.js';
import { base, open, outcomeOf, policy, question, route, said, web } from './ask-edge.js';

describe('the gateway', () => {
  it.each([
    'edge/door',
    'edge/Deployment/door',
    'edge/door:80',
    'edge/door:8080',
    'edge/gw',
    'edge/Gateway/gw',
    'edge/Service/door:80',
    'gateway',
  ])('%s is found', (via) => {
    expect(said([open, route()], { via })).toBe('allowed');
  });

  it('is the one that lets the client in, of several ports', () => {
    const both = gateway('edge/gw', [server('HTTP', 80), server('HTTPS', 443, ['*'], simple)]);
    expect(outcomeOf([both, route()]).gateway).toBe('edge/Deployment/door:8443');
    const noTls = policy('edge/no', {
      action: 'DENY',
      rules: [{ to: [{ operation: { ports: ['8443'] } }] }],
    });
    expect(outcomeOf([both, route(), noTls])).toMatchObject({
      gateway: 'edge/Deployment/door:8080',
      decision: { verdict: 'allowed' },
    });
  });

  it.each<[string, string]>([
    ['edge/dor', 'the input holds no gateway pods for edge/dor'],
    ['shop/web', 'the input holds no gateway pods for shop/web'],
    ['edge/door:9999999', 'edge/door has no port 9999999'],
    ['door', '"door" names no gateway'],
  ])('%s is none', (via, problem) => {
    expect(ask(edge(...base, open, route()), { ...question, via })).toMatchObject({ problem });
  });

  it('wants to know the host where several lead to the target', () => {
    const two = routes('edge/s', ['two.example'], [to(web)]);
    expect(ask(edge(...base, open, route(), two), question)).toMatchObject({
      hint: 'Say which with --host.',
    });
  });
});

describe('requests as JSON', () => {
  const json = {
    id: 'r',
    via: 'edge/door:80',
    from: { plaintext: true },
    to: { namespace: 'shop', workload: 'Deployment/web', port: 8080 },
    http: { host: 'shop.example' },
  };
  const decide = (value: JsonObject): string => {
    const asked = readAskedRequest(value);
    if (typeof asked === 'string') return asked;
    const outcomes = decideAsked(edge(...base, open, route()), asked);
    if ('problem' in outcomes) return outcomes.problem;
    return outcomes.map(({ decision: { verdict, stage } }) => `${verdict} ${stage ?? ''}`.trim()).join();
  };
  it('come in by a gateway', () => {
    expect(decide(json)).toBe('allowed');
    expect(decide({ ...json, http: { host: 'else.example' } })).toBe('denied route');
    expect(decide({ ...json, from: { tls: 'foreign' } })).toBe('denied transport');
    expect(decide({ ...json, to: { service: 'shop/web', port: 80 } })).toBe('allowed');
    expect(decide({ ...json, to: { service: 'shop/web', port: 81 } })).toContain('no port 81');
    expect(decide({ ...json, via: 'edge/dor' })).toBe('the input holds no gateway pods for edge/dor');
    expect(decide({ ...json, via: 80 })).toBe('via names a gateway: namespace/name[:port]');
    expect(decide({ ...json, through: 'tunnel' })).toBe('through is ztunnel, sidecar or gateway');
  });
});
