import { allOf, defineCheck, fail, listAt, noMeshConfig, pass, resources, theMesh, valueAt } from '#check';
import type { CheckContext, FieldRef, Subject } from '#check';

interface Sampling {
  readonly percentage: number;
  readonly at: FieldRef | undefined;
  /** False where nothing in the input tells it. */
  readonly known: boolean;
}

const numberAt = (value: unknown): number => (typeof value === 'number' ? value : 0);

function samplings(context: CheckContext): readonly Subject<readonly Sampling[]>[] {
  const { settings } = context.mesh;
  const path = ['defaultConfig', 'tracing', 'sampling'];
  return [
    ...theMesh(context).map(({ ref }) => ({
      ref,
      value: [
        {
          percentage: numberAt(valueAt(settings.config, path)),
          at: settings.fieldOf(path),
          known: settings.known,
        },
      ],
    })),
    ...resources(context, 'telemetry.istio.io', 'Telemetry').map(({ ref, value: resource }) => ({
      ref,
      value: listAt(resource.object, 'spec', 'tracing').map((entry, index) => ({
        percentage: numberAt(valueAt(entry, ['randomSamplingPercentage'])),
        at: { resource, path: ['spec', 'tracing', index, 'randomSamplingPercentage'] },
        known: true,
      })),
    })),
  ];
}

export default defineCheck({
  meta: {
    id: 'TEL-006',
    title: 'Tracing samples too many requests',
    severity: 'info',
    confidence: 'high',
    profile: 'strict',
    examines: 'sampling rates of the mesh config and of Telemetry objects',
    messages: {
      all: 'Traces are taken of {percentage} % of the requests: URLs and tags of every user are kept in the tracing backend, and a flood of requests floods it too.',
    },
    remediation: 'Lower the sampling rate to what operation needs (1 % is the default).',
    controls: ['nist-800-53-r5/CM-7', 'nist-800-53-r5/SC-5'],
    options: {
      percentage: {
        type: 'integer',
        minimum: 1,
        maximum: 100,
        default: 100,
        description: 'The lowest sampling rate that is too high, in percent of the requests.',
      },
    },
  },
  subjects: samplings,
  judge: (rates, _context, { percentage: limit }) =>
    allOf(
      rates.map(({ percentage, at, known }) => {
        if (percentage >= limit && at !== undefined)
          return fail({ message: 'all', at, data: { percentage } });
        return known ? pass : noMeshConfig;
      }),
    ),
});
