import {
  annotationField,
  defineCheck,
  fail,
  notApplicable,
  pass,
  podProxyConfig,
  stringAt,
  whenKnown,
  workloads,
} from '#check';
import type { Failure, Mesh, Workload } from '#check';

const bootstrap = 'sidecar.istio.io/bootstrapOverride';
const config = 'proxy.istio.io/config';

type Key = 'bootstrap' | 'plaintext' | 'elsewhere';

function ofBootstrap(workload: Workload): readonly Failure<Key>[] {
  const value = Object.hasOwn(workload.annotations, bootstrap) ? workload.annotations[bootstrap] : undefined;
  if (value === undefined || value === '') return [];
  return [
    {
      message: 'bootstrap',
      at: annotationField(workload, bootstrap),
      data: { annotation: bootstrap, value },
    },
  ];
}

function ofDiscovery(mesh: Mesh, workload: Workload): readonly Failure<Key>[] {
  const value = stringAt(podProxyConfig(mesh, workload), 'discoveryAddress');
  if (value === undefined) return [];
  const at = annotationField(workload, config);
  const data = { annotation: config, value };
  if (value.endsWith(':15010')) return [{ message: 'plaintext', at, data, severity: 'high' }];
  return value.includes('istiod') ? [] : [{ message: 'elsewhere', at, data }];
}

export default defineCheck({
  meta: {
    id: 'WL-003',
    title: 'Pod decides by itself how its proxy is started',
    severity: 'medium',
    confidence: 'high',
    examines: 'workloads with an injected proxy',
    messages: {
      bootstrap:
        'Annotation {annotation} of {subjects} replaces the start configuration of the proxy by ConfigMap {value}: whoever writes that decides what the proxy listens to and whom it trusts.',
      plaintext:
        'Annotation {annotation} of {subjects} lets the proxy fetch its configuration from {value}, without TLS.',
      elsewhere:
        'Annotation {annotation} of {subjects} lets the proxy fetch configuration and certificates from {value} and not from the control plane of the mesh.',
    },
    remediation:
      'Remove what annotation {annotation} of {subjects} sets; what all proxies need belongs into the mesh config.',
    controls: ['nist-800-53-r5/AC-25', 'nist-800-53-r5/CM-6', 'iso-27001-2022/A.8.9'],
    aliases: ['uds/RestrictIstioSidecarOverrides'],
  },
  subjects: workloads,
  judge: (workload, { mesh, policies }) => {
    const failures = [...ofBootstrap(workload), ...ofDiscovery(mesh, workload)];
    if (failures.length === 0) return pass;
    return whenKnown(policies.enrolment(workload), ({ value: { dataPlane } }) =>
      dataPlane === 'sidecar' || dataPlane === 'gateway'
        ? fail(...failures)
        : notApplicable('no proxy is injected into the workload'),
    );
  },
});
