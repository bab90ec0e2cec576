import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { created, object } from '../manifests.js';
import { ask, kinds, ledger, meshConfig, rule, rulesUsed, tls, town } from './ask.js';
import type { Question } from './ask.js';

type Case = readonly [name: string, objects: readonly JsonObject[], used: string, question?: Question];

const off = tls({ mode: 'DISABLE' });
const simple = tls({ mode: 'SIMPLE' });
const lab = { client: 'lab/Deployment/front' };
const inRoot: Question = {
  client: 'istio-system/Deployment/ops',
  base: [
    ...town,
    object('apps/v1/Deployment', 'istio-system/ops', {
      template: {
        metadata: { labels: { 'sidecar.istio.io/inject': 'true' } },
        spec: { containers: [{ name: 'application', image: 'registry.example/application:1' }] },
      },
    }),
  ],
};

describe('which DestinationRule a client uses', () => {
  // destinationRule and setDestinationRules in pilot/pkg/model/push_context.go
  const lookup: readonly Case[] = [
    ["the client's namespace goes first", [rule('web/own', off), rule('pay/theirs', simple)], 'web/own'],
    ["else the service's", [rule('pay/theirs', simple), rule('istio-system/all', off)], 'pay/theirs'],
    ["else the root namespace's", [rule('istio-system/all', off)], 'istio-system/all'],
    ['a third namespace does not count', [rule('lab/foreign', off)], ''],
    [
      'specificity counts within one namespace only',
      [rule('web/wide', { host: '*.svc.cluster.local', ...off }), rule('pay/exact', simple)],
      'web/wide',
    ],
    [
      'the longest wildcard',
      [
        rule('pay/all', { host: '*' }),
        rule('pay/near', { host: '*.pay.svc.cluster.local' }),
        rule('pay/far', { host: '*.svc.cluster.local' }),
      ],
      'pay/near',
    ],
    [
      "a short name is completed with the rule's namespace",
      [rule('pay/short', { host: 'ledger' })],
      'pay/short',
    ],
    ['which may be the wrong one', [rule('web/short', { host: 'ledger' })], ''],
    ['a name with a dot is not completed', [rule('pay/dotted', { host: 'ledger.pay' })], ''],
    ['names are compared as written', [rule('pay/case', { host: ledger.toUpperCase() })], ''],
    ['a trailing dot makes another name', [rule('pay/dot', { host: `${ledger}.` })], ''],
    [
      'the root namespace can be another',
      [meshConfig({ rootNamespace: 'lab' }), rule('lab/r', off)],
      'lab/r',
    ],
    [
      'clients in the root namespace see what it keeps to itself first',
      [rule('istio-system/private', { exportTo: ['.'] }), rule('pay/theirs', simple)],
      'istio-system/private',
      inRoot,
    ],
    [
      'but what it exports last, like everybody',
      [rule('istio-system/public', off), rule('pay/theirs', simple)],
      'pay/theirs',
      inRoot,
    ],
  ];
  for (const [name, objects, used, question] of lookup) {
    it(name, () => {
      expect(rulesUsed(objects, question)).toBe(used);
    });
  }

  const exports: readonly Case[] = [
    ["`.` keeps a rule of the service's namespace from others", [rule('pay/r', { exportTo: ['.'] })], ''],
    ["so does its own namespace's name", [rule('pay/r', { exportTo: ['pay'] })], ''],
    ['`*` beside `.` opens it', [rule('pay/r', { exportTo: ['.', '*'] })], 'pay/r'],
    ['a list names the clients', [rule('pay/r', { exportTo: ['web'] })], 'pay/r'],
    ['and leaves out the others', [rule('pay/r', { exportTo: ['web'] })], '', lab],
    ['`~` hides it from all', [rule('web/r', { exportTo: ['~'] })], ''],
    ["a client's own rule that is for others only", [rule('web/r', { exportTo: ['lab'] })], ''],
    [
      "the mesh's default `.` makes silent rules private",
      [meshConfig({ defaultDestinationRuleExportTo: ['.'] }), rule('pay/r', {})],
      '',
    ],
    [
      'an explicit `*` opens them again',
      [meshConfig({ defaultDestinationRuleExportTo: ['.'] }), rule('pay/r', { exportTo: ['*'] })],
      'pay/r',
    ],
    [
      "a namespace as the mesh's default is not honoured",
      [meshConfig({ defaultDestinationRuleExportTo: ['lab'] }), rule('pay/r', {})],
      'pay/r',
    ],
    [
      'when all rules of the winning host are hidden, less specific ones of that namespace are not tried',
      [rule('pay/exact', { exportTo: ['lab'] }), rule('pay/wide', { host: '*' }), rule('istio-system/r', {})],
      'istio-system/r',
    ],
  ];
  for (const [name, objects, used, question] of exports) {
    it(`exportTo: ${name}`, () => {
      expect(rulesUsed(objects, question)).toBe(used);
    });
  }

  const selecting = (place: string, labels: JsonObject, spec: JsonObject, at?: JsonObject): JsonObject =>
    rule(place, { workloadSelector: { matchLabels: labels }, ...spec }, at);
  // SidecarScope.DestinationRule in pilot/pkg/model/sidecar.go
  const selectors: readonly Case[] = [
    [
      'one that selects the client',
      [rule('web/all', off), selecting('web/mine', { app: 'front' }, simple)],
      'web/mine',
    ],
    [
      'of two the older',
      [
        selecting('web/young', { app: 'front' }, off, created(3)),
        selecting('web/old', {}, simple, created(2)),
      ],
      'web/old',
    ],
    ['an empty selector selects everything', [selecting('web/any', {}, off)], 'web/any'],
    ['it makes the rule private', [selecting('pay/theirs', {}, off)], ''],
    [
      "one that does not match still hides the other namespaces' rules",
      [selecting('web/other', { app: 'back' }, off), rule('pay/theirs', simple)],
      '',
    ],
  ];
  for (const [name, objects, used] of selectors) {
    it(`workloadSelector: ${name}`, () => {
      expect(rulesUsed(objects)).toBe(used);
    });
  }
});

