import { RE2JS } from 're2js';

/** A compiled pattern. */
export interface Pattern {
  test(text: string): boolean;
}

const compiled = new Map<string, Pattern>();
const compiledLimit = 1000;

/** Matches nothing: the API server refuses every value under a pattern that it cannot compile. */
const never: Pattern = { test: () => false };

/**
 * Compiles a regular expression as Go does (RE2: linear time, no backreferences or lookarounds). A pattern that Go
 * refuses matches nothing. Source: k8s.io/kube-openapi pkg/validation/validate/values.go, Pattern.
 */
export function goPattern(source: string): Pattern {
  const known = compiled.get(source);
  if (known) return known;
  if (compiled.size >= compiledLimit) compiled.clear();
  const pattern = compileGoPattern(source) ?? never;
  compiled.set(source, pattern);
  return pattern;
}

/** Like goPattern, but undefined for a pattern that Go refuses. */
export function compileGoPattern(source: string): Pattern | undefined {
  try {
    return RE2JS.compile(source);
  } catch {
    return undefined;
  }
}
