import { defineCheck, fail, isOutsideByNature, notApplicable, pass, whenRedirected, workloads } from '#check';

export default defineCheck({
  meta: {
    id: 'CAP-002',
    title: 'Application runs with the identity of the proxy',
    severity: 'high',
    confidence: 'high',
    examines: 'workloads with sidecars',
    messages: {
      proxyIdentity: 'In {subjects} {note}.',
    },
    remediation: 'Use another id than 1337 for runAsUser, runAsGroup and supplemental groups of {subjects}.',
    controls: ['nist-800-53-r5/AC-25', 'nist-800-53-r5/SC-7(5)', 'nist-800-204a/SM-DR6'],
    aliases: ['IST0144'],
  },
  subjects: workloads,
  judge: (workload, context) => {
    if (isOutsideByNature(workload))
      return notApplicable('workload of Istio itself or of a system namespace');
    return whenRedirected(workload, context, (limits) => {
      const own = limits.filter(({ kind }) => kind === 'proxy-identity');
      if (own.length === 0) return pass;
      return fail(...own.map(({ at, note }) => ({ message: 'proxyIdentity' as const, at, data: { note } })));
    });
  },
});
