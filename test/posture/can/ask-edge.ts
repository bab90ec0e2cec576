import type { JsonObject } from '#documents/json.js';
import { ask } from '#posture/can/ask.js';
import type { Outcome, Question } from '#posture/can/question.js';
import { deployment, namespace, object } from '../../policy/manifests.js';
import {
  door,
  edge,
  gateway,
  plainService,
  routes,
  secret,
  server,
  simple,
  to,
} from '../../policy/gateway/edge.js';

/** A door at the edge of the mesh; shop/web and shop/other behind sidecars, mist/db in ambient mode. */
export const base: readonly JsonObject[] = [
  namespace('istio-system'),
  namespace('edge', { 'istio-injection': 'enabled' }),
  namespace('shop', { 'istio-injection': 'enabled' }),
  namespace('mist', { 'istio.io/dataplane-mode': 'ambient' }),
  ...door(),
  secret('edge/cert'),
  deployment('shop/web', { ports: [{ containerPort: 8080 }] }),
  deployment('shop/other'),
  deployment('mist/db', { ports: [{ containerPort: 8080 }] }),
  object('v1/Service', 'shop/web', {
    selector: { app: 'web' },
    ports: [{ name: 'http', port: 80, targetPort: 8080 }],
  }),
  object('v1/Service', 'mist/db', {
    selector: { app: 'db' },
    ports: [{ name: 'http', port: 80, targetPort: 8080 }],
  }),
  plainService('shop/other', { app: 'other' }, [[80, 8080]]),
];

export const web = 'web.shop.svc.cluster.local:80';
export const open = gateway('edge/gw', [server('HTTP', 80)]);
export const closed = gateway('edge/gw', [server('HTTPS', 443, ['*'], simple)]);
export const route = (target = web, extra: JsonObject = {}) =>
  routes('edge/r', ['shop.example'], [{ ...to(target), ...extra }]);
export const policy = (place: string, spec: JsonObject) =>
  object('security.istio.io/v1/AuthorizationPolicy', place, spec);
export const question: Question = {
  from: '-',
  to: 'shop/web:80',
  via: 'edge/door',
  http: { method: 'GET', path: '/', headers: {} },
};

/** The one outcome of a question about the web, by whoever is outside, through the door. */
export function outcomeOf(more: readonly JsonObject[], changes: Partial<Question> = {}): Outcome {
  const found = ask(edge(...base, ...more), { ...question, ...changes });
  if ('problem' in found) throw new Error(`${found.problem} ${found.hint ?? ''}`);
  const [only, ...others] = found;
  if (only === undefined || others.length > 0) throw new Error(`${String(found.length)} outcomes`);
  return only;
}

export const said = (...args: Parameters<typeof outcomeOf>): string => {
  const { decision } = outcomeOf(...args);
  return `${decision.verdict} ${decision.stage ?? ''}`.trim();
};
