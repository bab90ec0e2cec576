import type { JsonObject } from '#documents/json.js';
import type { ClientTls } from '#policy/client-tls/client-tls.js';
import type { Decision } from '#policy/decision.js';
import type { MeshOfOptions } from '../../mesh/mesh-of.js';
import { deployment, meshConfig, namespace, object, policiesOf, service, workload } from '../manifests.js';

const injected = { 'istio-injection': 'enabled' };

/** A client in `web`, another in `lab`, a server in `pay` with an HTTP and a TCP port. */
export const town: readonly JsonObject[] = [
  namespace('istio-system'),
  namespace('web', injected),
  namespace('lab', injected),
  namespace('pay', injected),
  deployment('web/front'),
  deployment('lab/front'),
  deployment('pay/ledger', { spec: { serviceAccountName: 'ledger' } }),
  service('pay/ledger', [
    { name: 'http', port: 80, targetPort: 8080 },
    { name: 'tcp', port: 90, targetPort: 9090 },
  ]),
];

export const ledger = 'ledger.pay.svc.cluster.local';

/** What is asked where a test does not say otherwise: what web's client sends to the ledger's HTTP port. */
export interface Question {
  readonly client?: string;
  readonly host?: string;
  readonly port?: number;
  readonly subset?: string;
  /** Instead of the town. */
  readonly base?: readonly JsonObject[];
  readonly options?: MeshOfOptions;
}

export function decide(objects: readonly JsonObject[], question: Question = {}): Decision<ClientTls> {
  const { client = 'web/Deployment/front', host = ledger, port = 80, subset = '' } = question;
  const policies = policiesOf([...(question.base ?? town), ...objects], {
    stored: true,
    ...question.options,
  });
  return policies.clientTls(workload(policies.mesh, client), { host, port, subset });
}

export function ask(objects: readonly JsonObject[], question: Question = {}): ClientTls {
  const decision = decide(objects, question);
  if (!decision.known) throw new Error(decision.missing.map(({ text }) => text).join('; '));
  return decision.value;
}

/** The kind of TLS and what endpoints get of it, in short. */
export function kinds(objects: readonly JsonObject[], question: Question = {}): string {
  const { tls, effective } = ask(objects, question);
  return tls === effective ? tls : `${tls} → ${effective}`;
}

/** Names of the rules that the client uses. */
export function rulesUsed(objects: readonly JsonObject[], question: Question = {}): string {
  return ask(objects, question)
    .destinationRules.map((rule) => `${rule.namespace ?? ''}/${rule.name}`)
    .join(' + ');
}

/** A DestinationRule; `at` is its day of creation. */
export function rule(place: string, spec: JsonObject, at?: JsonObject): JsonObject {
  return object('networking.istio.io/v1/DestinationRule', place, { host: ledger, ...spec }, at);
}

/** A trafficPolicy whose `tls` is this. */
export function tls(settings: JsonObject): JsonObject {
  return { trafficPolicy: { tls: settings } };
}

export function entry(place: string, spec: JsonObject, metadata: JsonObject = {}): JsonObject {
  const ports = [{ number: 80, name: 'http', protocol: 'HTTP' }];
  return object('networking.istio.io/v1/ServiceEntry', place, { ports, ...spec }, metadata);
}

export function sidecar(place: string, spec: JsonObject, metadata: JsonObject = {}): JsonObject {
  return object('networking.istio.io/v1/Sidecar', place, spec, metadata);
}

export { meshConfig };
