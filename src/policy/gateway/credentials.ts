import type { Resource } from '#documents/document.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { holdsEntries } from '#mesh/secret-entries.js';
import { isGranted } from './reference-grants.js';
import type { GatewayConfig, Server } from './server.js';

/** True when the Secrets of the input are all there are: a dump that holds none at all is one that was taken without them. */
export function holdsSecrets(mesh: Mesh): boolean {
  return mesh.scope === 'complete' && (mesh.listsSecrets || mesh.ofKind('', 'Secret').length > 0);
}

/** True when an object that is not in the input does not exist: not in a partial scope, and not a Secret without {@link holdsSecrets}. */
export function isAbsent(mesh: Mesh, kind: string): boolean {
  return kind === 'Secret' ? holdsSecrets(mesh) : mesh.scope === 'complete';
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
  /** Set where it is only taken to be there: the object that the input lacks, or the entries of one that nobody has looked at. */
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

/** One of several sets of entries is enough; undefined: nobody has looked at the entries. */
function holdsOne(resource: Resource, sets: readonly (readonly string[])[]): boolean | undefined {
  const states = sets.map((keys) => holdsEntries(resource, keys));
  if (states.includes(true)) return true;
  return states.includes(undefined) ? undefined : false;
}

/** Whether a Secret holds a certificate and its key (ExtractCertInfo in pilot/pkg/credentials/kube/secrets.go); undefined: nobody has looked. */
export function hasServerCertificate(secret: Resource): boolean | undefined {
  return holdsOne(secret, [
    ['cert', 'key'],
    ['tls.crt', 'tls.key'],
  ]);
}

/** Whether a Secret or ConfigMap holds a CA (ExtractRoot in pilot/pkg/credentials/kube/secrets.go); undefined: nobody has looked. */
export function hasCaCertificate(resource: Resource): boolean | undefined {
  return holdsOne(resource, [['cacert'], ['ca.crt']]);
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
  if (complete === undefined) return { ...given, assumed: `entries of ${place}` };
  return complete ? given : no(`${place} lacks the keys of a ${part}`);
}

/**
 * What becomes of the credentials of a server at one workload. Without any, certificates come from files or from the
 * pod's own identity and are taken to be there. In a partial scope, and where the input holds no Secret at all,
 * so are Secrets that it does not hold; likewise entries of Secrets that were read without them.
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
