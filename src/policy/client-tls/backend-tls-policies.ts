import type { Resource } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import { compareText, createdAt } from '#mesh/creation-order.js';
import { getOrMake } from '#mesh/lazy.js';
import type { Mesh } from '#mesh/mesh.js';
import { hasCaCertificate } from '#policy/gateway/credentials.js';
import type { DestinationRule } from './destination-rule.js';
import type { TlsSettings } from './traffic-policy.js';

/** One reference of a BackendTLSPolicy, resolved. */
interface Attachment {
  readonly policy: Resource;
  /** `kind/name` of the target. */
  readonly target: string;
  /** Name of the target's port; empty: all of them. */
  readonly section: string;
  readonly host: string;
  /** The port's number, where a name is given. */
  readonly port: number | undefined;
}

const group = 'gateway.networking.k8s.io';
const ignored = 'istio.io/ignore-policy-attachment';

interface Reference {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly section: string;
}

function referencesOf(policy: Resource): readonly Reference[] {
  return listAt(policy.object, 'spec', 'targetRefs').map((ref) => ({
    group: stringAt(ref, 'group') ?? '',
    kind: stringAt(ref, 'kind') ?? '',
    name: stringAt(ref, 'name') ?? '',
    section: stringAt(ref, 'sectionName') ?? '',
  }));
}

const keyOf = ({ group: api, kind, name, section }: Reference): string => `${api}/${kind}/${name}/${section}`;

/** The object that a reference names, in the policy's own namespace. */
function targetOf(mesh: Mesh, namespace: string, ref: Reference): Resource | undefined {
  const isService = ref.kind === 'Service' && ref.group === '';
  const isEntry = ref.kind === 'ServiceEntry' && ref.group === 'networking.istio.io';
  return isService || isEntry ? mesh.find(ref.group, ref.kind, namespace, ref.name) : undefined;
}

function hostsOf(mesh: Mesh, target: Resource): readonly string[] {
  if (target.kind === 'ServiceEntry') return stringsAt(target.object, 'spec', 'hosts');
  return [`${target.name}.${mesh.namespaceOf(target)}.svc.${mesh.settings.domainSuffix}`];
}

function portNumber(target: Resource, name: string): number | undefined {
  const port = listAt(target.object, 'spec', 'ports').find((each) => stringAt(each, 'name') === name);
  const number = valueAt(port, [target.kind === 'Service' ? 'port' : 'number']);
  return typeof number === 'number' ? number : undefined;
}

/** References whose target exists and has the port, of the policies of one namespace, oldest first. */
function attachments(mesh: Mesh, policies: readonly Resource[]): readonly Attachment[] {
  const taken = new Set<string>();
  return policies.flatMap((policy) => {
    const references = referencesOf(policy);
    // An older policy with the same reference wins; a policy does not stand in its own way.
    const free = references.filter((ref) => !taken.has(keyOf(ref)));
    for (const ref of references) taken.add(keyOf(ref));
    return free.flatMap((ref) => {
      const target = targetOf(mesh, mesh.namespaceOf(policy), ref);
      const port = target === undefined || ref.section === '' ? undefined : portNumber(target, ref.section);
      if (target === undefined || (ref.section !== '' && port === undefined)) return [];
      const place = { policy, target: `${ref.kind}/${ref.name}`, section: ref.section, port };
      return hostsOf(mesh, target).map((host) => ({ ...place, host }));
    });
  });
}

function holdsRoot(mesh: Mesh, namespace: string, name: string): boolean {
  const map = mesh.find('', 'ConfigMap', namespace, name);
  return map === undefined ? mesh.scope === 'partial' : hasCaCertificate(map) === true;
}

/** The first reference counts; one that leads nowhere blocks gateways and leaves sidecars without TLS. */
function credentialOf(mesh: Mesh, namespace: string, validation: JsonObject): string {
  if (stringAt(validation, 'wellKnownCACertificates') !== undefined) return '';
  const [ref] = listAt(validation, 'caCertificateRefs');
  if (ref === undefined) return '';
  const name = stringAt(ref, 'name') ?? '';
  const isMap = stringAt(ref, 'kind') === 'ConfigMap' && (stringAt(ref, 'group') ?? '') === '';
  return isMap && holdsRoot(mesh, namespace, name) ? `configmap://${namespace}/${name}` : 'invalid://';
}

function namesOf(validation: JsonObject): readonly string[] {
  return listAt(validation, 'subjectAltNames').flatMap((entry) => {
    const type = stringAt(entry, 'type');
    if (type !== 'Hostname' && type !== 'URI') return [];
    return [stringAt(entry, type === 'URI' ? 'uri' : 'hostname') ?? ''];
  });
}

/** One-way TLS with the policy's name as SNI (BackendTLSPolicyCollection in pilot/pkg/config/kube/gateway/backend_policies.go). */
function tlsOf(mesh: Mesh, policy: Resource): TlsSettings {
  const path = ['spec', 'validation'];
  const validation = objectAt(policy.object, ...path) ?? {};
  return {
    mode: 'SIMPLE',
    sni: stringAt(validation, 'hostname') ?? '',
    subjectAltNames: namesOf(validation),
    credentialName: credentialOf(mesh, mesh.namespaceOf(policy), validation),
    caCertificates: '',
    clientCertificate: '',
    privateKey: '',
    insecureSkipVerify: false,
    at: { resource: policy, path },
  };
}

/** One rule for each target and host; of several policies the oldest counts for the whole and for each port. */
function ruleOf(mesh: Mesh, namespace: string, ofHost: readonly Attachment[]): DestinationRule {
  const whole = ofHost.find(({ section }) => section === '');
  const sections = new Map<string, Attachment>();
  for (const each of ofHost) if (each.section !== '') getOrMake(sections, each.section, () => each);
  const ports = [...sections.values()].flatMap(({ policy, port }) =>
    port === undefined ? [] : [{ port, tls: tlsOf(mesh, policy), passthrough: undefined }],
  );
  return {
    host: ofHost[0]?.host ?? '',
    namespace,
    exportTo: new Set(),
    selector: undefined,
    trafficPolicy: { tls: whole && tlsOf(mesh, whole.policy), passthrough: undefined, ports },
    subsets: [],
    generated: true,
    from: [...new Set(ofHost.map(({ policy }) => policy))],
  };
}

function byAge(a: Resource, b: Resource): number {
  const [one, other] = [createdAt(a), createdAt(b)];
  return one === other ? compareText(a.name, b.name) : one - other;
}

/**
 * The DestinationRules that istiod makes of BackendTLSPolicies, which gateways and sidecars use alike; a user's rule
 * for the same host keeps what it sets (DestinationRuleCollection in pilot/pkg/config/kube/gateway/backend_policies.go).
 */
export function backendTlsRules(mesh: Mesh): readonly DestinationRule[] {
  const policies = new Map<string, Resource[]>();
  for (const policy of mesh.ofKind(group, 'BackendTLSPolicy')) {
    const annotation = stringAt(policy.object, 'metadata', 'annotations', ignored) ?? '';
    if (annotation.toLowerCase() !== 'true' && isObject(policy.object['spec']))
      getOrMake(policies, mesh.namespaceOf(policy), () => []).push(policy);
  }
  return [...policies].flatMap(([namespace, own]) => {
    const byTarget = new Map<string, Attachment[]>();
    for (const each of attachments(mesh, [...own].sort(byAge)))
      getOrMake(byTarget, `${each.target} ${each.host}`, () => []).push(each);
    return [...byTarget.values()].map((ofHost) => ruleOf(mesh, namespace, ofHost));
  });
}
