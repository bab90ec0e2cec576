import type { FieldRef, Resource } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import { hasCaCertificate, hasServerCertificate, isAbsent } from './credentials.js';
import { isGranted } from './reference-grants.js';
import type { ServerTls, ServerTlsMode } from './server.js';

/** TLS of a listener, and whether its references hold; without them istiod generates no server. */
export interface ListenerTls {
  readonly tls: ServerTls | undefined;
  readonly problem: string | undefined;
}

/** A listener, the Gateway or ListenerSet that it stands in, and the Gateway that is the parent of both. */
export interface ListenerPlace {
  readonly mesh: Mesh;
  readonly owner: Resource;
  readonly parent: Resource;
  readonly at: FieldRef;
  readonly listener: JsonObject;
  readonly port: number;
}

interface Settled {
  readonly mode: ServerTlsMode;
  readonly final: boolean;
}

const byDefault: Settled = { mode: 'SIMPLE', final: false };

/** Option `gateway.istio.io/tls-terminate-mode`; a final one needs no certificate of its own. */
const terminateModes: ReadonlyMap<string, Settled> = new Map<string, Settled>([
  ['MUTUAL', { mode: 'MUTUAL', final: false }],
  ['OPTIONAL_MUTUAL', { mode: 'OPTIONAL_MUTUAL', final: false }],
  ['ISTIO_SIMPLE', { mode: 'SIMPLE', final: true }],
  ['ISTIO_MUTUAL', { mode: 'ISTIO_MUTUAL', final: true }],
]);

/** True for listeners that pass on by SNI to any service (IsAutoPassthrough in pilot/pkg/serviceregistry/kube/conversion.go). */
function passesOnAll(owner: Resource, listener: JsonObject, port: number): boolean {
  if (stringAt(listener, 'tls', 'options', 'gateway.istio.io/listener-protocol') === 'auto-passthrough')
    return true;
  const labels = objectAt(owner.object, 'metadata', 'labels') ?? {};
  if (!Object.hasOwn(labels, 'topology.istio.io/network')) return false;
  const key = 'networking.istio.io/gatewayPort';
  return String(port) === (Object.hasOwn(labels, key) ? labels[key] : '15443');
}

const blank: ServerTls = {
  mode: 'SIMPLE',
  httpsRedirect: false,
  credentials: [],
  caCredential: undefined,
  subjectAltNames: [],
  insecureSkipVerify: false,
};

interface Reference {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** The name that a ReferenceGrant has to give: istiod compares a CA's with its suffix. */
  readonly grantName: string;
}

function referenceOf(ref: JsonValue, place: ListenerPlace, part: 'certificate' | 'ca'): Reference {
  const name = stringAt(ref, 'name') ?? '';
  return {
    kind: stringAt(ref, 'kind') ?? (part === 'ca' ? '' : 'Secret'),
    namespace: stringAt(ref, 'namespace') ?? place.mesh.namespaceOf(place.owner),
    name,
    grantName: part === 'ca' ? `${name}-cacert` : name,
  };
}

/** Why a reference does not hold; objects that may be there though the input lacks them are taken to be. */
function referenceProblem(
  { mesh, owner }: ListenerPlace,
  { kind, namespace, name, grantName }: Reference,
  isGood: (resource: Resource) => boolean | undefined,
): string | undefined {
  const own = mesh.namespaceOf(owner);
  const place = `${kind} ${namespace}/${name}`;
  const from = { kind: owner.kind, namespace: own };
  if (namespace !== own && !isGranted(mesh, { from, to: { group: '', kind, namespace, name: grantName } }))
    return `no ReferenceGrant admits ${place}`;
  const found = mesh.find('', kind, namespace, name);
  if (found === undefined) return isAbsent(mesh, kind) ? `there is no ${place}` : undefined;
  return isGood(found) === false ? `${place} lacks the expected keys` : undefined;
}

interface Certificates {
  readonly names: readonly string[];
  readonly problem: string | undefined;
}

/** The certificates that hold; one that does is enough. */
function certificatesOf(place: ListenerPlace): Certificates {
  const refs = listAt(place.listener, 'tls', 'certificateRefs').map((ref) =>
    referenceOf(ref, place, 'certificate'),
  );
  if (refs.length > 2) return { names: [], problem: 'more than two certificates' };
  const checked = refs.map((ref) => ({
    name: `kubernetes-gateway://${ref.namespace}/${ref.name}`,
    problem:
      ref.kind === 'Secret'
        ? referenceProblem(place, ref, hasServerCertificate)
        : `a certificate can not be a ${ref.kind}`,
  }));
  const names = checked.filter(({ problem }) => problem === undefined).map(({ name }) => name);
  return { names, problem: names.length > 0 ? undefined : checked[0]?.problem };
}

/** `spec.tls.frontend` of the Gateway for a port: the entry of the port is taken whole, else the default (resolveGatewayTLS). */
function frontendValidation({ parent, port }: ListenerPlace): JsonObject | undefined {
  const frontend = objectAt(parent.object, 'spec', 'tls', 'frontend');
  const entry = listAt(frontend, 'perPort').find((one) => valueAt(one, ['port']) === port);
  return isObject(entry) ? objectAt(entry, 'tls', 'validation') : objectAt(frontend, 'default', 'validation');
}

/** Client certificates by the Gateway's own frontend validation. */
function withFrontend(place: ListenerPlace, tls: ServerTls, option: Settled | undefined): ListenerTls {
  const validation = frontendValidation(place);
  const refs = listAt(validation, 'caCertificateRefs');
  const [first] = refs;
  if (first === undefined) return { tls, problem: undefined };
  if (refs.length > 1) return { tls, problem: 'more than one CA for client certificates' };
  const ref = referenceOf(first, place, 'ca');
  const isKnownKind = ref.kind === 'Secret' || ref.kind === 'ConfigMap';
  const problem = isKnownKind
    ? referenceProblem(place, ref, hasCaCertificate)
    : `a CA can not be a ${ref.kind}`;
  const lax = stringAt(validation, 'mode') === 'AllowInsecureFallback';
  const mode = option?.mode ?? (lax ? 'OPTIONAL_MUTUAL' : 'MUTUAL');
  const scheme = ref.kind === 'Secret' ? 'kubernetes-gateway' : 'configmap';
  const caCredential = `${scheme}://${ref.namespace}/${ref.name}-cacert`;
  return {
    tls: { ...tls, mode, caCredential, insecureSkipVerify: option === undefined && lax },
    problem,
  };
}

/** The TLS settings of a listener (buildTLS in pilot/pkg/config/kube/gateway/conversion.go). */
export function listenerTls(place: ListenerPlace): ListenerTls {
  const { owner, listener, port } = place;
  const written = objectAt(listener, 'tls');
  if (written === undefined) return { tls: undefined, problem: undefined };
  if (stringAt(written, 'mode') === 'Passthrough') {
    const mode = passesOnAll(owner, listener, port) ? 'AUTO_PASSTHROUGH' : 'PASSTHROUGH';
    return { tls: { ...blank, mode }, problem: undefined };
  }
  const option = terminateModes.get(
    stringAt(written, 'options', 'gateway.istio.io/tls-terminate-mode') ?? '',
  );
  const { mode, final } = option ?? byDefault;
  if (final) return { tls: { ...blank, mode }, problem: undefined };
  const { names, problem } = certificatesOf(place);
  const tls = { ...blank, mode, credentials: names };
  return problem === undefined ? withFrontend(place, tls, option) : { tls, problem };
}
