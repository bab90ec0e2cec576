import type { Problem } from '#documents/document.js';
import type { PostureResult } from '#posture/result.js';
import type { PostureRow, StoryChapter, StoryStep, WayRow } from '#posture/row.js';
import type * as report from './generated/json-posture.js';

/** The posture as `schemas/posture.json` describes it, as a value. */
export function toJsonPosture(result: PostureResult): report.JsonPosture {
  const { files, bytes, documents, resources } = result.inputs.stats;
  return {
    schemaVersion: result.schemaVersion,
    tool: { name: result.tool.name, version: result.tool.version },
    environments: result.environments.map(({ name, scope, workloads, istioVersion, assumptions }) => ({
      name,
      scope,
      workloads,
      ...(istioVersion === undefined ? {} : { istioVersion }),
      assumptions: assumptions.map(({ key, text }) => ({ key, text })),
    })),
    inputs: { files, bytes, documents, resources, problems: result.inputs.problems.map(toProblem) },
    workloads: result.workloads.map(toWorkload),
  };
}

function toProblem({ code, file, line, column, message, hint, fatal }: Problem): report.Problem {
  return {
    code,
    file,
    ...(line === undefined ? {} : { line }),
    ...(column === undefined ? {} : { column }),
    message,
    ...(hint === undefined ? {} : { hint }),
    fatal,
  };
}

/** Rows are plain data in the order of the schema; only what is undefined has to go. */
function toWorkload({ enrolment, mtls, exposure, story, ...row }: PostureRow): report.Workload {
  const { environment, namespace, kind, name, location, serviceAccount, principal, capture, ...more } = row;
  const { clientTls, authorization, jwt, egress, accessLog, tracing, metrics, waf } = more;
  const { dataPlane, revision, reason, missing } = enrolment;
  return {
    environment,
    namespace,
    kind,
    name,
    location,
    serviceAccount,
    principal,
    enrolment: {
      dataPlane,
      ...(revision === undefined ? {} : { revision }),
      ...(reason === undefined ? {} : { reason }),
      missing,
    },
    capture,
    mtls: {
      ...mtls,
      ports: mtls.ports.map(({ bypass, ...port }) => (bypass === undefined ? port : { ...port, bypass })),
    },
    clientTls,
    authorization,
    jwt,
    exposure: { ...exposure, ways: exposure.ways.map(toWay) },
    egress,
    accessLog,
    tracing: toTracing(tracing),
    metrics,
    waf,
    ...(row.sensitive === true ? { sensitive: true } : {}),
    ...(story === undefined ? {} : { story: story.map(toChapter) }),
  };
}

function toTracing({ state, provider, sampling, missing }: PostureRow['tracing']): report.Tracing {
  return {
    state,
    ...(provider === undefined ? {} : { provider }),
    ...(sampling === undefined ? {} : { sampling }),
    missing,
  };
}

function toWay({ gateway, port, path, blocked, ...way }: WayRow): report.Way {
  return {
    ...way,
    ...(gateway === undefined ? {} : { gateway }),
    ...(port === undefined ? {} : { port }),
    ...(path === undefined ? {} : { path }),
    ...(blocked === undefined ? {} : { blocked }),
  };
}

function toChapter({ title, answer, decidedBy, considered, missing }: StoryChapter): report.Chapter {
  return {
    title,
    answer,
    ...(decidedBy === undefined ? {} : { decidedBy: toStep(decidedBy) }),
    considered: considered.map(toStep),
    missing,
  };
}

function toStep({ resource, note, location }: StoryStep): report.Step {
  return { resource, ...(note === undefined ? {} : { note }), location };
}

/** The posture as JSON, two spaces of indentation, always the same key order; see `schemas/posture.json`. */
export function renderPostureJson(result: PostureResult): string {
  return `${JSON.stringify(toJsonPosture(result), undefined, 2)}\n`;
}
