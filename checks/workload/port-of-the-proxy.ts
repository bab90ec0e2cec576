import { defineCheck, fail, pass, whenEnrolled, workloads } from '#check';
import type { ContainerPort, Failure, Workload } from '#check';

/** Ports of the sidecar that redirection leaves out, so that they are reached without it (injection-template.yaml). */
const open: ReadonlySet<number> = new Set([15020, 15021, 15090]);

/** Ports that the sidecar listens on (https://istio.io/latest/docs/ops/deployment/application-requirements/). */
const taken: ReadonlySet<number> = new Set([15000, 15001, 15004, 15006, 15008, 15053]);

/** Of ztunnel inside the pod. */
const takenInAmbient: ReadonlySet<number> = new Set([15001, 15006, 15008, 15053]);

const portsOf = ({ containers }: Workload): readonly ContainerPort[] =>
  containers
    .filter(({ name, list }) => name !== 'istio-proxy' && list !== 'ephemeralContainers')
    .flatMap(({ ports }) => ports);

export default defineCheck({
  meta: {
    id: 'WL-009',
    title: 'Application listens on a port of the proxy',
    severity: 'medium',
    confidence: 'medium',
    examines: 'enrolled workloads',
    messages: {
      open: 'Port {port} of {subjects} belongs to the proxy and is not captured: where the application gets it first, it answers without mTLS and without policies.',
      taken:
        'Port {port} of {subjects} belongs to the proxy: whichever of the two starts first gets it, and traffic to it does not take the way that policies guard.',
    },
    remediation: 'Give the application another port than {port}; 15000 to 15090 are those of the proxy.',
    controls: ['nist-800-53-r5/AC-25', 'nist-800-204a/SM-DR1', 'istio-best-practices/traffic-capture'],
  },
  subjects: workloads,
  judge: (workload, context) => {
    const ports = portsOf(workload).filter(({ number }) => open.has(number) || taken.has(number));
    if (ports.length === 0) return pass;
    return whenEnrolled(workload, context, (dataPlane) => {
      const judged = ports.filter(({ number }) => dataPlane === 'sidecar' || takenInAmbient.has(number));
      const failures = judged.map(({ number, path }): Failure<'open' | 'taken'> => {
        const message = dataPlane === 'sidecar' && open.has(number) ? 'open' : 'taken';
        return { message, at: { resource: workload.resource, path }, data: { port: number } };
      });
      return failures.length > 0 ? fail(...failures) : pass;
    });
  },
});
