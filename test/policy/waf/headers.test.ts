import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { deployment, meshConfig, object, service } from '../manifests.js';
import { at, check, cluster, envoyFilter, insert, patch, router } from '../filter-chain/bakery.js';
import { agent, agentCluster, bakery, decisions, fullCheck, gapOfKind, known, told } from './kiln.js';

type Objects = readonly JsonObject[];

const engine: Objects = [
  deployment('bakery/crs', {
    spec: {
      containers: [{ name: 'crs', image: 'owasp/modsecurity-crs:4-nginx', ports: [{ containerPort: 8080 }] }],
    },
  }),
  service('bakery/crs', [{ name: 'http', port: 8080, targetPort: 8080 }]),
];

const policy = object('security.istio.io/v1/AuthorizationPolicy', 'bakery/check', {
  selector: { matchLabels: { app: 'oven' } },
  action: 'CUSTOM',
  provider: { name: 'waf' },
  rules: [{}],
});

function provider(kind: string, fields: JsonObject = {}): Objects {
  const settings = {
    service: 'crs.bakery.svc.cluster.local',
    port: 8080,
    includeRequestBodyInCheck: { maxRequestBytes: 8192 },
    ...fields,
  };
  const mesh = meshConfig({ extensionProviders: [{ name: 'waf', [kind]: settings }] });
  return [...bakery({ containers: [] }), ...engine, policy, mesh];
}

const overHttp = 'envoyExtAuthzHttp';

describe('an extension provider that asks over HTTP (pilot/pkg/security/authz/builder/extauthz.go)', () => {
  it.each<[string, JsonObject, string]>([
    ['no list', {}, 'partly: headers-left-out'],
    ['some', { includeRequestHeadersInCheck: ['Cookie'] }, 'partly: headers-left-out'],
    [
      'names, and a prefix',
      { includeRequestHeadersInCheck: ['content-type', 'COOKIE', 'user-*'] },
      'inspected',
    ],
    ['the field before it', { includeHeadersInCheck: ['content-type', 'cookie', 'user-agent'] }, 'inspected'],
    ['a path before the own one', { pathPrefix: '/check' }, 'partly: headers-left-out'],
  ])('%s', (_case, fields, expected) => {
    expect(told(provider(overHttp, fields))).toBe(expected);
  });

  it('names what is missing, and the provider', () => {
    const objects = provider(overHttp, { includeRequestHeadersInCheck: ['Cookie'] });
    expect(gapOfKind(objects, 'headers-left-out').data).toMatchObject({
      headers: 'Content-Type, User-Agent',
      object: 'extension provider waf',
    });
  });

  it('over gRPC a reverse proxy does not answer', () => {
    expect(told(provider('envoyExtAuthzGrpc'))).toMatch(/^not-inspected: agent-mode-mismatch/);
  });
});

const asked = {
  http_service: { server_uri: { uri: 'http://crs', cluster: 'crs', timeout: '1s' } },
  grpc_service: null,
};

function filtered(fields: JsonObject): Objects {
  const value = check('envoy.filters.http.ext_authz', {
    http_service: asked.http_service,
    with_request_body: { max_request_bytes: 8192 },
    ...fields,
  });
  const added = patch('CLUSTER', 'ADD', cluster('crs', 'crs.bakery.svc.cluster.local', 8080), {
    context: 'SIDECAR_OUTBOUND',
  });
  const selected = { labels: { app: 'oven' } };
  const own = envoyFilter('bakery/waf', [insert(value, at(router)), added], selected);
  return [...bakery({ containers: [] }), ...engine, own];
}

const patterns = (...list: readonly JsonObject[]): JsonObject => ({ patterns: list });

describe('allowed_headers of ext_authz (envoy/extensions/filters/http/ext_authz/v3/ext_authz.proto)', () => {
  it.each<[string, JsonObject, string]>([
    ['absent', {}, 'partly: headers-left-out'],
    ['all of them', { allowed_headers: patterns({ safe_regex: { regex: '.*' } }) }, 'inspected'],
    ['all of them, in camelCase', { allowedHeaders: patterns({ safeRegex: { regex: '.+' } }) }, 'inspected'],
    ['all but few', { allowed_headers: patterns({ prefix: 'x-' }) }, 'partly: headers-left-out'],
    [
      'by every kind of pattern',
      {
        allowed_headers: patterns(
          { exact: 'Content-Type', ignore_case: true },
          { suffix: 'kie' },
          { contains: 'agent' },
        ),
      },
      'inspected',
    ],
    [
      'in the field before it',
      {
        http_service: {
          ...asked.http_service,
          authorization_request: { allowed_headers: patterns({ safe_regex: { regex: '.*' } }) },
        },
      },
      'inspected',
    ],
    [
      'all of them but some',
      {
        allowed_headers: patterns({ safe_regex: { regex: '.*' } }),
        disallowed_headers: patterns({ exact: 'cookie' }),
      },
      'partly: headers-left-out',
    ],
  ])('over HTTP: %s', (_case, fields, expected) => {
    expect(told(filtered(fields))).toBe(expected);
  });

  it('over gRPC all are sent, unless a list says which', () => {
    const parts = (fields: JsonObject): Objects => {
      const own = [
        insert(fullCheck(fields), at(router)),
        patch('CLUSTER', 'ADD', agentCluster(), { context: 'SIDECAR_OUTBOUND' }),
      ];
      return [
        ...bakery({ containers: [agent()] }),
        envoyFilter('bakery/waf', own, { labels: { app: 'oven' } }),
      ];
    };
    expect(known(parts({})).verdict).toBe('inspected');
    expect(told(parts({ allowed_headers: patterns({ exact: 'authorization' }) }))).toBe(
      'partly: headers-left-out',
    );
  });

  it('says nothing of an engine that can not be asked over HTTP', () => {
    const agentOnly = filtered({}).filter((one) => !engine.includes(one));
    const sigsci = [
      deployment('bakery/crs', {
        spec: { containers: [agent({ SIGSCI_ENVOY_GRPC_ADDRESS: '0.0.0.0:8080' })] },
      }),
      service('bakery/crs', [{ name: 'http', port: 8080, targetPort: 8080 }]),
    ];
    expect(decisions([...agentOnly, ...sigsci]).waf.used()).toBe(true);
    expect(told([...agentOnly, ...sigsci])).toBe('not-inspected: agent-mode-mismatch');
  });
});
