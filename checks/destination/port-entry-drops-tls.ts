import {
  defineCheck,
  describe,
  fail,
  isObject,
  listAt,
  notApplicable,
  objectAt,
  pass,
  resources,
  stringAt,
  valueAt,
} from '#check';
import type { FieldPath, Resource } from '#check';

interface Dropped {
  readonly path: FieldPath;
  readonly port: string;
  readonly mode: string;
}

/** Port entries without tls under a traffic policy, where TLS of the destination would have been originated. */
function droppedIn(rule: Resource, path: FieldPath, mode: string | undefined): readonly Dropped[] {
  const originates = mode === 'SIMPLE' || mode === 'MUTUAL';
  if (!originates) return [];
  return listAt(valueAt(rule.object, path) ?? null, 'portLevelSettings').flatMap((entry, index) => {
    if (!isObject(entry) || entry['tls'] !== undefined) return [];
    const number = valueAt(entry, ['port', 'number']);
    const port = typeof number === 'number' ? String(number) : 'without number';
    return [{ path: [...path, 'portLevelSettings', index], port, mode }];
  });
}

function dropped(rule: Resource): readonly Dropped[] {
  const top = objectAt(rule.object, 'spec', 'trafficPolicy');
  const mode = stringAt(top, 'tls', 'mode');
  const subsets = listAt(rule.object, 'spec', 'subsets').flatMap((subset, index) => {
    const own = stringAt(subset, 'trafficPolicy', 'tls', 'mode');
    return droppedIn(rule, ['spec', 'subsets', index, 'trafficPolicy'], own ?? mode);
  });
  return [...droppedIn(rule, ['spec', 'trafficPolicy'], mode), ...subsets];
}

export default defineCheck({
  meta: {
    id: 'DR-005',
    title: 'Port entry of a DestinationRule drops TLS',
    severity: 'high',
    confidence: 'high',
    examines: 'DestinationRules with port settings',
    messages: {
      plaintext:
        '{rule} sets TLS {mode} for {host}, but its entry for port {port} has no tls: an entry replaces the whole policy, and traffic to that port leaves in plaintext.',
    },
    remediation: 'Repeat the tls block of {rule} in the entry for port {port}.',
    controls: [
      'nist-800-53-r5/SC-8(1)',
      'nist-800-204/MS-SS-4',
      'pci-dss-4.0.1/4.2.1',
      'istio-best-practices/tls-origination',
    ],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'DestinationRule'),
  judge: (rule, { mesh, policies }) => {
    const hasPorts = [objectAt(rule.object, 'spec'), ...listAt(rule.object, 'spec', 'subsets')].some(
      (level) => listAt(level, 'trafficPolicy', 'portLevelSettings').length > 0,
    );
    if (!hasPorts) return notApplicable('DestinationRule has no port settings');
    const entries = dropped(rule);
    if (entries.length === 0) return pass;
    return fail(
      ...entries.map(({ path, port, mode }) => ({
        message: 'plaintext' as const,
        at: { resource: rule, path },
        data: { rule: describe(mesh, rule), host: policies.destination(rule).host, port, mode },
      })),
    );
  },
});
