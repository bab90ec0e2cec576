import type { FieldPath } from '#documents/document.js';
import { objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import type { Invalidity } from '#schemas/validation.js';
import { durationAt, durationErrors, isProxyDuration } from './durations.js';
import { complaint } from './webhook.js';

/** Complains of each of some numbers that is negative. */
export function negativeErrors(value: JsonObject, path: FieldPath, names: readonly string[]): readonly Invalidity[] {
  const negative = names.filter((name) => Number(valueAt(value, [name]) ?? 0) < 0);
  return negative.map((name) => complaint([...path, name], `${name} must not be negative`));
}

const httpCounts = [
  'http1MaxPendingRequests',
  'http2MaxRequests',
  'maxRequestsPerConnection',
  'maxRetries',
  'maxConcurrentStreams',
];

function keepAliveErrors(keepAlive: JsonObject, path: FieldPath): readonly Invalidity[] {
  const missing = ['interval', 'timeout'].filter((name) => durationAt(keepAlive, name) === undefined);
  return [
    ...missing.map((name) => complaint([...path, name], `${name} of http2KeepAlive is required`)),
    ...durationErrors(keepAlive, path, ['interval', 'timeout']),
  ];
}

function httpErrors(http: JsonObject, path: FieldPath): readonly Invalidity[] {
  const keepAlive = objectAt(http, 'http2KeepAlive');
  const both = stringAt(http, 'h2UpgradePolicy') === 'UPGRADE' && valueAt(http, ['useClientProtocol']) === true;
  return [
    ...negativeErrors(http, path, httpCounts),
    ...durationErrors(http, path, ['idleTimeout']),
    ...(both ? [complaint([...path, 'useClientProtocol'], 'useClientProtocol excludes h2UpgradePolicy UPGRADE')] : []),
    ...(keepAlive ? keepAliveErrors(keepAlive, [...path, 'http2KeepAlive']) : []),
  ];
}

function tcpErrors(tcp: JsonObject, path: FieldPath): readonly Invalidity[] {
  const idle = durationAt(tcp, 'idleTimeout');
  // Less than a millisecond switches the timeout off.
  const idleWrong = idle !== undefined && idle / 1_000_000n !== 0n && !isProxyDuration(idle);
  return [
    ...negativeErrors(tcp, path, ['maxConnections']),
    ...durationErrors(tcp, path, ['connectTimeout', 'maxConnectionDuration']),
    ...(idleWrong ? [complaint([...path, 'idleTimeout'], 'idleTimeout must be whole milliseconds')] : []),
    ...durationErrors(objectAt(tcp, 'tcpKeepalive'), [...path, 'tcpKeepalive'], ['time', 'interval']),
  ];
}

/** Faults of a connection pool, which stands at `path`. Source: validation.go, validateConnectionPool. */
export function connectionPoolErrors(pool: JsonObject | undefined, path: FieldPath): readonly Invalidity[] {
  if (!pool) return [];
  const http = objectAt(pool, 'http');
  const tcp = objectAt(pool, 'tcp');
  if (!http && !tcp) return [complaint(path, 'a connection pool must have http or tcp')];
  return [
    ...(http ? httpErrors(http, [...path, 'http']) : []),
    ...(tcp ? tcpErrors(tcp, [...path, 'tcp']) : []),
  ];
}
