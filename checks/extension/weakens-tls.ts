import {
  allOf,
  defineCheck,
  describe,
  fail,
  fieldName,
  pass,
  patchesOf,
  resources,
  weakenedTls,
} from '#check';
import type { Severity } from '#check';

const effects = {
  untrusted: 'certificates of any issuer are accepted',
  expired: 'expired certificates are accepted',
  'old-version': 'TLS before 1.2 is accepted',
} as const;

const severities: Readonly<Record<keyof typeof effects, Severity>> = {
  untrusted: 'critical',
  expired: 'medium',
  'old-version': 'medium',
};

export default defineCheck({
  meta: {
    id: 'EXT-010',
    title: 'EnvoyFilter weakens TLS',
    severity: 'high',
    confidence: 'medium',
    examines: 'EnvoyFilters',
    messages: {
      weakened: '{filter} sets {field}: {effect} by the proxies that it selects, whatever policies say.',
    },
    remediation: 'Remove {field} from {filter}; set TLS by PeerAuthentication, DestinationRule or Gateway.',
    controls: ['nist-800-53-r5/SC-8(1)', 'nist-800-53-r5/SC-23', 'nist-800-53-r5/CM-6'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'EnvoyFilter'),
  judge: (envoyFilter, { mesh }) =>
    allOf(
      patchesOf(envoyFilter).flatMap((patch) => {
        const found = weakenedTls(patch);
        if (found.length === 0) return [pass];
        return found.map(({ kind, at }) =>
          fail({
            message: 'weakened',
            at,
            data: { filter: describe(mesh, envoyFilter), field: fieldName(at.path), effect: effects[kind] },
            severity: severities[kind],
          }),
        );
      }),
    ),
});
