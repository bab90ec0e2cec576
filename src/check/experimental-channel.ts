import type { Resource } from '#documents/document.js';
import type { Mesh } from '#mesh/mesh.js';
import type { Invalidity } from '#schemas/validation.js';

const group = 'gateway.networking.k8s.io';

/** Fields that the CRDs of the experimental channel have and those of the standard one lack (Gateway API 1.6). */
const fields: ReadonlySet<string> = new Set([
  'retry',
  'sessionPersistence',
  'externalAuth',
  'useDefaultGateways',
  'defaultScope',
]);

const showsChannel = ({ ofKind }: Mesh): boolean =>
  ofKind('apiextensions.k8s.io', 'CustomResourceDefinition').some(({ name }) => name.endsWith(`.${group}`));

/**
 * True for what the experimental channel of the Gateway API knows (fields, and versions of routes before v1), where the
 * input does not show whose CRDs are installed.
 */
export function dependsOnChannel(
  mesh: Mesh,
  { group: own, version }: Resource,
  { code, path }: Invalidity,
): boolean {
  if (own !== group || mesh.scope === 'complete' || showsChannel(mesh)) return false;
  if (code === 'not-served') return path[0] === 'apiVersion' && /^v1alpha[23]$/.test(version);
  return fields.has(String(path.at(-1)));
}

/** What has to be known to judge it. */
export const channelEvidence = {
  key: 'gateway-api-channel',
  text: 'which channel of the Gateway API is installed (its CustomResourceDefinitions)',
} as const;
