import { defineCheck, fail, pass, shownControlPlanes, stringsAt, unknown, valueAt } from '#check';
import type { ControlPlane, FieldPath, Verdict } from '#check';

/** Value of `--grpcAddr`; undefined where the arguments leave the default, which listens on port 15010. */
function addressIn(args: readonly string[]): string | undefined {
  const index = args.findLastIndex((arg) => arg === '--grpcAddr' || arg.startsWith('--grpcAddr='));
  const found = args[index];
  if (found === undefined) return undefined;
  return found === '--grpcAddr' ? (args[index + 1] ?? '') : found.slice('--grpcAddr='.length);
}

/** Nobody outside of the pod reaches it. */
const isClosed = (address: string): boolean =>
  /^(?:""|''|)$|^(?:127\.|localhost:|\[::1\]:)/.test(address.trim());

function judge({ revision, resource, container, values }: ControlPlane): Verdict<'open'> {
  const place: FieldPath = container === undefined ? (values?.path ?? []) : container.path;
  const argsPath: FieldPath =
    container === undefined ? [...place, 'pilot', 'extraContainerArgs'] : [...place, 'args'];
  if (container === undefined && (values === undefined || overlays(resource.object)))
    return unknown([{ key: 'istiod-arguments', text: `arguments of istiod (revision ${revision})` }]);
  const address = addressIn(stringsAt(resource.object, ...argsPath));
  if (address !== undefined && isClosed(address)) return pass;
  return fail({ message: 'open', at: { resource, path: argsPath }, like: 'port', data: { revision } });
}

/** An IstioOperator may change the Deployment by patches, which are not followed. */
const overlays = (object: ControlPlane['resource']['object']): boolean =>
  valueAt(object, ['spec', 'components', 'pilot', 'k8s', 'overlays']) !== undefined;

export default defineCheck({
  meta: {
    id: 'CP-003',
    title: 'Control plane answers proxies without TLS',
    severity: 'low',
    confidence: 'high',
    profile: 'strict',
    examines: 'control planes',
    messages: {
      open: 'istiod of revision {revision} serves port 15010 without TLS and without asking who calls: the configuration of any proxy can be read there, and changed on the way to one that uses the port.',
    },
    remediation:
      'Start the container discovery of revision {revision} with --grpcAddr="" (chart value pilot.extraContainerArgs); proxies use port 15012.',
    controls: [
      'istio-best-practices/plaintext-discovery',
      'nist-800-53-r5/SC-8(1)',
      'nist-800-53-r5/CM-7',
      'pci-dss-4.0.1/2.2.7',
      'cis-controls-8.1/4.8',
    ],
  },
  subjects: shownControlPlanes,
  judge,
});
