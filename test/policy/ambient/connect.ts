import type { JsonObject } from '#documents/json.js';
import { decideAmbient } from '#policy/ambient/decide-ambient.js';
import type { AmbientDecision, AmbientOptions } from '#policy/ambient/decide-ambient.js';
import type { EffectivePolicies } from '#policy/policies.js';
import type { Client } from '#policy/request/access-request.js';
import type { MeshOfOptions } from '../../mesh/mesh-of.js';
import { deployment, namespace, object, policiesOf } from '../manifests.js';

const ambient = { 'istio.io/dataplane-mode': 'ambient' };

/** Two namespaces in ambient mode: a till and a vault in `bank`, a kiosk in `mall`. */
export const town: readonly JsonObject[] = [
  namespace('istio-system'),
  namespace('bank', ambient),
  namespace('mall', ambient),
  deployment('bank/till', { labels: { tier: 'front' } }),
  deployment('bank/vault', { labels: { tier: 'core' } }),
  deployment('mall/kiosk'),
];

/** An AuthorizationPolicy. */
export function authorization(place: string, spec: JsonObject, annotations: JsonObject = {}): JsonObject {
  return object('security.istio.io/v1/AuthorizationPolicy', place, spec, { annotations });
}

/** The istiod of the town, with environment variables. */
export function istiod(env: Readonly<Record<string, string>>, version = '1.31.0'): JsonObject {
  const variables = Object.entries(env).map(([name, value]) => ({ name, value }));
  const container = { name: 'discovery', image: `docker.io/istio/pilot:${version}`, env: variables };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'istiod', namespace: 'istio-system' },
    spec: {
      selector: { matchLabels: { app: 'istiod' } },
      template: { metadata: { labels: { app: 'istiod' } }, spec: { containers: [container] } },
    },
  };
}

export function townWith(objects: readonly JsonObject[], options: MeshOfOptions = {}): EffectivePolicies {
  return policiesOf([...town, ...objects], options);
}

/** `plaintext`, or `[trust domain/]namespace/account`. */
export function client(text: string): Client {
  if (text === 'plaintext') return { kind: 'plaintext' };
  const [account = '', namespaceName = '', trustDomain] = text.split('/').reverse();
  return { kind: 'mesh', namespace: namespaceName, serviceAccount: account, trustDomain };
}

interface Call {
  readonly from?: string;
  /** `namespace/name`. */
  readonly to?: string;
  readonly port?: number;
  readonly ip?: string | undefined;
  readonly toIp?: string;
}

/** Connects; what is not said is the kiosk's account at 10.0.0.7 calling port 8080 of the till at 10.0.1.1. */
export function connect(
  policies: EffectivePolicies,
  call: Call = {},
  options?: AmbientOptions,
): AmbientDecision {
  const { from = 'mall/kiosk', to = 'bank/till', port = 8080, toIp = '10.0.1.1' } = call;
  const [namespaceName = '', name = ''] = to.split('/');
  const connection = {
    from: client(from),
    ip: 'ip' in call ? call.ip : '10.0.0.7',
    to: { namespace: namespaceName, workload: `Deployment/${name}`, port, ip: toIp },
  };
  return decideAmbient(policies, connection, options);
}

/** The verdict, and the policy that decided. */
export function outcome({ verdict, policy }: AmbientDecision): string {
  return policy === undefined ? verdict : `${verdict} ${policy}`;
}
