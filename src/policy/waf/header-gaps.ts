import { RE2JS } from 're2js';
import type { FieldRef } from '#documents/document.js';
import { listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import { externalAuthorizer } from '#policy/external-authorizer.js';
import type { ExtAuthzSettings } from '#policy/filter-chain/filter-settings.js';
import { fieldOf, providerField } from './field-of.js';
import { gapOf } from './gap.js';
import { fitsSome } from './glob.js';
import type { InspectionGap } from './inspection.js';
import type { ProductFilter } from './settings-gaps.js';
import type { WafContext } from './waf-context.js';

/** Headers that carry attacks, or tell how a body is to be read; those that Envoy always sends are not among them. */
const telling = ['Content-Type', 'Cookie', 'User-Agent'] as const;

/** Whether a list of headers has one by its name in lower case. */
type HeaderList = (name: string) => boolean;

const longest = 1024;

function regexFits(regex: string | undefined, name: string): boolean {
  if (regex === undefined) return false;
  try {
    return regex.length > longest || RE2JS.compile(regex).matcher(name).matches();
  } catch {
    return true;
  }
}

/** One pattern of a ListStringMatcher (envoy/type/matcher/v3/string.proto); one of a kind that is not read may fit. */
function patternFits(pattern: JsonValue, name: string): boolean {
  const folds = [valueAt(pattern, ['ignore_case']), valueAt(pattern, ['ignoreCase'])].includes(true);
  const text = (key: string): string | undefined => {
    const written = stringAt(pattern, key);
    return folds ? written?.toLowerCase() : written;
  };
  const regex = objectAt(pattern, 'safe_regex') ?? objectAt(pattern, 'safeRegex');
  const [exact, prefix, suffix, contains] = [text('exact'), text('prefix'), text('suffix'), text('contains')];
  if (exact !== undefined) return exact === name;
  if (prefix !== undefined) return name.startsWith(prefix);
  if (suffix !== undefined) return name.endsWith(suffix);
  if (contains !== undefined) return name.includes(contains);
  return regex === undefined || regexFits(stringAt(regex, 'regex'), name);
}

function listAtField(at: FieldRef | undefined, field: string): HeaderList | undefined {
  const key = String(at?.path.at(-1) ?? '')
    .replaceAll('_', '')
    .toLowerCase();
  if (at === undefined || key !== field) return undefined;
  const patterns = listAt(valueAt(at.resource.object, at.path), 'patterns');
  return (name) => patterns.some((pattern) => patternFits(pattern, name));
}

interface Shown {
  readonly has: HeaderList;
  readonly at: FieldRef;
}

const none: HeaderList = () => false;

/** What an extension provider is shown: over gRPC everything, over HTTP what is listed (pilot/pkg/security/authz/builder/extauthz.go). */
function byProvider({ mesh }: WafContext, name: string): Shown | undefined {
  const resolved = externalAuthorizer(mesh, name);
  const at = providerField(mesh, name, 'includeRequestHeadersInCheck');
  if (resolved.state !== 'usable' || at === undefined) return undefined;
  const { shownHeaders } = resolved.authorizer;
  return shownHeaders && { has: (header) => fitsSome(shownHeaders, header), at };
}

/** What a filter lists as allowed, else what is sent without a list; undefined: everything. */
function allowedBy(
  { mesh }: WafContext,
  { filter }: ProductFilter,
  { transport, allowedHeaders }: ExtAuthzSettings,
): Shown | undefined {
  const ways = [['allowed_headers'], ['http_service', 'authorization_request', 'allowed_headers']];
  const found = ways.map((steps) => fieldOf(mesh, filter, steps));
  const lists = found.map((at) => listAtField(at, 'allowedheaders'));
  const index = lists.findIndex((list) => list !== undefined);
  const [at, has] = [found[Math.max(index, 0)], lists[index]];
  if (at === undefined) return undefined;
  if (has !== undefined) return { has, at };
  return transport === 'http' && allowedHeaders === undefined ? { has: none, at } : undefined;
}

/**
 * `allowed_headers` of ext_authz, without which an HTTP service gets almost none, and `disallowed_headers`, which win
 * (envoy/extensions/filters/http/ext_authz/v3/ext_authz.proto).
 */
function byFilter(context: WafContext, own: ProductFilter, settings: ExtAuthzSettings): Shown | undefined {
  const allowed = allowedBy(context, own, settings);
  const at = fieldOf(context.mesh, own.filter, ['disallowed_headers']);
  const refused = listAtField(at, 'disallowedheaders');
  if (at === undefined || refused === undefined) return allowed;
  return { at, has: (name) => !refused(name) && (allowed?.has(name) ?? true) };
}

function providerOf({ filter }: ProductFilter): string | undefined {
  const policy = filter.addedBy?.resource;
  if (policy?.kind !== 'AuthorizationPolicy') return undefined;
  return stringAt(policy.object, 'spec', 'provider', 'name') ?? '';
}

/** True where the engine can not be asked that way at all: then what it would be sent is of no account. */
function isForeign({ product: { agent } }: ProductFilter, { transport }: ExtAuthzSettings): boolean {
  return transport === 'http' && agent !== undefined && agent.takesHttp !== true;
}

/** Headers of requests that an ext_authz filter does not send to the engine that it asks. */
export function headerGaps(
  context: WafContext,
  own: ProductFilter,
  settings: ExtAuthzSettings,
): readonly InspectionGap[] {
  if (isForeign(own, settings)) return [];
  const provider = providerOf(own);
  const shown = provider === undefined ? byFilter(context, own, settings) : byProvider(context, provider);
  if (shown === undefined) return [];
  const missing = telling.filter((name) => !shown.has(name.toLowerCase()));
  if (missing.length === 0) return [];
  const headers = missing.join(', ');
  const note = `headers such as ${headers} are not sent to the engine`;
  const object = provider === undefined ? {} : { object: `extension provider ${provider}` };
  const data = { headers, ...object };
  return [gapOf('headers-left-out', own.product, { at: shown.at, note, data, reach: 'some' })];
}
