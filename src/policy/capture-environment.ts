import { valueAt } from '#documents/json.js';
import type { Mesh, Workload } from '#mesh/mesh.js';
import { captureSetting, listItems, listPorts } from './capture-settings.js';
import type { Decision, MissingEvidence } from './decision.js';
import type { CaptureLimit, Enrolment } from './policies.js';
import { mayHaveProxyMetadata, proxyMetadataOf } from './proxy-metadata.js';
import type { MetadataSetting } from './proxy-metadata.js';

interface Question {
  readonly mesh: Mesh;
  readonly workload: Workload;
  readonly enrolment: Decision<Enrolment>;
}

/** Limits, and what would have to be known for them to be certain. */
export interface EnvironmentLimits {
  readonly limits: readonly CaptureLimit[];
  readonly missing: readonly MissingEvidence[];
}

type LimitOf = (setting: MetadataSetting, question: Question) => CaptureLimit | undefined;

function groups(setting: MetadataSetting): CaptureLimit {
  const note = 'what processes of some groups send is not captured';
  return { direction: 'outbound', kind: 'proxy-identity', ports: 'all', at: setting.at, note };
}

const variables: readonly (readonly [name: string, limitOf: LimitOf])[] = [
  [
    'ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE',
    (setting) => (listItems(setting.text).length > 0 ? groups(setting) : undefined),
  ],
  ['ISTIO_OUTBOUND_OWNER_GROUPS', (setting) => (setting.text === '*' ? undefined : groups(setting))],
  [
    'ISTIO_LOCAL_OUTBOUND_PORTS_EXCLUDE',
    ({ text, at }, { mesh, workload }) => {
      const ports = listPorts(text);
      // The flag that the template writes for annotation or chart value goes before the variable.
      const flagged = captureSetting(mesh, workload, 'excludeOutboundPorts') !== undefined;
      const note = 'outbound traffic to these ports is not captured';
      return flagged || ports.length === 0
        ? undefined
        : { direction: 'outbound', kind: 'excluded-ports', ports, at, note };
    },
  ],
  [
    'ISTIO_EXCLUDE_INTERFACES',
    ({ text, at }, { mesh, workload }) => {
      const flagged = captureSetting(mesh, workload, 'excludeInterfaces') !== undefined;
      const note = 'traffic of these network interfaces is not captured';
      return flagged || listItems(text).length === 0
        ? undefined
        : { direction: 'inbound', kind: 'excluded-interfaces', ports: undefined, at, note };
    },
  ],
];

/** With istio-cni the init container writes no rules, so its environment does not matter. */
function usesCni({ settings }: Mesh): boolean {
  return valueAt(settings.injector, ['values', 'pilot', 'cni', 'enabled']) === true;
}

/**
 * What the environment of istio-init takes out of capture: proxyMetadata is put there whole, and istio-iptables reads
 * the options that the template leaves open from it (tools/istio-iptables/pkg/cmd/root.go, pkg/constants;
 * files/injection-template.yaml of the istiod chart).
 */
export function environmentLimits(question: Question): EnvironmentLimits {
  const limits: CaptureLimit[] = [];
  const missing: MissingEvidence[] = [];
  if (usesCni(question.mesh) || !mayHaveProxyMetadata(question)) return { limits, missing };
  for (const [name, limitOf] of variables) {
    const setting = proxyMetadataOf(question, name);
    if (!setting.known) missing.push(...setting.missing);
    else if (setting.value !== undefined) {
      const limit = limitOf(setting.value, question);
      if (limit !== undefined) limits.push(limit);
    }
  }
  return { limits, missing };
}