describe('several rules of one host and namespace', () => {
  // mergeDestinationRule in pilot/pkg/model/destination_rule.go
  it('with equal exportTo are merged: subsets united, the policy taken whole from the first that has one', () => {
    const subsets = (...names: readonly string[]): JsonObject => ({
      subsets: names.map((name) => ({ name, labels: { app: 'ledger' } })),
    });
    const objects = [
      rule('pay/first', { ...subsets('a'), trafficPolicy: { connectionPool: {} } }, created(1)),
      rule('pay/second', { ...subsets('a', 'b'), ...simple }, created(2)),
    ];
    expect(rulesUsed(objects)).toBe('pay/first + pay/second');
    expect(kinds(objects)).toBe('mutual-istio-auto → mutual-istio');
    expect(kinds(objects, { subset: 'b' })).toBe('mutual-istio-auto → mutual-istio');
    expect(kinds(objects, { subset: 'c' })).toBe('absent');
  });

  it('of one age go by name', () => {
    expect(kinds([rule('pay/b', simple), rule('pay/a', off)])).toBe('none');
  });

  it.each([
    ['different exportTo', { exportTo: ['web'] }, {}],
    ['none and `*`, which are different', {}, { exportTo: ['*'] }],
    ["`.` and the namespace's own name", { exportTo: ['.', 'web'] }, { exportTo: ['pay', 'web'] }],
  ])('with %s stay apart, and the youngest counts', (_, first, second) => {
    const objects = [
      rule('pay/old', { ...off, ...first }, created(1)),
      rule('pay/young', { ...simple, ...second }, created(2)),
    ];
    expect(rulesUsed(objects)).toBe('pay/young');
    expect(kinds(objects)).toBe('simple');
  });

  it('a superset is merged into the older, whose exportTo stays: namespaces named by the younger alone get neither', () => {
    const objects = [
      rule('pay/old', { ...off, exportTo: ['web'] }, created(1)),
      rule('pay/young', { ...simple, exportTo: ['web', 'lab'] }, created(2)),
    ];
    expect(rulesUsed(objects)).toBe('pay/old + pay/young');
    expect(rulesUsed(objects, lab)).toBe('');
  });

  it('before 1.24, or with the switch off, are merged whatever they export to', () => {
    const istiod = object('apps/v1/Deployment', 'istio-system/istiod', {
      template: {
        metadata: { labels: { app: 'istiod' } },
        spec: {
          containers: [
            {
              name: 'discovery',
              image: 'registry.example/pilot:1.30.0',
              env: [{ name: 'ENABLE_ENHANCED_DESTINATIONRULE_MERGE', value: 'false' }],
            },
          ],
        },
      },
    });
    const objects = [
      istiod,
      rule('pay/old', { ...off, exportTo: ['web'] }, created(1)),
      rule('pay/young', { ...simple, exportTo: ['*'] }, created(2)),
    ];
    expect(kinds(objects)).toBe('none');
  });

  it('a rule without selector is swallowed by a selecting one of the same exportTo', () => {
    const objects = [
      rule('web/mine', { workloadSelector: { matchLabels: { app: 'nobody' } }, ...simple }, created(1)),
      rule('web/all', { exportTo: ['.'], ...off }, created(2)),
    ];
    expect(rulesUsed(objects)).toBe('');
  });
});

