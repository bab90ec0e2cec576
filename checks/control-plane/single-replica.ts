import {
  defineCheck,
  fail,
  leastReplicas,
  pass,
  placeInControlPlane,
  shownControlPlanes,
  unknown,
  valueAt,
} from '#check';
import type { ControlPlane, Mesh, Verdict } from '#check';

type Judged = Verdict<'single'>;

const numberAt = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

function judgeDeployment({ resource, revision }: ControlPlane, mesh: Mesh, least: number): Judged {
  const written = numberAt(valueAt(resource.object, ['spec', 'replicas']));
  const replicas = leastReplicas(mesh, resource) ?? written ?? 1;
  if (replicas >= least) return pass;
  if (mesh.scope === 'partial' && leastReplicas(mesh, resource) === undefined)
    return unknown([{ key: 'autoscaler', text: `HorizontalPodAutoscaler of Deployment ${resource.name}` }]);
  return fail({
    message: 'single',
    at: { resource, path: ['spec', 'replicas'] },
    like: 'replicas',
    data: { revision, least },
  });
}

function judgeInstaller(controlPlane: ControlPlane, minReplicas: number): Judged {
  const { resource, values, revision } = controlPlane;
  const k8s = valueAt(resource.object, ['spec', 'components', 'pilot', 'k8s']);
  if (values === undefined)
    return unknown([{ key: 'chart-values', text: `values of the istiod chart (revision ${revision})` }]);
  const autoscaled = valueAt(values.object, ['pilot', 'autoscaleEnabled']) !== false;
  const least = numberAt(valueAt(values.object, ['pilot', autoscaled ? 'autoscaleMin' : 'replicaCount']));
  const ofOperator =
    numberAt(valueAt(k8s, ['hpaSpec', 'minReplicas'])) ?? numberAt(valueAt(k8s, ['replicaCount']));
  if ((ofOperator ?? least ?? 1) >= minReplicas) return pass;
  return fail({
    message: 'single',
    at: placeInControlPlane(controlPlane, 'pilot'),
    like: 'replicas',
    data: { revision, least: minReplicas },
  });
}

export default defineCheck({
  meta: {
    id: 'CP-005',
    title: 'Control plane may run with too few pods',
    severity: 'low',
    confidence: 'high',
    profile: 'strict',
    examines: 'control planes',
    messages: {
      single:
        'istiod of revision {revision} may run with fewer than {least} pods: while the last one is away no injected pod starts, no certificate is renewed and no policy is validated.',
    },
    remediation:
      'Set pilot.autoscaleMin (or the replicas) of istiod of revision {revision} to {least} or more.',
    controls: ['nist-800-53-r5/SC-5', 'nist-800-53-r5/CM-6', 'iso-27001-2022/A.8.20'],
    options: {
      minReplicas: {
        type: 'integer',
        minimum: 2,
        maximum: 100,
        default: 2,
        description: 'The least number of pods of istiod that always run.',
      },
    },
  },
  subjects: shownControlPlanes,
  judge: (controlPlane, { mesh }, { minReplicas }) =>
    controlPlane.rendered
      ? judgeDeployment(controlPlane, mesh, minReplicas)
      : judgeInstaller(controlPlane, minReplicas),
});
