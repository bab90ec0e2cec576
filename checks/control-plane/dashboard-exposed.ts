import {
  dashboardOf,
  defineCheck,
  describe,
  fail,
  hasOpenLogin,
  isGuarded,
  keyNamespaces,
  notApplicable,
  pass,
  placeOf,
  whenKnown,
  workloads,
} from '#check';
import type { Mesh, Workload } from '#check';

/** Tools elsewhere may have nothing to do with the mesh; what a gateway of it serves is its business all the same. */
const isOfMesh = (mesh: Mesh, { namespace }: Workload): boolean => keyNamespaces(mesh).has(namespace);

export default defineCheck({
  meta: {
    id: 'CP-021',
    title: 'Dashboard of the mesh is open to the outside',
    severity: 'medium',
    confidence: 'medium',
    examines: 'dashboards and stores of telemetry',
    messages: {
      open: '{tool} ({subjects}) is reached from outside the cluster as {host}, and nothing on the way asks who calls: services, paths and errors of the mesh can be read there.',
      service:
        '{tool} ({subjects}) is reached from outside the cluster through {service}, past every gateway, and has no login: services, paths and errors of the mesh can be read there.',
    },
    remediation:
      'Take {tool} off the outside, or ask for a login before it: a CUSTOM AuthorizationPolicy or a required token at the gateway that serves {host}.',
    controls: ['nist-800-53-r5/AC-14', 'nist-800-53-r5/SC-7', 'pci-dss-4.0.1/1.4.2', 'pci-dss-4.0.1/2.2.7'],
  },
  subjects: workloads,
  judge: (workload, { mesh, policies }) => {
    const tool = dashboardOf(workload);
    if (tool === undefined) return notApplicable('workload is no dashboard');
    if (!hasOpenLogin(mesh, workload, tool)) return pass;
    return whenKnown(policies.exposure(workload), ({ value }) => {
      const open = value.find(
        (exposure) =>
          !exposure.clusterOnly &&
          (exposure.by === 'gateway' || isOfMesh(mesh, workload)) &&
          !isGuarded(policies, workload, exposure),
      );
      if (open === undefined) return pass;
      const related = [{ at: placeOf(workload), note: 'has no login of its own' }];
      if (open.by === 'service') {
        const service = describe(mesh, open.at.resource);
        return fail({
          message: 'service',
          at: open.at,
          like: `${tool} ${service}`,
          data: { tool, service },
          remediation:
            'Make {service} a ClusterIP Service; who needs {tool} from outside comes through a gateway that asks for a login.',
          related,
        });
      }
      return fail({ message: 'open', at: open.at, like: tool, data: { tool, host: open.host }, related });
    });
  },
});
