import type { FieldRef } from '#documents/document.js';
import type { TlsMode, TlsSettings } from './traffic-policy.js';

/** TLS that a cluster originates, apart from what its single endpoints get. */
export type TlsKind = 'none' | 'simple' | 'mutual' | 'mutual-istio';

/** The TLS context of a cluster. */
export interface UpstreamTls {
  readonly kind: TlsKind;
  /** True for automatic mutual TLS: only endpoints that are known to speak it get it. */
  readonly auto: boolean;
  readonly sni: string;
  /** SNI from the Host header of each HTTP request. */
  readonly autoSni: boolean;
  /** Names of which the server's certificate must carry one. */
  readonly subjectAltNames: readonly string[];
  /** The certificate must also match the Host header. */
  readonly autoSanValidation: boolean;
  /** Whether the server's chain is verified; undefined for plaintext. */
  readonly verifies: boolean | undefined;
  readonly ca: string | undefined;
  readonly clientCertificate: string | undefined;
  /** The block that decided; undefined when automatic mutual TLS did. */
  readonly by: FieldRef | undefined;
  /** Why a block that asks for TLS yields plaintext; undefined when it does not. */
  readonly downgrade: string | undefined;
}

/** What the context is made of besides the `tls` block. */
export interface UpstreamContext {
  /** SNI of mutual TLS in the mesh; empty for clusters that forward to any host. */
  readonly meshSni: string;
  /** Identities that are known of the service's endpoints, and names of its own. */
  readonly accounts: readonly string[];
  readonly external: boolean;
  /** From a ServiceEntry: its names count where the block has none. */
  readonly fromEntry: boolean;
  /** Automatic mutual TLS is on and the service's namespace does not switch it off. */
  readonly autoMtls: boolean;
  readonly sidecar: boolean;
  /** The rule is for selected workloads only. */
  readonly selecting: boolean;
  /** A cluster that forwards to any host under a wildcard. */
  readonly forwardsAny: boolean;
  /** The proxy has client certificates of its own, which replace the mesh's (proxy metadata TLS_CLIENT_*). */
  readonly proxyFiles: CertificateFiles | undefined;
  /** For services outside the mesh the rule's settings go before the proxy's certificates. */
  readonly prefersRule: boolean;
  /** False before 1.24 unless VERIFY_CERTIFICATE_AT_CLIENT is on: without CA nothing is verified. */
  readonly verifiesByDefault: boolean;
  /** False before 1.21 unless ENABLE_AUTO_SNI is on. */
  readonly autoSni: boolean;
}

/** Paths of certificate, key and CA that a proxy was told of. */
export interface CertificateFiles {
  readonly chain: string;
  readonly key: string;
  readonly root: string;
}

const plaintext: UpstreamTls = {
  kind: 'none',
  auto: false,
  sni: '',
  autoSni: false,
  subjectAltNames: [],
  autoSanValidation: false,
  verifies: undefined,
  ca: undefined,
  clientCertificate: undefined,
  by: undefined,
  downgrade: undefined,
};

/** A name without scheme is a Secret's (ToResourceName in pilot/pkg/model/credentials/resource.go). */
function credential(name: string): string {
  if (name.startsWith('builtin://')) return 'default';
  return /^(?:kubernetes|kubernetes-gateway|configmap|invalid):\/\//.test(name)
    ? name
    : `kubernetes://${name.replace(/^sds:\/\//, '')}`;
}

/** The mesh's own certificate and CA; `insecureSkipVerify` does not count here. */
function meshTls(context: UpstreamContext, tls: TlsSettings | undefined): UpstreamTls {
  const names = tls?.subjectAltNames ?? [];
  const sni = tls?.sni ?? '';
  return {
    ...plaintext,
    kind: 'mutual-istio',
    auto: tls === undefined,
    sni: sni === '' ? context.meshSni : sni,
    autoSni: context.forwardsAny && sni === '',
    subjectAltNames: names.length > 0 ? names : context.accounts,
    autoSanValidation: context.forwardsAny && tls?.insecureSkipVerify !== true,
    verifies: true,
    ca: 'ROOTCA',
    clientCertificate: 'default',
    by: tls?.at,
  };
}

/** setAutoSniAndAutoSanValidation in pilot/pkg/networking/core/cluster_tls.go. */
function automatic(
  tls: TlsSettings,
  context: UpstreamContext,
): Pick<UpstreamTls, 'autoSni' | 'autoSanValidation'> {
  const autoSni = tls.sni === '' && context.autoSni;
  const checks = context.forwardsAny || (autoSni && tls.subjectAltNames.length === 0);
  return { autoSni, autoSanValidation: checks && !tls.insecureSkipVerify };
}

