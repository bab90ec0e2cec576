import type { JsonObject, JsonValue } from '#documents/json.js';
import { parseAddress } from './address.js';
import type { Address } from './address.js';
import { isAboutToken } from './condition.js';
import type { Comparison, Condition, Conjunction } from './condition.js';
import { examplesOf, firstAddress } from './example.js';
import type { Facts } from './facts.js';
import { conditionTest } from './match-rule.js';
import type { Rule } from './rule.js';

/** One choice for each dimension of a request; header names in lower case. */
interface Draft {
  readonly identity: string | undefined;
  readonly sni: string;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly port: number;
  readonly directIp: Address | undefined;
  readonly remoteIp: Address | undefined;
  readonly destinationIp: Address | undefined;
  readonly headers: ReadonlyMap<string, string>;
}

/** What drafts start from: values that no policy is likely to name, and the ports that may be asked. */
export interface DraftSpace {
  readonly ports: readonly number[];
  readonly trustDomain: string;
}

const limit = 256;

const caller = parseAddress('192.0.2.1');
const receiver = parseAddress('192.0.2.2');

function startingDrafts({ ports, trustDomain }: DraftSpace): readonly Draft[] {
  const base: Draft = {
    identity: `spiffe://${trustDomain}/ns/meshaudit-example/sa/meshaudit-example`,
    sni: '',
    method: 'GET',
    host: 'meshaudit.example',
    path: '/meshaudit-example',
    port: 0,
    directIp: caller,
    remoteIp: caller,
    destinationIp: receiver,
    headers: new Map(),
  };
  return ports.flatMap((port) => [
    { ...base, port },
    { ...base, port, identity: undefined },
  ]);
}

const otherValues: Readonly<Partial<Record<Comparison['on'], readonly string[]>>> = {
  method: ['POST', 'PUT', 'DELETE'],
  path: ['/'],
  'direct-ip': ['198.51.100.1', '2001:db8::1'],
  'remote-ip': ['198.51.100.1', '2001:db8::1'],
};

/** Texts that may satisfy a condition: examples of its patterns, or other values when it is negated. */
function suggestions(condition: Condition): readonly string[] {
  const others = otherValues[condition.on] ?? [];
  if (condition.negated) return others;
  switch (condition.on) {
    case 'identity':
    case 'sni':
    case 'method':
    case 'host':
    case 'path':
    case 'header':
      return condition.patterns.slice(0, 8).flatMap(examplesOf);
    case 'direct-ip':
    case 'remote-ip':
    case 'destination-ip':
      return condition.ranges.slice(0, 8).map(firstAddress);
    default:
      return [];
  }
}

function withValue(draft: Draft, condition: Condition, value: string): Draft {
  switch (condition.on) {
    case 'direct-ip':
      return { ...draft, directIp: parseAddress(value) };
    case 'remote-ip':
      return { ...draft, remoteIp: parseAddress(value) };
    case 'destination-ip':
      return { ...draft, destinationIp: parseAddress(value) };
    case 'header':
      return { ...draft, headers: new Map([...draft.headers, [condition.name, value]]) };
    case 'identity':
    case 'sni':
    case 'method':
    case 'host':
    case 'path':
      return { ...draft, [condition.on]: value };
    default:
      return draft;
  }
}

/** The facts of a draft, with the claims of a token or without one. */
function factsOf(draft: Draft, claims: JsonObject | undefined): Facts {
  return {
    identity: draft.identity,
    sni: draft.sni,
    port: draft.port,
    directIp: draft.directIp,
    remoteIp: draft.remoteIp,
    destinationIp: draft.destinationIp,
    hasMetadata: false,
    http: {
      method: draft.method,
      host: draft.host,
      path: draft.path,
      claims,
      headerLines: (name) => {
        const value = draft.headers.get(name);
        return value === undefined ? undefined : [value];
      },
    },
  };
}

/** A draft and variants of it that meet all conditions; those on the token are left to the claims. */
function draftsFor(conjunction: Conjunction, start: Draft): readonly Draft[] {
  let drafts: readonly Draft[] = [start];
  for (const condition of conjunction) {
    if (isAboutToken(condition)) continue;
    const test = conditionTest(condition);
    const values = suggestions(condition);
    const meeting: Draft[] = [];
    for (const draft of drafts) {
      const variants = [draft, ...values.map((value) => withValue(draft, condition, value))];
      meeting.push(...variants.filter((one) => test(factsOf(one, undefined)) === true));
      if (meeting.length >= limit) break;
    }
    drafts = meeting.slice(0, limit);
  }
  return drafts;
}

/** A request that rules may match; with a token it has one that the rule likes. */
export interface Candidate {
  readonly withoutToken: Facts;
  readonly withToken: () => Facts;
}

function nested(path: readonly string[], value: string): JsonValue {
  return path.reduceRight<JsonValue>((inner, key) => ({ [key]: inner }), value);
}

/** Claims that meet the conditions of a conjunction, as far as its first patterns go. */
function claimsFor(conjunction: Conjunction): JsonObject {
  const claims = new Map<string, JsonValue>([
    ['iss', 'https://issuer.meshaudit.example'],
    ['sub', 'meshaudit-example'],
  ]);
  for (const condition of conjunction) {
    if (condition.negated) continue;
    if (condition.on === 'request-principal') {
      const [principal] = condition.principals;
      const [issuer] = principal === undefined ? [] : examplesOf(principal.issuer);
      const [subject] = principal === undefined ? [] : examplesOf(principal.subject);
      claims.set('iss', issuer ?? '').set('sub', subject ?? '');
    } else if (condition.on === 'claim') {
      const [name, ...rest] = condition.claim;
      const [value] = condition.patterns.slice(0, 1).flatMap(examplesOf);
      if (name !== undefined) claims.set(name, nested(rest, value ?? ''));
    }
  }
  return Object.fromEntries(claims);
}

function* candidatesOf(conjunction: Conjunction, starts: readonly Draft[]): Generator<Candidate> {
  for (const start of starts)
    for (const draft of draftsFor(conjunction, start))
      yield {
        withoutToken: factsOf(draft, undefined),
        withToken: () => factsOf(draft, claimsFor(conjunction)),
      };
}

/** Requests that are likely to match a rule: for each of its alternatives, values that its own patterns suggest. */
export function* candidatesFor(
  { sources, operations }: Pick<Rule, 'sources' | 'operations'>,
  space: DraftSpace,
): Generator<Candidate> {
  const starts = startingDrafts(space);
  for (const source of sources)
    for (const operation of operations) yield* candidatesOf([...source, ...operation], starts);
}
