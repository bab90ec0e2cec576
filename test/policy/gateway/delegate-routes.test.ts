import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { ask, gateway, routes, server, to, virtualService } from './edge.js';

const web = to('web.shop.svc.cluster.local:80');
const open = gateway('edge/gw', [server('HTTP', 80)]);
const host = 'shop.example';

describe('delegates (mergeHTTPRoutes in pilot/pkg/model/virtualservice.go)', () => {
  const root = (match: JsonObject, place: JsonObject = { name: 'part', namespace: 'shop' }): JsonObject =>
    routes('edge/root', [host], [{ match: [match], delegate: place }]);
  const part = (http: readonly JsonObject[], spec: JsonObject = {}): JsonObject =>
    virtualService('shop/part', { http, ...spec });
  const under = (match: JsonObject): JsonObject => part([{ match: [match], ...web }]);
  const prefix = { uri: { prefix: '/a' } };
  const yes = 'routed web.shop:80';
  const no = 'not-found 404';

  const cases: readonly [string, readonly JsonObject[], string, string][] = [
    ['narrower conditions', [root(prefix), under({ uri: { prefix: '/a/b' } })], '/a/b/c', yes],
    ['… take nothing else', [root(prefix), under({ uri: { prefix: '/a/b' } })], '/a/c', no],
    ['conflicting ones drop the rule', [root(prefix), under({ uri: { prefix: '/b' } })], '/b', no],
    ['a rule without conditions takes the root’s', [root(prefix), part([web])], '/a', yes],
    ['other dimensions add up', [root(prefix), under({ method: { exact: 'GET' } })], '/a', yes],
    ['a regular expression goes with nothing', [root(prefix), under({ uri: { regex: '/a' } })], '/a', no],
    ['no such delegate', [root(prefix)], '/a', no],
    ['one with hosts is none', [root(prefix), part([web], { hosts: ['x.example'] })], '/a', no],
    [
      'one that the root’s namespace does not see',
      [root(prefix), part([web], { exportTo: ['.'] })],
      '/a',
      no,
    ],
    ['by default in the root’s namespace', [root(prefix, { name: 'part' }), part([web])], '/a', no],
    [
      'letter case that only one side ignores',
      [root(prefix), under({ uri: { prefix: '/a' }, ignoreUriCase: true })],
      '/a',
      no,
    ],
    [
      'gateways beyond the root’s',
      [root({ ...prefix, gateways: ['edge/gw'] }), under({ gateways: ['mesh', 'edge/gw'] })],
      '/a',
      no,
    ],
  ];
  it.each(cases)('%s', (_title, parts, path, expected) => {
    expect(ask([open, ...parts], { path })).toBe(expected);
  });
});
