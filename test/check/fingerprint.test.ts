import { describe, expect, it } from 'vitest';
import type { FieldPath, Resource } from '#documents/document.js';
import type { JsonObject } from '#documents/json.js';
import { fail, runChecks } from '#check';
import { fingerprint, stablePath } from '#check/fingerprint.js';
import { sampleCheck, sampleContext, sampleLocate, sampleResource, sampleSubject } from './sample.js';

const print = (resource: Resource, path: FieldPath, cause?: string): string =>
  fingerprint({ checkId: 'MTLS-900', messageKey: 'open', cause, at: { resource, path } });

const gateway = (...servers: readonly JsonObject[]): Resource =>
  sampleResource('Gateway', 'edge', { spec: { servers: [...servers] } });

const http = { port: { number: 80, name: 'http' }, hosts: ['*'] };
const https = { port: { number: 443, name: 'https' }, hosts: ['*'] };
const path = (index: number): FieldPath => ['spec', 'servers', index, 'hosts', 0];

describe('fingerprint', () => {
  const original = print(gateway(http, https), path(1));

  it.each<[string, Resource, FieldPath]>([
    ['a renamed file', { ...gateway(http, https), origin: sampleResource('', 'other').origin }, path(1)],
    [
      'moved lines',
      { ...gateway(http, https), origin: { file: 'edge.yaml', document: 3, path: ['items', 1], line: 90 } },
      path(1),
    ],
    ['another order of keys', gateway(http, { hosts: ['*'], port: { name: 'https', number: 443 } }), path(1)],
    ['an element put in before', gateway({ ...http, port: { number: 81, name: 'x' } }, http, https), path(2)],
    [
      'another API version',
      { ...gateway(http, https), version: 'v1beta1', apiVersion: 'x/v1beta1' },
      path(1),
    ],
  ])('is the same after %s', (_, resource, at) => {
    expect(print(resource, at)).toBe(original);
  });

  it.each<[string, Resource, FieldPath]>([
    ['element', gateway(http, https), path(0)],
    ['field', gateway(http, https), ['spec', 'servers', 1]],
    ['resource', { ...gateway(http, https), name: 'inner' }, path(1)],
    ['namespace', { ...gateway(http, https), namespace: 'bank' }, path(1)],
    ['kind', { ...gateway(http, https), kind: 'Sidecar' }, path(1)],
  ])('differs for another %s', (_, resource, at) => {
    expect(print(resource, at)).not.toBe(original);
  });

  it('identifies an absence by its cause alone', () => {
    expect(print(gateway(http), [], 'no policy')).toBe(
      print(sampleResource('Pod', 'p'), ['spec'], 'no policy'),
    );
    expect(print(gateway(http), [], 'no policy')).not.toBe(print(gateway(http), [], 'no mode'));
  });

  it('counts elements that nothing tells apart', () => {
    const resource = sampleResource('AuthorizationPolicy', 'p', { spec: { rules: [{}, {}, { from: [] }] } });
    const paths = [0, 1, 2].map((i) => stablePath({ resource, path: ['spec', 'rules', i] }).join('/'));
    expect(new Set(paths).size).toBe(3);
    expect(paths[1]).toBe(`${paths[0] ?? ''}#1`);
  });

  it('is not led astray by keys of prototypes', () => {
    const resource = sampleResource(
      'Pod',
      'p',
      JSON.parse('{"list":[{"__proto__":{"name":"x"}}]}') as JsonObject,
    );
    expect(stablePath({ resource, path: ['list', 0] })[1]).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('fingerprints of one run', () => {
  const findings = (environments: readonly string[]) =>
    runChecks(
      [
        sampleCheck(({ mesh: { environment } }) => {
          const resource = sampleResource('PeerAuthentication', 'default', {}, `${environment}/pa.yaml`);
          return [
            {
              subject: sampleSubject('Deployment', 'a'),
              verdict: fail({ message: 'plain', at: { resource, path: [] }, data: { port: 1 } }),
            },
          ];
        }),
      ],
      environments.map(sampleContext),
      { locate: sampleLocate },
    ).findings;

  it('tell the copies of two environments apart, whatever their order', () => {
    const prints = (environments: readonly string[]) =>
      new Map(findings(environments).map((finding) => [finding.environments.join(), finding.fingerprint]));
    expect(prints(['dev', 'prod'])).toEqual(prints(['prod', 'dev']));
    expect(new Set(prints(['dev', 'prod']).values()).size).toBe(2);
  });
});
