import { isArray, isObject } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { Address, AddressRange } from './address.js';
import { isInRange } from './address.js';
import type { Comparison, Condition, Conjunction } from './condition.js';
import type { Facts, HttpFacts, Truth } from './facts.js';
import { anyTextTest, textTest } from './match-pattern.js';
import type { TextTest } from './match-pattern.js';
import type { Rule } from './rule.js';

/** Says whether something holds of a request. */
export type Test = (facts: Facts) => Truth;

/** Compares what the proxy reads of HTTP; false where it reads none. */
const httpTest =
  (test: (http: HttpFacts) => boolean): Test =>
  ({ http }) =>
    http !== undefined && test(http);

function addressTest(read: (facts: Facts) => Address | undefined, ranges: readonly AddressRange[]): Test {
  return (facts) => {
    const address = read(facts);
    return address === undefined ? undefined : ranges.some((range) => isInRange(address, range));
  };
}

/** A claim is matched by its string, or by a string member of its list; numbers and booleans never are. */
function claimMatches(value: JsonValue | undefined, test: TextTest): boolean {
  if (typeof value === 'string') return test(value);
  return isArray(value) && value.some((member) => typeof member === 'string' && test(member));
}

function claimAt(claims: JsonObject, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue | undefined = claims;
  for (const key of path) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** Issuer and subject are compared as strings only (pilot/pkg/security/authz/model/generator.go). */
function principalTest({ principals }: Extract<Comparison, { readonly on: 'request-principal' }>): Test {
  const pairs = principals.map(({ issuer, subject }) => [textTest(issuer), textTest(subject)] as const);
  return httpTest(({ claims }) => {
    const iss = claims && claimAt(claims, ['iss']);
    const sub = claims && claimAt(claims, ['sub']);
    if (typeof iss !== 'string' || typeof sub !== 'string') return false;
    return pairs.some(([issuer, subject]) => issuer(iss) && subject(sub));
  });
}

/** One line that matches is enough (Envoy's RBAC compares header lines one by one). */
function headerTest({ name, patterns }: Extract<Comparison, { readonly on: 'header' }>): Test {
  const test = anyTextTest(patterns);
  return httpTest(({ headerLines }) => headerLines(name)?.some(test) ?? false);
}

function comparisonTest(comparison: Comparison): Test {
  switch (comparison.on) {
    case 'identity': {
      const test = anyTextTest(comparison.patterns);
      return ({ identity, otherNames }) =>
        (identity !== undefined && test(identity)) || (otherNames?.some(test) ?? false);
    }
    case 'sni': {
      const test = anyTextTest(comparison.patterns);
      return ({ sni }) => test(sni);
    }
    case 'method':
    case 'host':
    case 'path': {
      const { on } = comparison;
      const test = anyTextTest(comparison.patterns);
      return httpTest((http) => test(http[on]));
    }
    case 'header':
      return headerTest(comparison);
    case 'claim': {
      const { claim } = comparison;
      const test = anyTextTest(comparison.patterns);
      return httpTest(({ claims }) => claims !== undefined && claimMatches(claimAt(claims, claim), test));
    }
    case 'request-principal':
      return principalTest(comparison);
    case 'direct-ip':
      return addressTest(({ directIp }) => directIp, comparison.ranges);
    case 'remote-ip':
      return addressTest(({ remoteIp }) => remoteIp, comparison.ranges);
    case 'destination-ip':
      return addressTest(({ destinationIp }) => destinationIp, comparison.ranges);
    case 'port': {
      const ports = new Set(comparison.ports);
      return ({ port }) => ports.has(port);
    }
    case 'metadata':
      return ({ hasMetadata }) => hasMetadata;
  }
}

/** Makes the test of one condition. */
export function conditionTest(condition: Condition): Test {
  const test = comparisonTest(condition);
  if (!condition.negated) return test;
  return (facts) => {
    const truth = test(facts);
    return truth === undefined ? undefined : !truth;
  };
}

function all(tests: readonly Test[]): Test {
  const [only] = tests;
  if (only === undefined) return () => true;
  if (tests.length === 1) return only;
  return (facts) => {
    let result: Truth = true;
    for (const test of tests) {
      const truth = test(facts);
      if (truth === false) return false;
      if (truth === undefined) result = undefined;
    }
    return result;
  };
}

function some(tests: readonly Test[]): Test {
  const [only] = tests;
  if (only !== undefined && tests.length === 1) return only;
  return (facts) => {
    let result: Truth = false;
    for (const test of tests) {
      const truth = test(facts);
      if (truth === true) return true;
      if (truth === undefined) result = undefined;
    }
    return result;
  };
}

function conjunctionTest(conjunction: Conjunction): Test {
  return all(conjunction.map(conditionTest));
}

/** Makes the test of a rule in normal form: whether it matches a request, undefined where the facts do not say. */
export function ruleTest({
  sources,
  operations,
  common = [],
}: Pick<Rule, 'sources' | 'operations' | 'common'>): Test {
  const alternatives = [some(operations.map(conjunctionTest)), some(sources.map(conjunctionTest))];
  return all([...alternatives, ...common.map(conditionTest)]);
}
