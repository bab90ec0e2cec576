import {
  actionOf,
  defineCheck,
  describe,
  fail,
  isDryRun,
  judgeReachedPorts,
  lostAtZtunnel,
  lostOnTcp,
  mayLoseFields,
  namesPort,
  notApplicable,
  pass,
  resources,
  rulesOf,
  servicesElsewhere,
} from '#check';
import type { CheckContext, LostField, ReachedPort, WrittenRule } from '#check';

/** What a policy's rules lose, by port of the pod: the same at every workload whose port carries TCP. */
function lossesOnTcp(rules: readonly WrittenRule[], action: 'ALLOW' | 'DENY') {
  const known = new Map<number, readonly { readonly lost: LostField; readonly isNamed: boolean }[]>();
  return (port: number) => {
    const found =
      known.get(port) ??
      rules.flatMap((rule) => {
        const lost = lostOnTcp(rule, action, port);
        return lost === undefined ? [] : [{ lost, isNamed: namesPort(rule, port) }];
      });
    known.set(port, found);
    return found;
  };
}

/** The fields of a policy's rules that are lost at a port, where that matters there. */
function lossesOf(rules: readonly WrittenRule[], action: 'ALLOW' | 'DENY', { mesh, policies }: CheckContext) {
  const onTcp = lossesOnTcp(rules, action);
  const isForHttp = ({ workload }: ReachedPort): boolean =>
    policies
      .inboundPorts(workload)
      .some((port) => port.protocol !== 'TCP' && servicesElsewhere(mesh, [port]) === undefined);
  /** What is lost at a port; at one of no known Service what would be, were it a TCP port. */
  return (reached: ReachedPort): readonly LostField[] => {
    if (reached.dataPlane === 'ambient') return rules.flatMap((rule) => lostAtZtunnel(rule, action) ?? []);
    if (reached.port.protocol !== 'TCP' && reached.port.services.length > 0) return [];
    const losses = onTcp(reached.port.number);
    if (losses.length === 0) return [];
    const named = action === 'ALLOW' && isForHttp(reached) ? losses.filter((one) => one.isNamed) : losses;
    return named.map(({ lost }) => lost);
  };
}

export default defineCheck({
  meta: {
    id: 'AUTHZ-005',
    title: 'HTTP condition where only TCP is seen',
    severity: 'high',
    confidence: 'high',
    examines: 'enforced ALLOW and DENY policies with rules',
    messages: {
      wider:
        '{policy} has {field} on port {port} of {workload}, where only TCP is seen: the condition is left out and the rule denies more than written.',
      dead: '{policy} has {field}, which ztunnel does not see: the DENY rule never matches at {workload}.',
      open: '{policy} has {field}, which ztunnel is not told of: the ALLOW rule lets in more than written at {workload}.',
      dropped:
        '{policy} has {field} on port {port} of {workload}, where only TCP is seen: the ALLOW rule is left out and allows nothing there.',
    },
    remediation:
      'If {workload} speaks HTTP on port {port}, name the Service port http or set its appProtocol, in ambient mode bind {policy} to a waypoint by targetRefs; else use only principals, namespaces, ipBlocks and ports in the rule.',
    controls: [
      'nist-800-53-r5/AC-3',
      'nist-800-53-r5/AC-4',
      'istio-best-practices/explicit-protocols',
      'istio-best-practices/validate-configuration',
    ],
    aliases: ['IST0133', 'KIA0109', 'KIA0110'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'AuthorizationPolicy'),
  judge: (policy, context) => {
    const { mesh } = context;
    const action = actionOf(policy);
    const rules = rulesOf(policy).filter(mayLoseFields);
    if (isDryRun(policy)) return notApplicable('policy is in dry run');
    if (action !== 'ALLOW' && action !== 'DENY') return notApplicable('action is neither ALLOW nor DENY');
    if (rulesOf(policy).length === 0) return notApplicable('policy has no rules');
    if (rules.length === 0) return pass;
    const lostAt = lossesOf(rules, action, context);
    const name = describe(mesh, policy);
    return judgeReachedPorts(policy, context, (reached) => {
      const lost = lostAt(reached);
      if (lost.length === 0) return pass;
      if (reached.dataPlane === 'sidecar' && reached.port.protocol !== 'TCP')
        return servicesElsewhere(mesh, [reached.port]) ?? pass;
      const data = {
        policy: name,
        port: reached.port.number,
        workload: describe(mesh, reached.workload.resource),
      };
      return fail(
        ...lost.map(({ field: { name: field, at }, loss }) => ({
          message: loss,
          at,
          data: { ...data, field: at.path.includes('when') ? field : String(at.path.at(-1)) },
          ...(loss === 'dropped' ? { severity: 'medium' as const } : {}),
        })),
      );
    });
  },
});
