import type { FieldPath } from '#documents/document.js';
import { isArray, listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { Invalidity } from '#schemas/validation.js';
import { durationAt, durationErrors } from './durations.js';
import { isPort } from './host-names.js';
import { matchPatternErrors, patternProblem } from './route-match.js';
import { complaint } from './webhook.js';

/** Faults of what an HTTP route does with a request. Source: istio/istio pkg/config/validation/validation.go. */

function textAt(value: JsonValue | undefined, name: string): string {
  return stringAt(value, name) ?? '';
}

function numberAt(value: JsonValue | undefined, name: string): number {
  return Number(valueAt(value, [name]) ?? 0);
}

const corsMethods = new Set('GET HEAD POST PUT PATCH DELETE CONNECT OPTIONS TRACE *'.split(' '));

/** Source: validateCORSPolicy. */
export function corsErrors(cors: JsonObject | undefined, path: FieldPath): readonly Invalidity[] {
  if (!cors) return [];
  const origins = listAt(cors, 'allowOrigins').flatMap((origin, index) => {
    const at = [...path, 'allowOrigins', index];
    const text = stringAt(origin, 'regex') ?? stringAt(origin, 'prefix') ?? textAt(origin, 'exact');
    return text === '' ? [complaint(at, 'an origin must not be empty')] : matchPatternErrors(origin, at);
  });
  const methods = stringsAt(cors, 'allowMethods').flatMap((method, index) =>
    corsMethods.has(method) ? [] : [complaint([...path, 'allowMethods', index], `"${method}" is not a method`)],
  );
  const headers = ['allowHeaders', 'exposeHeaders'].flatMap((field) =>
    stringsAt(cors, field).flatMap((name, index) =>
      name === '*' || /^[!#$%&'*+\-.^_`|~A-Za-z0-9]+$/.test(name)
        ? []
        : [complaint([...path, field, index], `"${name}" is not a header name`)],
    ),
  );
  const age = durationAt(cors, 'maxAge');
  const fraction = age !== undefined && age % 1_000_000_000n > 0n;
  return [
    ...origins,
    ...methods,
    ...headers,
    ...durationErrors(cors, path, ['maxAge']),
    ...(fraction ? [complaint([...path, 'maxAge'], 'maxAge must be whole seconds')] : []),
  ];
}

const grpcStatuses = new Set(
  [
    'OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED',
    'RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS',
    'UNAUTHENTICATED',
  ].flatMap((names) => names.split(' ')),
);

function percentageErrors(part: JsonObject, path: FieldPath): readonly Invalidity[] {
  const value = Number(valueAt(part, ['percentage', 'value']) ?? 0);
  // Asked as Istio does: NaN is neither too small nor too large.
  const outside = value < 0 || value > 100 || (value > 0 && value < 0.0001);
  return !outside ? [] : [complaint([...path, 'percentage', 'value'], 'a percentage must be 0 or in 0.0001..100')];
}

function statusProblem(status: number): string | undefined {
  return status >= 200 && status <= 600 ? undefined : `the status ${String(status)} is not in 200..599`;
}

/** Of several kinds of error, protobuf keeps the one that is declared last: http2Error, then grpcStatus. */
function abortErrors(abort: JsonObject, path: FieldPath): readonly Invalidity[] {
  const grpc = stringAt(abort, 'grpcStatus');
  const status = valueAt(abort, ['httpStatus']);
  if (valueAt(abort, ['http2Error']) !== undefined) return [complaint([...path, 'http2Error'], 'http2Error is not supported')];
  if (grpc !== undefined) {
    return grpcStatuses.has(grpc) ? [] : [complaint([...path, 'grpcStatus'], `"${grpc}" is not a status of gRPC`)];
  }
  const problem = typeof status === 'number' ? statusProblem(status) : undefined;
  return problem === undefined ? [] : [complaint([...path, 'httpStatus'], problem)];
}

function delayErrors(delay: JsonObject, path: FieldPath): readonly Invalidity[] {
  if (stringAt(delay, 'exponentialDelay') !== undefined) {
    return [complaint([...path, 'exponentialDelay'], 'exponentialDelay is not supported')];
  }
  return durationErrors(delay, path, ['fixedDelay']);
}

/** Source: validateHTTPFaultInjection. */
export function faultErrors(fault: JsonObject | undefined, path: FieldPath): readonly Invalidity[] {
  if (!fault) return [];
  const abort = objectAt(fault, 'abort');
  const delay = objectAt(fault, 'delay');
  const [abortPath, delayPath] = [[...path, 'abort'], [...path, 'delay']];
  return [
    ...(abort ?? delay ? [] : [complaint(path, 'a fault needs an abort or a delay')]),
    ...(abort ? [...percentageErrors(abort, abortPath), ...abortErrors(abort, abortPath)] : []),
    ...(delay ? [...percentageErrors(delay, delayPath), ...delayErrors(delay, delayPath)] : []),
  ];
}

/** True for a match that leaves the path alone or matches its beginning, which is what a redirect can replace. */
function isPrefixMatch(match: JsonValue): boolean {
  const uri = objectAt(match, 'uri');
  return !uri || (stringAt(uri, 'prefix') !== undefined && stringAt(uri, 'regex') === undefined);
}

function redirectPathProblem(redirect: JsonObject, matches: readonly JsonValue[]): readonly [string, string] | undefined {
  const [uri, prefix] = [textAt(redirect, 'uri'), textAt(redirect, 'prefixRewrite')];
  if (uri !== '' && prefix !== '') return ['prefixRewrite', 'uri and prefixRewrite exclude each other'];
  if (prefix !== '' && !matches.every(isPrefixMatch)) return ['prefixRewrite', 'prefixRewrite needs matches by prefix'];
  const changes = ['uri', 'prefixRewrite', 'authority', 'scheme'].some((name) => textAt(redirect, name) !== '');
  const port = ['port', 'derivePort'].some((name) => valueAt(redirect, [name]) !== undefined);
  return changes || port ? undefined : ['uri', 'a redirect must change something'];
}

function redirectProblem(redirect: JsonObject, matches: readonly JsonValue[]): readonly [string, string] | undefined {
  const problem = redirectPathProblem(redirect, matches);
  if (problem) return problem;
  const code = numberAt(redirect, 'redirectCode');
  if (code !== 0 && (code < 300 || code > 399)) return ['redirectCode', 'a redirect code must be 3xx'];
  if (!['', 'http', 'https'].includes(textAt(redirect, 'scheme'))) return ['scheme', 'the scheme must be http or https'];
  // Of port and derivePort, protobuf keeps derivePort, which is declared last.
  const port = valueAt(redirect, ['derivePort']) === undefined ? numberAt(redirect, 'port') : 0;
  return port > 0 && !isPort(port) ? ['port', 'a port must be in 1..65535'] : undefined;
}

/** Source: validateHTTPRedirect. */
export function redirectErrors(route: JsonObject, path: FieldPath): readonly Invalidity[] {
  const redirect = objectAt(route, 'redirect');
  const problem = redirect && redirectProblem(redirect, listAt(route, 'match'));
  return problem ? [complaint([...path, 'redirect', problem[0]], problem[1])] : [];
}

const largestBody = 1024 * 1024;

/** Bytes of a body; bytes stand after a string in the message, so they win. */
function bodySize(body: JsonObject | undefined): number {
  const bytes = valueAt(body, ['bytes']);
  if (isArray(bytes)) return bytes.length;
  return typeof bytes === 'string' ? Buffer.from(bytes, 'base64').length : Buffer.byteLength(textAt(body, 'string'));
}

/** Source: validateHTTPDirectResponse. */
export function directResponseErrors(response: JsonObject | undefined, path: FieldPath): readonly Invalidity[] {
  if (!response) return [];
  const size = bodySize(objectAt(response, 'body'));
  const problem = statusProblem(numberAt(response, 'status'));
  return [
    ...(size > largestBody ? [complaint([...path, 'body'], 'a body has at most 1 MiB')] : []),
    ...(problem === undefined ? [] : [complaint([...path, 'status'], problem)]),
  ];
}

function rewriteProblem(rewrite: JsonObject): string | undefined {
  const uri = textAt(rewrite, 'uri');
  const pattern = objectAt(rewrite, 'uriRegexRewrite');
  if (uri !== '' && pattern) return 'uri and uriRegexRewrite exclude each other';
  if (uri === '' && !pattern && textAt(rewrite, 'authority') === '') return 'a rewrite must change something';
  if (!pattern) return undefined;
  const match = textAt(pattern, 'match');
  return match === '' || textAt(pattern, 'rewrite') === '' ? 'uriRegexRewrite needs match and rewrite' : patternProblem(match);
}

/** Source: validateHTTPRewrite. */
export function rewriteErrors(rewrite: JsonObject | undefined, path: FieldPath): readonly Invalidity[] {
  const problem = rewrite && rewriteProblem(rewrite);
  return problem === undefined ? [] : [complaint(path, problem)];
}

const retryPolicies = new Set(
  [
    '5xx gateway-error reset reset-before-request connect-failure retriable-4xx refused-stream retriable-status-codes',
    'retriable-headers envoy-ratelimited http3-post-connect-failure cancelled deadline-exceeded internal',
    'resource-exhausted unavailable',
  ].flatMap((names) => names.split(' ')),
);

/** Status codes that Go's net/http has a text for. */
const statusRanges = [
  [100, 103],
  [200, 208],
  [226, 226],
  [300, 305],
  [307, 308],
  [400, 418],
  [421, 426],
  [428, 429],
  [431, 431],
  [451, 451],
  [500, 508],
  [510, 511],
] as const;

function isRetryPolicy(policy: string): boolean {
  if (retryPolicies.has(policy)) return true;
  const code = /^\+?\d+$/.test(policy) ? Number(policy) : 0;
  return statusRanges.some(([least, most]) => code >= least && code <= most);
}

/** Source: pkg/config/validation/agent, ValidateHTTPRetry. */
export function retryErrors(retries: JsonObject | undefined, path: FieldPath): readonly Invalidity[] {
  if (!retries) return [];
  const attempts = numberAt(retries, 'attempts');
  const retryOn = textAt(retries, 'retryOn');
  const configured =
    retryOn !== '' || ['perTryTimeout', 'retryRemoteLocalities'].some((name) => valueAt(retries, [name]) !== undefined);
  const wrong = retryOn === '' ? undefined : retryOn.split(',').find((policy) => !isRetryPolicy(policy));
  return [
    ...(attempts < 0 ? [complaint([...path, 'attempts'], 'attempts must not be negative')] : []),
    ...(attempts === 0 && configured ? [complaint(path, 'retries are configured, but attempts are 0')] : []),
    ...durationErrors(retries, path, ['perTryTimeout', 'backoff']),
    ...(wrong === undefined ? [] : [complaint([...path, 'retryOn'], `"${wrong}" is not a condition to retry on`)]),
  ];
}
