import { RE2JS } from 're2js';
import { listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import type { RoutedRequest } from '#policy/gateway/choose-route.js';
import type { HttpRoute } from '#policy/gateway/http-route.js';

/** Path and Host header of a request as its destination sees them. */
export interface Upstream {
  readonly path: string;
  readonly host: string;
}

interface Rewrite {
  readonly prefix: string | undefined;
  readonly full: string | undefined;
  readonly regex: JsonObject | undefined;
  readonly host: string | undefined;
}

function ofVirtualService(rewrite: JsonObject): Rewrite {
  const regex = objectAt(rewrite, 'uriRegexRewrite');
  return {
    prefix: regex === undefined ? stringAt(rewrite, 'uri') : undefined,
    full: undefined,
    regex,
    host: stringAt(rewrite, 'authority'),
  };
}

function ofFilter(filter: JsonObject): Rewrite {
  const type = stringAt(filter, 'path', 'type');
  return {
    prefix: type === 'ReplacePrefixMatch' ? stringAt(filter, 'path', 'replacePrefixMatch') : undefined,
    full: type === 'ReplaceFullPath' ? stringAt(filter, 'path', 'replaceFullPath') : undefined,
    regex: undefined,
    host: stringAt(filter, 'hostname'),
  };
}

function rewriteOf({ rule }: HttpRoute): Rewrite | undefined {
  const written = valueAt(rule.resource.object, rule.path);
  const rewrite = objectAt(written, 'rewrite');
  if (rewrite !== undefined) return ofVirtualService(rewrite);
  const filter = listAt(written, 'filters').findLast((each) => stringAt(each, 'type') === 'URLRewrite');
  const settings = objectAt(filter, 'urlRewrite');
  return settings && ofFilter(settings);
}

/** RE2 with `\1` for groups; a pattern that RE2 refuses changes nothing. */
function replaceAll(regex: JsonObject, path: string): string {
  const [match, text] = [stringAt(regex, 'match') ?? '', stringAt(regex, 'rewrite') ?? ''];
  try {
    const matcher = RE2JS.compile(match).matcher(path);
    let [output, done] = ['', 0];
    while (matcher.find()) {
      const put = text.replace(/\\(\d)/g, (_, group: string) => matcher.group(Number(group)) ?? '');
      output += path.slice(done, matcher.start()) + put;
      done = matcher.end();
    }
    return output + path.slice(done);
  } catch {
    return path;
  }
}

/** The part that the route has matched gives way, or the whole path where that is what it matched. */
function replacePrefix({ path: match }: HttpRoute, uri: string, path: string): string {
  const matched = match.kind === 'prefix' || match.kind === 'segments' ? match.value : path;
  const rest = path.slice(matched.length);
  // Gateway API: `/` in place of a prefix takes it away, and what is left begins with one slash.
  if (match.kind === 'segments' && uri === '/') return `/${rest.replace(/^\//, '')}`;
  return `${uri}${rest}`;
}

function rewritten(route: HttpRoute, { prefix, full, regex }: Rewrite, path: string): string {
  if (regex !== undefined) return replaceAll(regex, path);
  if (full !== undefined) return full;
  return prefix === undefined || prefix === '' ? path : replacePrefix(route, prefix, path);
}

/** What a rewrite makes of a request (TranslateRoute and applyHTTPRouteDestination in pilot/pkg/networking/core/route/route.go). */
export function upstreamOf(route: HttpRoute, { path, host }: RoutedRequest): Upstream {
  const rewrite = rewriteOf(route);
  if (rewrite === undefined) return { path, host };
  const authority = rewrite.host ?? '';
  return { path: rewritten(route, rewrite, path), host: authority === '' ? host : authority };
}
