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

function compile(source: string): Pattern | undefined {
  try {
    return RE2JS.compile(source);
  } catch {
    return undefined;
  }
}

/** Each group gets a name of its own: Go lets groups share one. */
function withOwnNames(source: string): string {
  let count = 0;
  return source.replaceAll(/\\[\s\S]|\(\?P?<\w+>/g, (match) => {
    if (match.startsWith('\\')) return match;
    count += 1;
    return `(?P<g${String(count)}>`;
  });
}

/** Like goPattern, but undefined for a pattern that Go refuses. */
export function compileGoPattern(source: string): Pattern | undefined {
  const pattern = compile(source);
  if (pattern !== undefined || !/\(\?P?<\w/.test(source)) return pattern;
  return compile(withOwnNames(source));
}
