import { defineCheck, fail, parseGoDuration, pass, shownControlPlanes, stringAt, unknown } from '#check';
import type { Failure, FieldRef, Mesh } from '#check';

const hour = 3_600_000_000_000n;

/** Certificates live a day by default, and the CA signs for ninety days at most. */
const limits: Readonly<Record<string, bigint>> = {
  DEFAULT_WORKLOAD_CERT_TTL: 168n * hour,
  MAX_WORKLOAD_CERT_TTL: 2160n * hour,
  SECRET_TTL: 168n * hour,
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

function failureOf({ name, value, at }: Setting): readonly Failure<'long'>[] {
  const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
  const lifetime = parseGoDuration(value);
  if (limit === undefined || lifetime === undefined || lifetime <= limit) return [];
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
  },
  subjects: shownControlPlanes,
  judge: ({ env, container, values }, { mesh }) => {
    const failures = [...env, ...proxySetting(mesh)].flatMap(failureOf);
    if (failures.length > 0) return fail(...failures);
    return container === undefined && values === undefined
      ? unknown([{ key: 'istiod-environment', text: 'environment of istiod' }])
      : pass;
  },
});
