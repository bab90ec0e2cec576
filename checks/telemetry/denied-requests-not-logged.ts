import {
  defineCheck,
  fail,
  keepsResponses,
  notApplicable,
  pass,
  stringAt,
  unknown,
  whenKnown,
  workloads,
} from '#check';
import type { FieldRef } from '#check';

/** Answers to requests that a policy refuses: no valid token, no permission. */
const denied = [401, 403];

const expressionAt = ({ resource, path }: FieldRef): string => stringAt(resource.object, ...path) ?? '';

export default defineCheck({
  meta: {
    id: 'TEL-002',
    title: 'Access log leaves denied requests out',
    severity: 'medium',
    confidence: 'high',
    examines: 'workloads whose access log has a filter',
    messages: {
      leftOut:
        'The access log of {subjects} keeps only {filter}: requests denied with {codes} are not recorded.',
    },
    remediation:
      'Change the filter so that denied requests are kept, for instance response.code >= 400, or remove it.',
    controls: [
      'nist-800-53-r5/AU-2',
      'nist-800-53-r5/AU-12',
      'pci-dss-4.0.1/10.2.1.4',
      'cis-controls-8.1/8.5',
    ],
  },
  subjects: workloads,
  judge: (workload, { policies }) =>
    whenKnown(policies.accessLog(workload), ({ value: { enabled, filters } }) => {
      if (!enabled || filters.length === 0) return notApplicable('workload has no access log with a filter');
      const lost = (code: number): boolean =>
        filters.every((filter) => keepsResponses(expressionAt(filter), code) === false);
      const codes = denied.filter(lost);
      if (codes.length > 0)
        return fail(
          ...filters.map((at) => ({
            message: 'leftOut' as const,
            at,
            data: { filter: expressionAt(at), codes: codes.join(' or ') },
          })),
        );
      const isKept = (code: number): boolean =>
        filters.some((filter) => keepsResponses(expressionAt(filter), code) === true);
      if (denied.every(isKept)) return pass;
      const [filter] = filters.map(expressionAt);
      return unknown([
        { key: 'log-filter', text: `which denied requests the log filter ${filter ?? ''} keeps` },
      ]);
    }),
});