describe('ports and subsets', () => {
  const port = (number: number, settings?: JsonObject): JsonObject => ({
    port: { number },
    ...(settings && { tls: settings }),
  });
  const policy = (own: JsonObject | undefined, ...ports: readonly JsonObject[]): JsonObject => ({
    trafficPolicy: { ...(own && { tls: own }), portLevelSettings: ports },
  });
  const subset = (spec: JsonObject): JsonObject => ({
    subsets: [{ name: 's', labels: { app: 'ledger' }, ...spec }],
  });
  const [simpleTls, offTls, mesh] = [{ mode: 'SIMPLE' }, { mode: 'DISABLE' }, { mode: 'ISTIO_MUTUAL' }];

  // GetPortLevelTrafficPolicy and MergeSubsetTrafficPolicy in pilot/pkg/networking/util/util.go
  it.each([
    ['a port entry replaces the policy', policy(offTls, port(80, simpleTls)), 'simple', undefined],
    [
      'the first entry for a port counts',
      policy(undefined, port(80, offTls), port(80, simpleTls)),
      'none',
      undefined,
    ],
    ["entries go by the service's port", policy(offTls, port(8080, simpleTls)), 'none', undefined],
    [
      "an entry without tls unsets the cluster's, while endpoints are judged by the policy's: plaintext",
      policy(simpleTls, port(80)),
      'mutual-istio-auto → none',
      undefined,
    ],
    [
      'only under ISTIO_MUTUAL the endpoints keep their mark',
      policy(mesh, port(80)),
      'mutual-istio-auto → mutual-istio',
      undefined,
    ],
    ['a subset overrides', { ...tls(offTls), ...subset(tls(simpleTls)) }, 'simple', 's'],
    ['or inherits', { ...tls(offTls), ...subset({}) }, 'none', 's'],
    [
      'field by field',
      { ...tls(simpleTls), ...subset({ trafficPolicy: { connectionPool: {} } }) },
      'simple',
      's',
    ],
    [
      'its port entry replaces all',
      { ...tls(simpleTls), ...subset(policy(simpleTls, port(80))) },
      'mutual-istio-auto → none',
      's',
    ],
    [
      'its policy goes before a port entry of the service',
      { ...policy(undefined, port(80, offTls)), ...subset(tls(simpleTls)) },
      'simple',
      's',
    ],
    ['a subset that nobody declares', tls(simpleTls), 'absent', 's'],
  ])('%s', (_, spec, expected, name) => {
    const question = name === undefined ? {} : { subset: name };
    expect(kinds([rule('pay/r', spec)], question)).toBe(expected);
  });

  it('a subset takes the endpoints with its labels', () => {
    const objects = [rule('pay/r', { subsets: [{ name: 'none', labels: { version: 'v9' } }] })];
    expect(kinds(objects, { subset: 'none' })).toBe('mutual-istio-auto → no-endpoints');
  });

  it('names the rule that decided', () => {
    const decision = ask([rule('pay/r', off)]);
    expect(decision.destinationRules.map(({ name }) => name)).toEqual(['r']);
  });
});
