import { defineCheck, fail, pass, shownControlPlanes } from '#check';
import type { ControlPlane, Failure, Severity } from '#check';

type Entry = ControlPlane['env'][number];

interface Widening {
  readonly name: string;
  readonly severity: Severity;
  /** The part of the value that widens; undefined: none does. */
  readonly widens: (value: string) => string | undefined;
  readonly effect: string;
}

const parts = (value: string): readonly string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
const listed = (values: readonly string[]): string | undefined =>
  values.length === 0 ? undefined : values.join(', ');

/** Variables by which istiod trusts more than its own (pilot/pkg/features/security.go, pilot/pkg/features/pilot.go). */
const widenings: readonly Widening[] = [
  {
    name: 'CA_TRUSTED_NODE_ACCOUNTS',
    severity: 'high',
    widens: (value) => listed(parts(value).filter((account) => !/\/(?:[\w.-]+-)?ztunnel$/.test(account))),
    effect: 'these accounts are given the certificate of any workload of their node',
  },
  {
    name: 'TRUSTED_GATEWAY_CIDR',
    severity: 'high',
    widens: (value) => listed(parts(value).filter((range) => /\/[0-8]$/.test(range))),
    effect: 'whoever connects from there is believed about the identity that a header names',
  },
  {
    name: 'PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS',
    severity: 'medium',
    widens: (value) => listed(parts(value)),
    effect: 'a Secret for a remote cluster may make istiod run programs or read files',
  },
  {
    name: 'DEBUG_ENDPOINT_AUTH_ALLOWED_NAMESPACES',
    severity: 'medium',
    widens: (value) => listed(parts(value)),
    effect: 'every pod there may read the configuration of all proxies',
  },
];

function failureOf({ name, value, at }: Entry): readonly Failure<'widened'>[] {
  const widening = widenings.find((each) => each.name === name);
  const what = widening?.widens(value);
  if (widening === undefined || what === undefined) return [];
  return [
    { message: 'widened', at, severity: widening.severity, data: { name, what, effect: widening.effect } },
  ];
}

export default defineCheck({
  meta: {
    id: 'CP-023',
    title: 'Control plane trusts more than it has to',
    severity: 'medium',
    confidence: 'high',
    examines: 'control planes',
    messages: { widened: 'istiod runs with {name} for {what}: {effect}.' },
    remediation: 'Take {what} out of {name} in the environment of istiod.',
    controls: ['nist-800-53-r5/AC-6', 'nist-800-53-r5/CM-6', 'nist-800-53-r5/AC-3'],
  },
  subjects: shownControlPlanes,
  judge: ({ env }) => {
    const failures = env.flatMap(failureOf);
    return failures.length > 0 ? fail(...failures) : pass;
  },
});
