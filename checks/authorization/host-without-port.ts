import {
  actionOf,
  constraintsOf,
  defineCheck,
  describe,
  fail,
  isDryRun,
  isForWaypoints,
  judgeReached,
  notApplicable,
  opensWhenDead,
  pass,
  resources,
  whenKnown,
} from '#check';
import type { Resource, RuleField } from '#check';

/** Hosts that a request with the port in its Host header is not compared equal to, which the list does not also name. */
function portless({ values }: RuleField): readonly number[] {
  const covers = (host: string): boolean =>
    values.some((other) => other.endsWith('*') && `${host}:80`.startsWith(other.slice(0, -1)));
  return values.flatMap((value, index) =>
    value.endsWith('*') || /:\d+$/.test(value) || covers(value) ? [] : [index],
  );
}

export default defineCheck({
  meta: {
    id: 'AUTHZ-014',
    title: 'Rule on a host is passed by naming the port',
    severity: 'high',
    confidence: 'high',
    examines: 'enforced AuthorizationPolicies that keep hosts out',
    messages: {
      portless:
        '{action} rule of {policy} names host {host}; a request with Host: {host}:<port> does not match it, and {workload} serves it all the same.',
    },
    remediation: 'In {policy}, add {host}:* to the list beside {host}.',
    controls: [
      'nist-800-53-r5/AC-3',
      'nist-800-53-r5/SC-7',
      'pci-dss-4.0.1/7.3.2',
      'istio-best-practices/host-matching',
    ],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, context) => {
    const action = actionOf(policy);
    if (isDryRun(policy)) return notApplicable('policy is in dry run');
    if (action === undefined || action === 'AUDIT') return notApplicable('policy only logs');
    const hosts = constraintsOf(policy).filter(
      (field) => field.name === 'hosts' && opensWhenDead(action, field),
    );
    if (hosts.length === 0) return notApplicable('policy keeps no hosts out');
    if (hosts.every((field) => portless(field).length === 0)) return pass;
    const failAt = (gateway: Resource) =>
      fail(
        ...hosts.flatMap((field) =>
          portless(field).map((index) => ({
            message: 'portless' as const,
            at: { ...field.at, path: [...field.at.path, index] },
            data: {
              policy: describe(context.mesh, policy),
              action,
              host: field.values[index] ?? '',
              workload: describe(context.mesh, gateway),
            },
          })),
        ),
      );
    return whenKnown(context.policies.selection(policy), ({ value }) => {
      const [target] = value.targets.filter(({ kind }) => kind === 'Gateway');
      if (target !== undefined && isForWaypoints(context.mesh, policy) === false) return failAt(target);
      return judgeReached(value, context, (workload, dataPlane) =>
        dataPlane === 'gateway' ? failAt(workload.resource) : notApplicable('policy reaches no gateway'),
      );
    });
  },
});
