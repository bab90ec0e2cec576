import { allOf, defineCheck, fail, pass, resources, secretsInLogs, secretsInTraces, theMesh } from '#check';
import type { CheckContext, LoggedSecret, Subject } from '#check';

function recorded(context: CheckContext): readonly Subject<readonly LoggedSecret[]>[] {
  return [
    ...theMesh(context).map(({ ref }) => ({ ref, value: secretsInLogs(context.mesh) })),
    ...resources(context, 'telemetry.istio.io', 'Telemetry').map(({ ref, value }) => ({
      ref,
      value: secretsInTraces(value),
    })),
  ];
}

export default defineCheck({
  meta: {
    id: 'TEL-003',
    title: 'Logs or traces record credentials',
    severity: 'high',
    confidence: 'high',
    examines: 'log formats of the mesh, and Telemetry objects',
    messages: {
      recorded:
        'Recorded by the {where}: header {header}. Whoever can read logs or traces has the credentials of users and services.',
    },
    remediation: 'Remove the header {header} from the {where}.',
    controls: ['nist-800-53-r5/AU-9'],
  },
  subjects: recorded,
  judge: (secrets) => {
    if (secrets.length === 0) return pass;
    return allOf(
      secrets.map(({ header, where, at }) => fail({ message: 'recorded', at, data: { header, where } })),
    );
  },
});
