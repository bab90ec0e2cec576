import type { AuditResult } from '#check/index.js';
import { assessFramework, type ControlAssessment, type FrameworkAssessment } from '#controls/assess.js';
import { requireFramework } from '#controls/select-framework.js';
import type { Renderer } from '#report/renderer.js';
import { countFatal } from '#report/tally.js';
import { uuidOf } from '#report/uuid.js';
import { controlToken } from './control-token.js';
import { observationId, observations, risks } from './observations.js';

/** The release of OSCAL's model that this is written in. */
const oscalVersion = '1.1.3';

/** What is reported on when no framework was asked for. */
const usualFramework = 'nist-800-53-r5';

/**
 * OSCAL assessment results: an observation for each check, a finding for each control of the frameworks that were asked
 * for. Only what was judged and passed is `satisfied`; what is undecided or beyond manifests is not, for the reason
 * `other`. Ids stay the same from run to run, so that two results can be compared.
 */
export const renderOscal: Renderer = (result, { now }) => {
  const time = now.toISOString();
  const plan = uuidOf('assessment-plan');
  const frameworks = result.frameworks ?? [assessFramework(requireFramework(usualFramework), result.checks)];
  const document = {
    'assessment-results': {
      uuid: uuidOf('assessment-results', ...frameworks.map(({ id }) => id)),
      metadata: {
        title: 'Audit of Istio by its manifests',
        'last-modified': time,
        version: time,
        'oscal-version': oscalVersion,
      },
      'import-ap': { href: `#${plan}` },
      results: frameworks.map((framework) => resultOf(framework, result, time)),
      'back-matter': { resources: [planResource(plan, result)] },
    },
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
};

function planResource(uuid: string, { tool }: AuditResult) {
  return {
    uuid,
    title: 'Assessment plan',
    description: `Every check of meshaudit ${tool.version} that bears on the controls is run on the manifests. No plan was written beforehand.`,
  };
}

function resultOf({ id, title, version, controls }: FrameworkAssessment, result: AuditResult, time: string) {
  const accepted = risks(result.findings);
  const { stats } = result.inputs;
  const trust =
    countFatal(result) === 0 ? '' : ' Some of the input could not be read, so the results are not complete.';
  return {
    uuid: uuidOf('result', id),
    title: `${title} (${version})`,
    description: `${String(stats.resources)} resources in ${String(stats.files)} files, judged without looking at a running cluster.${trust}`,
    start: time,
    end: time,
    'reviewed-controls': {
      'control-selections': [
        { 'include-controls': controls.map((control) => ({ 'control-id': controlToken(control.id) })) },
      ],
    },
    observations: observations(result, time),
    ...(accepted.length === 0 ? {} : { risks: accepted }),
    findings: controls.map((control) => findingOf(control, id)),
  };
}

function findingOf(
  { id, clause, title, status, reason, checks, subjects }: ControlAssessment,
  within: string,
) {
  const counted = `${String(subjects.pass)} subjects passed, ${String(subjects.fail)} failed, ${String(subjects.unknown)} could not be decided.`;
  const decided = status === 'satisfied' || status === 'not-satisfied';
  const remarks = `${status === 'not-assessable' ? 'Not assessable' : 'Not decided'}: ${reason}.`;
  return {
    uuid: uuidOf('finding', within, id),
    title: `${clause} ${title}`,
    description: checks.length === 0 ? 'No check of manifests bears on this control.' : counted,
    target: {
      type: 'statement-id',
      'target-id': `${controlToken(id)}_smt`,
      status: {
        state: status === 'satisfied' ? 'satisfied' : 'not-satisfied',
        reason: decided ? (status === 'satisfied' ? 'pass' : 'fail') : 'other',
        ...(decided ? {} : { remarks }),
      },
    },
    ...(checks.length === 0
      ? {}
      : {
          'related-observations': checks.map((check) => ({ 'observation-uuid': observationId(check.id) })),
        }),
  };
}
