import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#documents/json.js';
import { created, namespace, object, policiesOf, workload } from '../manifests.js';
import { at, check, cluster, envoyFilter, lua, oven, patch, town } from './bakery.js';

const anchors = [undefined, 'envoy.filters.http.router', 'envoy.filters.http.cors', 'a', 'b'] as const;
const operations = [
  'INSERT_BEFORE',
  'INSERT_AFTER',
  'INSERT_FIRST',
  'ADD',
  'REMOVE',
  'MERGE',
  'REPLACE',
] as const;
const places = ['bakery', 'istio-system', 'depot'] as const;

const value = fc.constantFrom(check('a'), check('b', { failure_mode_allow: true }), lua('a'), lua('c'));

const onFilters = fc
  .record({
    operation: fc.constantFrom(...operations),
    value,
    anchor: fc.constantFrom(...anchors),
    port: fc.constantFrom(0, 8080),
  })
  .map((one) => patch('HTTP_FILTER', one.operation, one.value, at(one.anchor, {}, { portNumber: one.port })));

const onOthers = fc.constantFrom(
  patch('CLUSTER', 'ADD', cluster('inspector')),
  patch('CLUSTER', 'ADD', cluster('inspector', '10.0.0.1')),
  patch('VIRTUAL_HOST', 'MERGE', {
    typed_per_filter_config: {
      a: { '@type': 'type.googleapis.com/envoy.config.route.v3.FilterConfig', disabled: true },
    },
  }),
);

const objects = fc
  .array(
    fc.record({
      place: fc.constantFrom(...places),
      priority: fc.integer({ min: -1, max: 1 }),
      day: fc.integer({ min: 1, max: 3 }),
      patches: fc.array(fc.oneof(onFilters, onOthers), { maxLength: 3 }),
    }),
    { maxLength: 4 },
  )
  .map((all) =>
    all.map(({ place, priority, day, patches }, index) =>
      envoyFilter(`${place}/f${String(index)}`, patches, { priority, metadata: created(day) }),
    ),
  );

/** What is decided of the oven, without the places in the input that it is decided by. */
function said(all: readonly JsonObject[]): unknown {
  const policies = policiesOf(all, { scope: 'complete', stored: true });
  const decision = policies.filterChains(workload(policies.mesh, oven));
  const drop = (key: string, part: unknown): unknown =>
    ['at', 'addedBy', 'changedBy', 'by', 'envoyFilter'].includes(key) ? undefined : part;
  return decision.known ? (JSON.parse(JSON.stringify(decision.value, drop)) as unknown) : decision;
}

describe('what the input says the same with other words', () => {
  it('does not depend on the order of documents', () => {
    fc.assert(
      fc.property(objects, (all) => {
        expect(said([...all].reverse().concat(town))).toEqual(said([...town, ...all]));
      }),
      { numRuns: 40 },
    );
  });

  it('does not depend on objects of unrelated namespaces', () => {
    const unrelated = [
      namespace('far', { 'istio-injection': 'enabled' }),
      envoyFilter('far/f', [patch('HTTP_FILTER', 'INSERT_FIRST', check('far'), at(undefined))]),
      object('extensions.istio.io/v1alpha1/WasmPlugin', 'far/w', { url: 'x' }),
    ];
    fc.assert(
      fc.property(objects, (all) => {
        expect(said([...town, ...all, ...unrelated])).toEqual(said([...town, ...all]));
      }),
      { numRuns: 40 },
    );
  });

  it('keeps the router last or tells that Envoy refuses the listener', () => {
    fc.assert(
      fc.property(objects, (all) => {
        const policies = policiesOf([...town, ...all], { scope: 'complete', stored: true });
        const decision = policies.filterChains(workload(policies.mesh, oven));
        const chains = decision.known ? (decision.value?.chains ?? []) : [];
        for (const { httpFilters, refused, protocol } of chains) {
          const routed = httpFilters.at(-1)?.name === 'envoy.filters.http.router';
          expect(protocol === 'tcp' || routed || refused !== undefined).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });
});
