import {
  allOf,
  defineCheck,
  fail,
  noMeshConfig,
  pass,
  resources,
  secretsInLogs,
  secretsInTraces,
  theMesh,
} from '#check';
import type { CheckContext, LoggedSecret, Subject } from '#check';

interface Recorder {
  readonly secrets: readonly LoggedSecret[];
  /** All of its settings are in the input. */
  readonly known: boolean;
}

function recorders(context: CheckContext): readonly Subject<Recorder>[] {
  const { mesh } = context;
  return [
    ...theMesh(context).map(({ ref }) => ({
      ref,
      value: { secrets: secretsInLogs(mesh), known: mesh.settings.known },
    })),
    ...resources(context, 'telemetry.istio.io', 'Telemetry').map(({ ref, value }) => ({
      ref,
      value: { secrets: secretsInTraces(value), known: true },
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
  subjects: recorders,
  judge: ({ secrets, known }) => {
    if (secrets.length === 0) return known ? pass : noMeshConfig;
    return allOf(
      secrets.map(({ header, where, at }) => fail({ message: 'recorded', at, data: { header, where } })),
    );
  },
});