/** Certificates by the name of a credential (ApplyCustomSDSToClientCommonTLSContext in pilot/pkg/security/model/authentication.go). */
function byCredential(tls: TlsSettings): Partial<UpstreamTls> {
  const certificate = tls.mode === 'MUTUAL' ? credential(tls.credentialName) : undefined;
  if (tls.insecureSkipVerify)
    return { verifies: false, ca: undefined, subjectAltNames: [], clientCertificate: certificate };
  return { verifies: true, ca: credential(`${tls.credentialName}-cacert`), clientCertificate: certificate };
}

/** Certificates in files; without a CA the operating system's bundle counts. */
function byFiles(tls: TlsSettings, context: UpstreamContext): Partial<UpstreamTls> {
  const clientCertificate =
    tls.mode === 'MUTUAL' ? `file-cert:${tls.clientCertificate}~${tls.privateKey}` : undefined;
  const unverified = tls.insecureSkipVerify || (tls.caCertificates === '' && !context.verifiesByDefault);
  if (unverified) return { verifies: false, ca: undefined, subjectAltNames: [], clientCertificate };
  const ca = `file-root:${tls.caCertificates === '' ? 'system' : tls.caCertificates}`;
  return { verifies: true, ca, clientCertificate };
}

/** One-way or two-way TLS as a rule asks for it (constructUpstreamTLS in pilot/pkg/networking/core/cluster_tls.go). */
function ruleTls(context: UpstreamContext, tls: TlsSettings): UpstreamTls {
  const names =
    tls.subjectAltNames.length === 0 && context.fromEntry ? context.accounts : tls.subjectAltNames;
  const options = { ...automatic(tls, context), by: tls.at };
  const lacksFiles = tls.mode === 'MUTUAL' && (tls.clientCertificate === '' || tls.privateKey === '');
  if (tls.credentialName === '' && lacksFiles)
    return { ...plaintext, ...options, downgrade: 'MUTUAL without client certificate and key' };
  return {
    ...plaintext,
    ...options,
    kind: tls.mode === 'MUTUAL' ? 'mutual' : 'simple',
    sni: tls.sni,
    subjectAltNames: names,
    ...(tls.credentialName === '' ? byFiles(tls, context) : byCredential(tls)),
  };
}

const originates: ReadonlySet<TlsMode> = new Set(['SIMPLE', 'MUTUAL']);

/** Sidecars get no credentials by name but from ConfigMaps, unless the rule is for selected workloads. */
function credentialIsWithheld(tls: TlsSettings, context: UpstreamContext): boolean {
  if (tls.credentialName === '' || tls.credentialName.startsWith('configmap://')) return false;
  return context.sidecar && !context.selecting && originates.has(tls.mode);
}

/** MUTUAL with the certificates that the proxy was told of. */
function proxyTls(
  files: CertificateFiles,
  context: UpstreamContext,
  tls: TlsSettings | undefined,
): UpstreamTls {
  return ruleTls(context, {
    mode: 'MUTUAL',
    sni: tls?.sni ?? context.meshSni,
    subjectAltNames: tls?.subjectAltNames ?? context.accounts,
    credentialName: '',
    caCertificates: files.root,
    clientCertificate: files.chain,
    privateKey: files.key,
    insecureSkipVerify: tls?.insecureSkipVerify ?? false,
    at: tls?.at,
  });
}

/**
 * The TLS context of a cluster: what the rule's block says, else automatic mutual TLS, else none
 * (buildUpstreamTLSSettings and buildUpstreamClusterTLSContext in pilot/pkg/networking/core/cluster_tls.go).
 */
export function upstreamTls(tls: TlsSettings | undefined, context: UpstreamContext): UpstreamTls {
  const { proxyFiles } = context;
  if (tls === undefined) {
    if (!context.autoMtls || context.external) return plaintext;
    return proxyFiles === undefined ? meshTls(context, undefined) : proxyTls(proxyFiles, context, undefined);
  }
  if (tls.mode === 'DISABLE') return { ...plaintext, by: tls.at };
  const isRules = context.external && context.prefersRule;
  if (tls.mode !== 'SIMPLE' && proxyFiles !== undefined && !isRules)
    return proxyTls(proxyFiles, context, tls);
  if (tls.mode === 'ISTIO_MUTUAL') return meshTls(context, tls);
  if (credentialIsWithheld(tls, context))
    return { ...plaintext, by: tls.at, downgrade: 'credentialName on a sidecar without workloadSelector' };
  return ruleTls(context, tls);
}
