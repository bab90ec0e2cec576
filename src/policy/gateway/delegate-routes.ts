import type { HttpMatch, HttpRule } from './route.js';
import type { StringMatch } from './string-match.js';

/** True unless the leaf asks for a part of what the root asks for (stringMatchConflict in pilot/pkg/model/virtualservice.go). */
function conflict(root: StringMatch | undefined, leaf: StringMatch | undefined): boolean {
  if (root === undefined || leaf === undefined) return false;
  const [wide, narrow] = [root, leaf].map((match) =>
    match.kind === 'present' || match.value === '' ? undefined : match,
  );
  if (wide === undefined) return true;
  if (wide.kind === 'exact') return narrow?.kind !== 'exact' || narrow.value !== wide.value;
  if (wide.kind !== 'prefix') return true;
  const isText = narrow?.kind === 'exact' || narrow?.kind === 'prefix';
  return !isText || !narrow.value.startsWith(wide.value);
}

function mapConflict(
  root: ReadonlyMap<string, StringMatch>,
  leaf: ReadonlyMap<string, StringMatch>,
): boolean {
  return [...leaf].some(([name, match]) => conflict(root.get(name), match));
}

function sourceConflict(root: HttpMatch, leaf: HttpMatch): boolean {
  if (root.sourceNamespace !== '' && leaf.sourceNamespace !== root.sourceNamespace) return true;
  return [...leaf.sourceLabels].some(([key, value]) => (root.sourceLabels.get(key) ?? value) !== value);
}

function gatewayConflict(root: readonly string[], leaf: readonly string[]): boolean {
  if (root.length === 0 || leaf.length === 0) return false;
  return root.length < leaf.length || leaf.some((name) => !root.includes(name));
}

/** hasConflict in pilot/pkg/model/virtualservice.go. */
function hasConflict(root: HttpMatch, leaf: HttpMatch): boolean {
  return (
    conflict(root.uri, leaf.uri) ||
    conflict(root.scheme, leaf.scheme) ||
    conflict(root.method, leaf.method) ||
    conflict(root.authority, leaf.authority) ||
    mapConflict(root.headers, leaf.headers) ||
    mapConflict(root.withoutHeaders, leaf.withoutHeaders) ||
    mapConflict(root.queryParams, leaf.queryParams) ||
    root.ignoreUriCase !== leaf.ignoreUriCase ||
    (root.port > 0 && leaf.port > 0 && root.port !== leaf.port) ||
    sourceConflict(root, leaf) ||
    gatewayConflict(root.gateways, leaf.gateways)
  );
}

/** Both conditions in one; the leaf's word counts where both speak (mergeHTTPMatchRequest in pilot/pkg/model/virtualservice.go). */
function mergeMatch(root: HttpMatch, leaf: HttpMatch): HttpMatch {
  return {
    at: leaf.at,
    uri: leaf.uri ?? root.uri,
    ignoreUriCase: leaf.ignoreUriCase,
    scheme: leaf.scheme ?? root.scheme,
    method: leaf.method ?? root.method,
    authority: leaf.authority ?? root.authority,
    headers: new Map([...root.headers, ...leaf.headers]),
    withoutHeaders: new Map([...root.withoutHeaders, ...leaf.withoutHeaders]),
    queryParams: new Map([...root.queryParams, ...leaf.queryParams]),
    port: leaf.port === 0 ? root.port : leaf.port,
    gateways: leaf.gateways.length === 0 ? root.gateways : leaf.gateways,
    sourceLabels: new Map([...root.sourceLabels, ...leaf.sourceLabels]),
    sourceNamespace: leaf.sourceNamespace === '' ? root.sourceNamespace : leaf.sourceNamespace,
  };
}

/** All pairs that go together; undefined when some match of the delegate goes with none of the root's. */
function mergeMatches(
  root: readonly HttpMatch[],
  leaf: readonly HttpMatch[],
): readonly HttpMatch[] | undefined {
  if (root.length === 0) return leaf;
  if (leaf.length === 0) return root;
  const merged = leaf.map((match) =>
    root.filter((each) => !hasConflict(each, match)).map((each) => mergeMatch(each, match)),
  );
  return merged.some((pairs) => pairs.length === 0) ? undefined : merged.flat();
}

/**
 * The rules of a delegate under the rule that delegates to it; those whose conditions conflict are dropped. What a
 * delegate does not set it takes from the root (mergeHTTPRoute in pilot/pkg/model/virtualservice.go).
 */
export function delegatedRules(root: HttpRule, delegate: readonly HttpRule[]): readonly HttpRule[] {
  return delegate.flatMap((rule) => {
    const matches = mergeMatches(root.matches, rule.matches);
    if (matches === undefined) return [];
    return [
      {
        ...rule,
        matches,
        directResponse: rule.directResponse ?? root.directResponse,
        abort: rule.abort ?? root.abort,
        cors: rule.cors ?? root.cors,
        rewrites: rule.rewrites || root.rewrites,
      },
    ];
  });
}
