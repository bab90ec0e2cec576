import { defineCheck, fail, parseGoDuration, pass, shownControlPlanes, stringAt, unknown } from '#check';
import type { Failure, FieldRef, Mesh } from '#check';

const hour = 3_600_000_000_000n;

interface Hours {
  readonly maxHours: number;
  readonly maxRequestedHours: number;
}

/** Certificates live a day by default, and the CA signs for ninety days at most. */
const limits: Readonly<Record<string, keyof Hours>> = {
  DEFAULT_WORKLOAD_CERT_TTL: 'maxHours',
  MAX_WORKLOAD_CERT_TTL: 'maxRequestedHours',
  SECRET_TTL: 'maxHours',
};

interface Setting {
  readonly name: string;
  readonly value: string;
  readonly at: FieldRef;
}

function proxySetting({ settings }: Mesh): readonly Setting[] {
  const path = ['defaultConfig', 'proxyMetadata', 'SECRET_TTL'];
  const value = stringAt(settings.config, ...path);
  const at = settings.fieldOf(path);
  return value === undefined || at === undefined ? [] : [{ name: 'SECRET_TTL', value, at }];
}

function failureOf({ name, value, at }: Setting, hours: Hours): readonly Failure<'long'>[] {
  const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
  const lifetime = parseGoDuration(value);
  if (limit === undefined || lifetime === undefined || lifetime <= BigInt(hours[limit]) * hour) return [];
  return [{ message: 'long', at, data: { name, value } }];
}

export default defineCheck({
  meta: {
    id: 'CP-012',
    title: 'Certificates of workloads live long',
    severity: 'medium',
    confidence: 'high',
    examines: 'control planes',
    messages: {
      long: '{name}={value}: a certificate that is stolen stays good for that time. Istio takes none back; its default is 24 hours.',
    },
    remediation: 'Remove {name}, or lower it to a day; proxies renew their certificates by themselves.',
    controls: [
      'nist-800-53-r5/SC-17',
      'nist-800-207a/ID-SEG-REC-2',
      'nist-800-53-r5/IA-5(2)',
      'iso-27001-2022/A.8.24',
    ],
    options: {
      maxHours: {
        type: 'integer',
        minimum: 1,
        maximum: 87600,
        default: 168,
        description: 'The longest life of a certificate that is set for workloads, in hours.',
      },
      maxRequestedHours: {
        type: 'integer',
        minimum: 1,
        maximum: 87600,
        default: 2160,
        description:
          'The longest life for which the CA may sign when a workload asks (MAX_WORKLOAD_CERT_TTL), in hours.',
      },
    },
  },
  subjects: shownControlPlanes,
  judge: ({ env, container, values }, { mesh }, hours) => {
    const failures = [...env, ...proxySetting(mesh)].flatMap((setting) => failureOf(setting, hours));
    if (failures.length > 0) return fail(...failures);
    return container === undefined && values === undefined
      ? unknown([{ key: 'istiod-environment', text: 'environment of istiod' }])
      : pass;
  },
});
