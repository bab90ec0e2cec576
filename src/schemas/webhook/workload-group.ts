import { listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import type { Invalidity } from '#schemas/validation.js';
import { isPort } from './host-names.js';
import { complaint } from './webhook.js';
import { labelErrors } from './workload-entry.js';
import type { WebhookAnswer, WebhookInput } from './webhook.js';

const counts = ['periodSeconds', 'initialDelaySeconds', 'timeoutSeconds', 'successThreshold', 'failureThreshold'];
const probe = ['spec', 'probe'];

function portErrors(method: JsonObject, name: string): readonly Invalidity[] {
  const port = valueAt(method, ['port']);
  const valid = typeof port === 'number' && isPort(port);
  return valid ? [] : [complaint([...probe, name, 'port'], 'a port must be in 1..65535')];
}

function httpErrors(method: JsonObject): readonly Invalidity[] {
  const scheme = stringAt(method, 'scheme') ?? '';
  const headers = listAt(method, 'httpHeaders').flatMap((header, index) => {
    const name = stringAt(header, 'name') ?? '';
    const path = [...probe, 'httpGet', 'httpHeaders', index, 'name'];
    return /^[-A-Za-z0-9]+$/.test(name) ? [] : [complaint(path, `"${name}" is not a header name`)];
  });
  return [
    ...portErrors(method, 'httpGet'),
    ...(['', 'HTTP', 'HTTPS'].includes(scheme) ? [] : [complaint([...probe, 'httpGet', 'scheme'], 'the scheme must be HTTP or HTTPS')]),
    ...headers,
  ];
}

function methodErrors(fields: JsonObject): readonly Invalidity[] {
  // Of several methods protobuf keeps the one that it declares last.
  if (objectAt(fields, 'grpc')) return [complaint([...probe, 'grpc'], 'Istio does not know this way to probe')];
  const exec = objectAt(fields, 'exec');
  if (exec) return listAt(exec, 'command').length > 0 ? [] : [complaint([...probe, 'exec', 'command'], 'a command is required')];
  const socket = objectAt(fields, 'tcpSocket');
  if (socket) return portErrors(socket, 'tcpSocket');
  const http = objectAt(fields, 'httpGet');
  return http ? httpErrors(http) : [complaint(probe, 'a probe needs httpGet, tcpSocket or exec')];
}

function probeErrors(fields: JsonObject | undefined): readonly Invalidity[] {
  if (!fields) return [];
  const negative = counts.filter((name) => Number(valueAt(fields, [name]) ?? 0) < 0);
  return [
    ...negative.map((name) => complaint([...probe, name], `${name} must not be negative`)),
    ...methodErrors(fields),
  ];
}

/** The webhook's rules of WorkloadGroup. Source: validation.go, ValidateWorkloadGroup. */
export function workloadGroup({ spec }: WebhookInput): WebhookAnswer {
  if (!objectAt(spec, 'template')) {
    return { errors: [complaint(['spec', 'template'], 'a template is required')], warnings: [] };
  }
  const labels = labelErrors(objectAt(spec, 'metadata', 'labels'), ['spec', 'metadata', 'labels']);
  return { errors: labels.length > 0 ? labels : probeErrors(objectAt(spec, 'probe')), warnings: [] };
}
