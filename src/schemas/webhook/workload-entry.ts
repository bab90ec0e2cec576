import type { FieldPath } from '#documents/document.js';
import { objectAt, stringAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import { addressFamily } from '#schemas/ip-address.js';
import type { Invalidity } from '#schemas/validation.js';
import { domainProblem, isLabel, isPort, socketProblem, wrongLabel } from './host-names.js';
import { complaint } from './webhook.js';
import type { WebhookAnswer, WebhookInput } from './webhook.js';

const unix = 'unix://';

/** Where an entry stands: on its own, or as an endpoint of a service entry with these ports. */
export interface EntryContext {
  readonly path: FieldPath;
  /** Names of the service's ports; undefined for an entry on its own. */
  readonly servicePorts?: ReadonlySet<string>;
  /** False where only an IP address will do. */
  readonly domains: boolean;
}

function addressErrors(entry: JsonObject, address: string, context: EntryContext): readonly Invalidity[] {
  const path = [...context.path, 'address'];
  if (address.startsWith(unix)) {
    const problem = socketProblem(address.slice(unix.length));
    const ports = Object.keys(objectAt(entry, 'ports') ?? {}).length > 0;
    return [
      ...(problem === undefined ? [] : [complaint(path, problem)]),
      ...(ports ? [complaint([...context.path, 'ports'], 'a unix domain socket has no ports')] : []),
    ];
  }
  if (address === '' || addressFamily(address) !== undefined) return [];
  if (!context.domains) return [complaint(path, `"${address}" is not an IP address`)];
  return domainProblem(address) === undefined ? [] : [complaint(path, `"${address}" is neither an IP address nor a domain name`)];
}

/** Faults of the ports of an entry or endpoint. */
export function entryPortErrors(ports: JsonObject, context: EntryContext): readonly Invalidity[] {
  return Object.entries(ports).flatMap(([name, port]) => {
    const path = [...context.path, 'ports', name];
    return [
      ...(context.servicePorts?.has(name) === false ? [complaint(path, `the service has no port ${name}`)] : []),
      ...(isLabel(name) ? [] : [complaint(path, `"${name}" is not a port name`)]),
      ...(typeof port === 'number' && isPort(port) ? [] : [complaint(path, 'a port must be in 1..65535')]),
    ];
  });
}

/** Faults of labels, which stand at `path`. */
export function labelErrors(labels: JsonObject | undefined, path: FieldPath): readonly Invalidity[] {
  const wrong = wrongLabel(labels ?? {});
  return wrong === undefined ? [] : [complaint(path, `the label ${wrong} is not valid`)];
}

/** Source: validation.go, validateWorkloadEntry. */
export function entryErrors(value: JsonValue, context: EntryContext): readonly Invalidity[] {
  const entry: JsonObject = objectAt(value) ?? {};
  const address = stringAt(entry, 'address') ?? '';
  if (address === '' && (stringAt(entry, 'network') ?? '') === '') {
    return [complaint([...context.path, 'address'], 'an address is required')];
  }
  const { servicePorts } = context;
  const several = address.startsWith(unix) && servicePorts !== undefined && servicePorts.size !== 1;
  return [
    ...addressErrors(entry, address, context),
    ...entryPortErrors(objectAt(entry, 'ports') ?? {}, context),
    ...labelErrors(objectAt(entry, 'labels'), [...context.path, 'labels']),
    ...(several ? [complaint(context.path, 'a unix domain socket needs a service with exactly one port')] : []),
  ];
}

/** The webhook's rules of WorkloadEntry. Source: validation.go, ValidateWorkloadEntry. */
export function workloadEntry({ spec }: WebhookInput): WebhookAnswer {
  const errors = entryErrors(spec, { path: ['spec'], domains: true });
  const unset = (stringAt(spec, 'address') ?? '') === '' && errors.length === 0;
  return { errors, warnings: unset ? [complaint(['spec', 'address'], 'the address is not set')] : [] };
}
