import { isObject, listAt, objectAt, stringAt } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import type { Exposure } from '#policy/gateway/exposure.js';
import { parseGoBool } from '#policy/istiod-flag.js';
import type { EffectivePolicies } from '#policy/policies.js';
import { parseImage } from './image.js';

/** A tool that shows what the mesh does. */
export type Dashboard = 'Kiali' | 'Grafana' | 'Prometheus' | 'Jaeger' | 'Zipkin';

const images: ReadonlyMap<string, Dashboard> = new Map([
  ['kiali/kiali', 'Kiali'],
  ['grafana/grafana', 'Grafana'],
  ['prom/prometheus', 'Prometheus'],
  ['prometheus/prometheus', 'Prometheus'],
  ['jaegertracing/all-in-one', 'Jaeger'],
  ['jaegertracing/jaeger', 'Jaeger'],
  ['jaegertracing/jaeger-query', 'Jaeger'],
  ['openzipkin/zipkin', 'Zipkin'],
]);

/** A word of every image above: most images have none of them. */
const word = /kiali|grafana|prometheus|jaeger|zipkin/;

/** The tool that a workload runs, by its image; undefined for all others. */
export function dashboardOf({ containers }: Workload): Dashboard | undefined {
  for (const { image } of containers) {
    if (!word.test(image)) continue;
    const { hub, name } = parseImage(image);
    const found = images.get(`${hub.split('/').at(-1) ?? ''}/${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function letsAnonymousIn({ containers }: Workload): boolean {
  return containers.some(({ spec }) =>
    listAt(spec, 'env').some(
      (entry) =>
        stringAt(entry, 'name') === 'GF_AUTH_ANONYMOUS_ENABLED' &&
        parseGoBool(stringAt(entry, 'value') ?? '') === true,
    ),
  );
}

function kialiIsAnonymous(mesh: Mesh, { namespace }: Workload): boolean {
  const map = mesh.find('', 'ConfigMap', namespace, 'kiali');
  const text = map && stringAt(map.object, 'data', 'config.yaml');
  const config = text === undefined ? undefined : mesh.parseYaml(text);
  return isObject(config) && stringAt(objectAt(config, 'auth'), 'strategy') === 'anonymous';
}

/** True when a tool asks nobody for a login: Kiali and Grafana do unless told otherwise, the others cannot. */
export function hasOpenLogin(mesh: Mesh, workload: Workload, tool: Dashboard): boolean {
  if (tool === 'Grafana') return letsAnonymousIn(workload);
  return tool === 'Kiali' ? kialiIsAnonymous(mesh, workload) : true;
}

type Asked = Pick<EffectivePolicies, 'authorization' | 'requestAuthentication'>;

/** True when some policy at a workload decides who gets through, or may: what cannot be known counts as a guard. */
function decides(policies: Asked, workload: Workload): boolean {
  const authorization = policies.authorization(workload);
  if (!authorization.known) return true;
  const { custom, deny, defaultAction, allowsEverything } = authorization.value;
  if (custom.length > 0 || deny.length > 0) return true;
  if (defaultAction === 'deny' && allowsEverything === undefined) return true;
  const tokens = policies.requestAuthentication(workload);
  return !tokens.known || tokens.value.token === 'required' || tokens.value.token === 'partly';
}

/** True when something on a way from outside may ask who calls: a policy there, a client certificate, an Ingress with annotations for a login. */
export function isGuarded(policies: Asked, workload: Workload, exposure: Exposure): boolean {
  const { gateway, clientCertificate, blocked, by, at } = exposure;
  if (blocked !== undefined || clientCertificate === 'required') return true;
  if (by === 'ingress') {
    const annotations = objectAt(at.resource.object, 'metadata', 'annotations') ?? {};
    if (Object.keys(annotations).some((name) => /auth|whitelist|allowlist/.test(name))) return true;
  }
  return decides(policies, workload) || (gateway !== undefined && decides(policies, gateway));
}
