import { defineCheck, fail, parseGoBool, pass, theMesh, unknown } from '#check';
import type { Failure } from '#check';

interface Setting {
  readonly name: string;
  /** The default; the other value is the unsafe one. */
  readonly safe: boolean;
  readonly effect: string;
}

/** Settings whose default is safe (pilot/pkg/features/pilot.go, pilot/pkg/features/security.go). */
const settings: readonly Setting[] = [
  {
    name: 'PILOT_SKIP_VALIDATE_TRUST_DOMAIN',
    safe: false,
    effect: 'sidecars accept certificates of every trust domain',
  },
  {
    name: 'XDS_AUTH',
    safe: true,
    effect: 'it does not authenticate who asks for the configuration of a proxy',
  },
  {
    name: 'PILOT_ENABLE_XDS_IDENTITY_CHECK',
    safe: true,
    effect: 'a proxy can ask for the configuration of proxies of other namespaces',
  },
  {
    name: 'ENABLE_XDS_API_GENERATOR_AUTH',
    safe: true,
    effect: 'workloads of any namespace can read the Istio configuration of the whole cluster',
  },
  {
    name: 'ENABLE_DEBUG_ENDPOINT_AUTH',
    safe: true,
    effect: 'its debug endpoints show every namespace the proxies of all others',
  },
  {
    name: 'UNSAFE_ENABLE_ADMIN_ENDPOINTS',
    safe: false,
    effect: 'dangerous administration endpoints stand beside the debug ones',
  },
  {
    name: 'JWKS_RESOLVER_INSECURE_SKIP_VERIFY',
    safe: false,
    effect: 'the keys that JWTs are checked with are fetched from whoever answers',
  },
  {
    name: 'ISTIO_WORKLOAD_ENTRY_VALIDATE_IDENTITY',
    safe: true,
    effect: 'a virtual machine can register itself as a workload of another service account',
  },
  {
    name: 'PILOT_ENABLE_CA_CRL',
    safe: true,
    effect: 'revoked intermediate certificates go on being accepted',
  },
];

export default defineCheck({
  meta: {
    id: 'CP-001',
    title: 'Setting of istiod switches a protection off',
    severity: 'high',
    confidence: 'high',
    examines: 'meshes',
    messages: { weakened: 'istiod runs with {name}={value}: {effect}.' },
    remediation: 'Remove {name} from the environment of istiod: its default is safe.',
    controls: ['nist-800-53-r5/CM-6', 'nist-800-53-r5/CM-7', 'nist-800-53-r5/AC-3', 'pci-dss-4.0.1/2.2.6'],
  },
  subjects: theMesh,
  judge: ({ settings: { env, envSource, known } }) => {
    const failures = settings.flatMap(({ name, safe, effect }): readonly Failure<'weakened'>[] => {
      const value = Object.hasOwn(env, name) ? env[name] : undefined;
      const at = Object.hasOwn(envSource, name) ? envSource[name] : undefined;
      if (value === undefined || at === undefined || parseGoBool(value) !== !safe) return [];
      return [{ message: 'weakened', at, data: { name, value, effect } }];
    });
    if (failures.length > 0) return fail(...failures);
    return known ? pass : unknown([{ key: 'istiod-environment', text: 'environment of istiod' }]);
  },
});
