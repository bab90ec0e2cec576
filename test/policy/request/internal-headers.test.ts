import { describe, expect, it } from 'vitest';
import { ask, authorization, outcome, shopWith } from './ask.js';

// mutateRequestHeaders and cleanInternalHeaders in Envoy's source/common/http/conn_manager_utility.cc; no client is an
// internal one (buildHTTPConnectionManager in pilot/pkg/networking/core/listener_builder.go)
describe('headers that a sidecar takes away before its policies are asked', () => {
  const asks = (name: string): string =>
    authorization('p', {
      action: 'DENY',
      rules: [{ when: [{ key: `request.headers[${name}]`, values: ['*'] }] }],
    });
  it.each<[string, string]>([
    ['x-envoy-retry-on', 'allowed'],
    ['x-envoy-max-retries', 'allowed'],
    ['x-envoy-upstream-rq-timeout-ms', 'allowed'],
    ['x-envoy-force-trace', 'allowed'],
    ['x-envoy-internal', 'allowed'],
    ['keep-alive', 'allowed'],
    ['proxy-connection', 'allowed'],
    ['x-envoy-decorator-operation', 'denied authorization shop/p[0]'],
    ['x-envoy-original-path', 'denied authorization shop/p[0]'],
    ['upgrade', 'allowed'],
    ['x-envoy-external-address', 'denied authorization shop/p[0]'],
  ])('%s: %s', (name, expected) => {
    expect(outcome(ask(shopWith([asks(name)]), { http: { headers: { [name]: '1' } } }))).toBe(expected);
  });
});
