import { defineCheck, fail, pass, shownControlPlanes, stringAt } from '#check';
import type { Failure, FieldRef, Mesh } from '#check';

const names: ReadonlySet<string> = new Set(['CITADEL_SELF_SIGNED_CA_RSA_KEY_SIZE', 'WORKLOAD_RSA_KEY_SIZE']);

interface Setting {
  readonly name: string;
  readonly value: string;
  readonly at: FieldRef;
}

function proxySetting({ settings }: Mesh): readonly Setting[] {
  const path = ['defaultConfig', 'proxyMetadata', 'WORKLOAD_RSA_KEY_SIZE'];
  const value = stringAt(settings.config, ...path);
  const at = settings.fieldOf(path);
  return value === undefined || at === undefined ? [] : [{ name: 'WORKLOAD_RSA_KEY_SIZE', value, at }];
}

function failureOf({ name, value, at }: Setting, least: number): readonly Failure<'short'>[] {
  const bits = /^\d+$/.test(value) ? Number(value) : undefined;
  return names.has(name) && bits !== undefined && bits > 0 && bits < least
    ? [{ message: 'short', at, data: { name, value, least } }]
    : [];
}

export default defineCheck({
  meta: {
    id: 'CP-013',
    title: 'Keys of the mesh are too short',
    severity: 'high',
    confidence: 'high',
    examines: 'control planes',
    messages: {
      short: '{name}={value}: RSA keys below {least} bits are too weak for the identities they prove.',
    },
    remediation:
      'Set {name} to {least} or more (2048 is the default), or use ECDSA keys: ECC_SIGNATURE_ALGORITHM=ECDSA in proxyMetadata.',
    controls: [
      'nist-800-53-r5/SC-17',
      'nist-800-53-r5/SC-13',
      'nist-800-53-r5/IA-5(2)',
      'iso-27001-2022/A.8.24',
      'pci-dss-4.0.1/4.2.1',
    ],
    options: {
      minRsaBits: {
        type: 'integer',
        minimum: 2048,
        maximum: 16384,
        default: 2048,
        description: 'The least length of an RSA key, in bits.',
      },
    },
  },
  subjects: shownControlPlanes,
  judge: ({ env }, { mesh }, { minRsaBits }) => {
    const failures = [...env, ...proxySetting(mesh)].flatMap((setting) => failureOf(setting, minRsaBits));
    return failures.length > 0 ? fail(...failures) : pass;
  },
});
