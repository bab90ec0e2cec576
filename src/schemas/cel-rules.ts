import { Environment, EvaluationError } from '@marcbachmann/cel-js';
import { parseGoDuration } from './go-duration.js';
import { goPattern } from './go-pattern.js';
import { parseGoRequestUri } from './go-url.js';
import type { GoUrl } from './go-url.js';
import { addressFamily, isPrefix } from './ip-address.js';
import type { CelRule } from './structural.js';

/** What a rule says of a value: it holds, it does not, or this tool lacks what the rule uses. */
export type RuleOutcome = 'holds' | 'fails' | 'undecided';

/** A rule that can be asked about a value (a CEL value: integers are bigint, mappings are Map). */
export type CompiledRule = (self: unknown) => RuleOutcome;

/** The opaque URL type of Kubernetes' CEL library. */
class Url {
  readonly url: GoUrl;
  constructor(url: GoUrl) {
    this.url = url;
  }
}

type DurationClass = new (seconds: bigint, nanoseconds: number) => unknown;

function isDurationClass(value: unknown): value is DurationClass {
  return typeof value === 'function';
}

function durationClass(environment: Environment): DurationClass {
  const example: unknown = environment.evaluate("duration('1s')");
  const found: unknown = typeof example === 'object' && example !== null ? example.constructor : undefined;
  if (!isDurationClass(found)) throw new Error('The CEL library has no duration class.');
  return found;
}

function toUrl(text: string): Url {
  const url = parseGoRequestUri(text);
  if (!url) throw new EvaluationError(`"${text}" is not a URL`);
  return new Url(url);
}

function toDuration(text: string, Duration: DurationClass): unknown {
  const total = parseGoDuration(text);
  if (total === undefined) throw new EvaluationError(`"${text}" is not a duration`);
  return new Duration(total / 1_000_000_000n, Number(total % 1_000_000_000n));
}

/**
 * The environment of CRD rules: standard CEL plus what the rules of Istio and the Gateway API use of Kubernetes'
 * library. Source: k8s.io/apiserver pkg/cel/library.
 */
function ruleEnvironment(): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    limits: { maxListElements: 100_000, maxMapEntries: 100_000 },
  });
  const Duration = durationClass(environment);
  environment.registerType('kubernetes.URL', { ctor: Url, fields: {} });
  environment.registerFunction('url(string): kubernetes.URL', toUrl);
  environment.registerFunction('isURL(string): bool', (text: string) => parseGoRequestUri(text) !== undefined);
  environment.registerFunction('kubernetes.URL.getScheme(): string', (url: Url) => url.url.scheme);
  environment.registerFunction('kubernetes.URL.getHost(): string', (url: Url) => url.url.host);
  environment.registerFunction('kubernetes.URL.getHostname(): string', (url: Url) => url.url.hostname);
  environment.registerFunction('kubernetes.URL.getPort(): string', (url: Url) => url.url.port);
  environment.registerFunction('isIP(string): bool', (text: string) => addressFamily(text) !== undefined && !text.includes('%'));
  environment.registerFunction('isCIDR(string): bool', isPrefix);
  environment.registerFunction('goDuration(string): google.protobuf.Duration', (text: string) => toDuration(text, Duration));
  environment.registerFunction('string.goMatches(string): bool', (text: string, pattern: string) =>
    goPattern(pattern).test(text),
  );
  return environment;
}

const stringLiteral = /[rR]?(?:"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')/g;

/** Applies a change to the code of a rule, leaving its string literals alone. */
function outsideStrings(rule: string, change: (code: string) => string): string {
  let result = '';
  let end = 0;
  for (const match of rule.matchAll(stringLiteral)) {
    result += change(rule.slice(end, match.index)) + match[0];
    end = match.index + match[0].length;
  }
  return result + change(rule.slice(end));
}

/** `has` of a field of a list's element, which the CEL library refuses. */
const fieldOfElement = /(?<![.\w])has\(((?:[\w.]|\[\d+\])*\[\d+\])\.(\w+)\)/g;

/**
 * Kubernetes' named formats answer with an optional, none for a good text, which is never null: the one rule that asks
 * so holds of no text. Source: k8s.io/apiserver pkg/cel/library/format.go.
 */
const formatIsNull = /(?<![.\w])format\.\w+\(\)\.validate\(\w+\) == null/g;

/** The same in terms that the CEL library has: functions that mean what Go's do, and `in` for some uses of `has`. */
function inLibraryTerms(code: string): string {
  return code
    .replaceAll(fieldOfElement, "('$2' in $1)")
    .replaceAll(formatIsNull, 'false')
    .replaceAll(/(?<![.\w])duration\(/g, 'goDuration(')
    .replaceAll(/\.matches\(/g, '.goMatches(');
}

function usesOldSelf(rule: string): boolean {
  let found = false;
  outsideStrings(rule, (code) => {
    found ||= /\boldSelf\b/.test(code);
    return code;
  });
  return found;
}

/** Codes of errors that say what this tool lacks, not what is wrong with the value: the API server has typed the rule. */
const lacking = new Set(['no_matching_overload', 'unknown_variable', 'unsupported_type', 'invalid_macro_argument']);

function outcomeOfError(error: unknown): RuleOutcome {
  return error instanceof EvaluationError && lacking.has(error.code) ? 'undecided' : 'fails';
}

const undecided: CompiledRule = () => 'undecided';
const holds: CompiledRule = () => 'holds';

function compile(rule: CelRule, environment: Environment): CompiledRule {
  // A transition rule has nothing to compare a new object with.
  if (usesOldSelf(rule.rule)) return rule.optionalOldSelf ? undecided : holds;
  try {
    const program = environment.parse(outsideStrings(rule.rule, inLibraryTerms));
    return (self) => {
      try {
        return program({ self }) === true ? 'holds' : 'fails';
      } catch (error) {
        return outcomeOfError(error);
      }
    };
  } catch {
    return undecided;
  }
}

const environment = ruleEnvironment();
const compiled = new Map<string, CompiledRule>();
const compiledLimit = 2000;

const ofRule = new WeakMap<CelRule, CompiledRule>();

/** Compiles a CRD's rule once; rules are few and stand at many places. */
export function compileRule(rule: CelRule): CompiledRule {
  const known = ofRule.get(rule);
  if (known) return known;
  const result = compileText(rule);
  ofRule.set(rule, result);
  return result;
}

function compileText(rule: CelRule): CompiledRule {
  const key = `${String(rule.optionalOldSelf)} ${rule.rule}`;
  const known = compiled.get(key);
  if (known) return known;
  if (compiled.size >= compiledLimit) compiled.clear();
  const result = compile(rule, environment);
  compiled.set(key, result);
  return result;
}

/** True for a text that the library can parse. */
export function parsesAsCel(text: string): boolean {
  try {
    environment.parse(text);
    return true;
  } catch {
    return false;
  }
}
