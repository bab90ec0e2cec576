import type { FieldPath, FieldRef } from '#documents/document.js';
import type { Mesh } from '#mesh/mesh.js';
import type { MtlsMode } from '#policy/policies.js';
import type { Condition } from '#policy/rule/condition.js';
import { present } from '#policy/rule/pattern.js';
import type { Chosen, FoundReading, Reading } from './chosen-peer-authentications.js';
import type { ZtunnelPolicy, ZtunnelRule } from './ztunnel-policy.js';

/** A name that a workload is told of and that no policy has: ztunnel passes over it. */
export interface SkippedPolicy {
  readonly key: string;
  /** What the policy would have been made of. */
  readonly at: FieldRef;
}

/** What ztunnel has of the PeerAuthentications of one workload. */
export interface ConvertedPeerAuthentications {
  readonly policies: readonly ZtunnelPolicy[];
  readonly skipped: readonly SkippedPolicy[];
}

const isStrict = (reading: Reading | undefined): boolean => reading?.mode === 'STRICT';
const isLax = (mode: MtlsMode | undefined): boolean => mode === 'PERMISSIVE' || mode === 'DISABLE';

/** What a workload is told of: the static STRICT policy, its converted one, both or neither. */
interface References {
  readonly strict: boolean;
  readonly converted: boolean;
}

/** convertedSelectorPeerAuthentications in pilot/pkg/serviceregistry/ambient/authorization.go. */
function referencesOf({ workload, namespace, mesh }: Chosen): References {
  const parentStrict = namespace?.mode === undefined ? isStrict(mesh) : isStrict(namespace);
  if (workload === undefined) return { strict: parentStrict, converted: false };
  const strict = workload.mode === undefined ? parentStrict : workload.mode === 'STRICT';
  const ports = [...workload.ports.values()];
  if (!strict) return { strict, converted: ports.includes('STRICT') };
  // With the mode left unset only PERMISSIVE ports are seen as exceptions, not DISABLE ones.
  const excepted = workload.mode === 'STRICT' ? ports.some(isLax) : ports.includes('PERMISSIVE');
  return { strict: !excepted, converted: excepted };
}

/** Whether a STRICT port is left out of the converted policy, because a wider policy is thought to cover it. */
function isInherited({ workload, strictly: { namespace, mesh } }: Chosen): boolean {
  if (workload?.mode === 'STRICT') return true;
  if (workload?.mode === undefined && isStrict(namespace)) return true;
  // This holds for every mode of the workload, PERMISSIVE too: its STRICT ports are then lost.
  return namespace?.mode === undefined && isStrict(mesh);
}

/** Whether a PERMISSIVE or DISABLE port is an exception: there has to be something strict that it excepts from. */
function excepts({ workload, strictly: { namespace, mesh } }: Chosen): boolean {
  if (workload?.mode !== undefined) return workload.mode === 'STRICT';
  return namespace === undefined ? isStrict(mesh) : isStrict(namespace);
}

/** Whether the strictness of a wider policy is put into the converted one. */
function mergesStrict({ strictly: { namespace, mesh } }: Chosen): boolean {
  return isStrict(namespace) || (isStrict(mesh) && namespace?.mode === undefined);
}

const noIdentity = (path: FieldPath): Condition => ({
  on: 'identity',
  patterns: [present],
  negated: true,
  path,
});

const modePath: FieldPath = ['spec', 'mtls', 'mode'];
const portPath = (port: number): FieldPath => ['spec', 'portLevelMtls', String(port), 'mode'];

function portsWith(reading: Reading, wanted: (mode: MtlsMode) => boolean): readonly number[] {
  return [...reading.ports].flatMap(([port, mode]) => (wanted(mode) ? [port] : [])).sort((a, b) => a - b);
}

/** The rules of the converted policy; none when istiod does not build it (convertPeerAuthentication, same file). */
function convertedRules(workload: FoundReading, chosen: Chosen): readonly ZtunnelRule[] {
  const strictPorts = isInherited(chosen) ? [] : portsWith(workload, (mode) => mode === 'STRICT');
  const exceptions = excepts(chosen) ? portsWith(workload, isLax) : [];
  const rules = strictPorts.map((port, index): ZtunnelRule => {
    const path = portPath(port);
    return {
      index,
      sources: [[noIdentity(path)]],
      operations: [[{ on: 'port', ports: [port], negated: false, path }]],
    };
  });
  if (exceptions.length === 0) return rules;
  const isWholly = isStrict(workload) || mergesStrict(chosen);
  const others = exceptions.map((port): Condition => ({
    on: 'port',
    ports: [port],
    negated: true,
    path: portPath(port),
  }));
  return [
    ...rules,
    { index: rules.length, sources: [isWholly ? [noIdentity(modePath)] : []], operations: [others] },
  ];
}

function modeField(chosen: Chosen): FieldRef | undefined {
  const levels = [chosen.workload, chosen.namespace, chosen.mesh];
  const setting = levels.find((reading) => reading?.mode !== undefined);
  return setting?.resource && { resource: setting.resource, path: modePath };
}

function denying(key: string, at: FieldRef | undefined, rules: readonly ZtunnelRule[]): ZtunnelPolicy {
  const origin = 'PeerAuthentication';
  return { key, action: 'DENY', origin, scope: 'workload', dryRun: false, at, rules };
}

/**
 * PeerAuthentications as ztunnel is told of them: deny policies, with the gaps of istiod's conversion. A mode is never
 * more than "deny who shows no identity": DISABLE is PERMISSIVE, and the tunnel itself always takes mutual TLS.
 */
export function convertPeerAuthentications(mesh: Mesh, chosen: Chosen): ConvertedPeerAuthentications {
  const { strict, converted } = referencesOf(chosen);
  const policies: ZtunnelPolicy[] = [];
  const skipped: SkippedPolicy[] = [];
  if (strict) {
    const key = `${mesh.settings.rootNamespace}/istio_converted_static_strict`;
    const rule = { index: 0, sources: [[noIdentity(modePath)]], operations: [[]] };
    policies.push(denying(key, modeField(chosen), [rule]));
  }
  if (converted && chosen.workload !== undefined) {
    const { resource } = chosen.workload;
    const key = `${mesh.namespaceOf(resource)}/converted_peer_authentication_${resource.name}`;
    const rules = convertedRules(chosen.workload, chosen);
    const at = { resource, path: ['spec', 'portLevelMtls'] };
    if (rules.length === 0) skipped.push({ key, at });
    else policies.push(denying(key, at, rules));
  }
  return { policies, skipped };
}
