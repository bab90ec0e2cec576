import type { Resource } from '#documents/document.js';
import { objectAt } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { isGranted } from './reference-grants.js';
import type { GatewayConfig, Server } from './server.js';

/**
 * True when an object that is not in the input does not exist: not in a partial scope, and not a Secret where the input
 * holds none at all, which is one that was taken without them.
 */
export function isAbsent(mesh: Mesh, kind: string): boolean {
  return mesh.scope === 'complete' && (kind !== 'Secret' || mesh.ofKind('', 'Secret').length > 0);
}

/** A Secret or ConfigMap that a credential name stands for. */
interface CredentialResource {
  readonly scheme: 'kubernetes' | 'kubernetes-gateway' | 'configmap';
  readonly kind: 'Secret' | 'ConfigMap';
  readonly namespace: string;
  readonly name: string;
}

/** What istiod hands to the gateway for a credential: something, nothing, or it is not istiod that hands it out. */
export interface CredentialState {
  readonly name: string;
  readonly delivered: boolean;
  /** Why not. */
  readonly reason: string | undefined;
  /** Set where it is only taken to be there: the object that the input lacks. */
  readonly assumed?: string;
}

const caSuffix = '-cacert';
const schemes = /^(kubernetes-gateway|kubernetes|configmap):\/\/(.*)$/;

/** Reads a credential name (ToResourceName and ParseResourceName in pilot/pkg/model/credentials/resource.go). */
function parseCredential(name: string, podNamespace: string): CredentialResource | undefined {
  const [, scheme = 'kubernetes', rest = name] = schemes.exec(name) ?? [];
  const [first = '', second] = rest.split('/');
  if (scheme === 'kubernetes') {
    return second === undefined
      ? { scheme, kind: 'Secret', namespace: podNamespace, name: first }
      : { scheme, kind: 'Secret', namespace: first, name: second };
  }
  if (second === undefined || first === '' || second === '') return undefined;
  return scheme === 'configmap'
    ? { scheme, kind: 'ConfigMap', namespace: first, name: second }
    : { scheme: 'kubernetes-gateway', kind: 'Secret', namespace: first, name: second };
}

/** True when an object has something under each of the keys; values that the loader hid are null and count. */
function holds(resource: Resource, keys: readonly string[]): boolean {
  const maps = [objectAt(resource.object, 'data'), objectAt(resource.object, 'stringData')];
  return keys.every((key) =>
    maps.some((map) => map !== undefined && Object.hasOwn(map, key) && map[key] !== ''),
  );
}

/** True for a Secret that holds a certificate and its key (ExtractCertInfo in pilot/pkg/credentials/kube/secrets.go). */
export function hasServerCertificate(secret: Resource): boolean {
  return holds(secret, ['cert', 'key']) || holds(secret, ['tls.crt', 'tls.key']);
}

/** True for a Secret or ConfigMap that holds a CA (ExtractRoot in pilot/pkg/credentials/kube/secrets.go). */
export function hasCaCertificate(resource: Resource): boolean {
  return holds(resource, ['cacert']) || holds(resource, ['ca.crt']);
}

function findCa(mesh: Mesh, { kind, namespace, name }: CredentialResource): Resource | undefined {
  const bare = name.endsWith(caSuffix) ? name.slice(0, -caSuffix.length) : name;
  const find = (wanted: string): Resource | undefined => mesh.find('', kind, namespace, wanted);
  return kind === 'ConfigMap' ? find(bare) : (find(name) ?? find(bare));
}

/** The pods of a gateway, and the configuration they get. */
interface Recipient {
  readonly mesh: Mesh;
  readonly workload: Workload;
  readonly config: GatewayConfig;
}

/** True when the pods are those that the configuration is meant for (identityVerified in pilot/pkg/model/gateway.go). */
function isVerified({ workload, config }: Recipient): boolean {
  const namespace = config.binding.by === 'services' ? config.binding.namespace : config.namespace;
  const account = config.serviceAccount ?? workload.serviceAccount;
  return workload.namespace === namespace && workload.serviceAccount === account;
}

/** Whether the pods may have a resource (mergeGateways in pilot/pkg/model/gateway.go, filterAuthorizedResources in pilot/pkg/xds/sds.go). */
function isAllowed(recipient: Recipient, { scheme, kind, namespace, name }: CredentialResource): boolean {
  const { mesh, workload, config } = recipient;
  if (scheme === 'configmap') return true;
  if (scheme === 'kubernetes') return namespace === workload.namespace;
  if (!isVerified(recipient)) return false;
  const own = config.fromListenerSet ? config.namespace : workload.namespace;
  const sameNamespace = config.fromListenerSet || config.namespace === workload.namespace;
  if (sameNamespace && namespace === own) return true;
  const from = { kind: config.fromListenerSet ? 'ListenerSet' : 'Gateway', namespace: own };
  return isGranted(mesh, { from, to: { group: '', kind, namespace, name } });
}

/** Credentials that istiod does not hand out: the pod's own certificate, and what other SDS servers hold. */
function isForeign(name: string): boolean {
  return name.startsWith('builtin://') || name.startsWith('sds://');
}

type Part = 'certificate' | 'ca';

function stateOf(recipient: Recipient, name: string, part: Part, byCertificate = false): CredentialState {
  const given: CredentialState = { name, delivered: true, reason: undefined };
  if (isForeign(name)) return given;
  const no = (reason: string): CredentialState => ({ name, delivered: false, reason });
  const resource = parseCredential(name, recipient.workload.namespace);
  if (resource === undefined) return no(`credential name ${name} can not be read`);
  const { mesh } = recipient;
  const place = `${resource.kind} ${resource.namespace}/${resource.name}`;
  if (!byCertificate && !isAllowed(recipient, resource)) return no(`the gateway may not have ${place}`);
  const found =
    part === 'ca' ? findCa(mesh, resource) : mesh.find('', resource.kind, resource.namespace, resource.name);
  if (found === undefined)
    return isAbsent(mesh, resource.kind) ? no(`there is no ${place}`) : { ...given, assumed: place };
  const complete = part === 'ca' ? hasCaCertificate(found) : hasServerCertificate(found);
  return complete ? given : no(`${place} lacks the keys of a ${part}`);
}

/**
 * What becomes of the credentials of a server at one workload. Without any, certificates come from files or from the
 * pod's own identity and are taken to be there. In a partial scope, and where the input holds no Secret at all,
 * so are Secrets that it does not hold.
 */
export function credentialsOf(
  mesh: Mesh,
  { workload, config }: { readonly workload: Workload; readonly config: GatewayConfig },
  { tls }: Server,
): readonly CredentialState[] {
  if (tls === undefined || tls.mode === 'ISTIO_MUTUAL') return [];
  const [first] = tls.credentials;
  if (first === undefined) return [];
  const recipient = { mesh, workload, config };
  const certificates = tls.credentials.map((name) => stateOf(recipient, name, 'certificate'));
  if (tls.mode !== 'MUTUAL' && tls.mode !== 'OPTIONAL_MUTUAL') return certificates;
  const named = tls.caCredential;
  const ca =
    named === undefined
      ? stateOf(recipient, `${first}${caSuffix}`, 'ca', true)
      : stateOf(recipient, named, 'ca');
  return [...certificates, ca];
}
