export { audit } from './audit.js';
export type { AuditOptions } from './audit.js';
export { catalogue } from '#checks';
export {
  defineCheck,
  fail,
  gatewayServers,
  namespaces,
  notApplicable,
  pass,
  resources,
  services,
  theMesh,
  unknown,
  workloadPorts,
  workloads,
} from '#check/index.js';
export type {
  AuditedEnvironment,
  AuditResult,
  CatalogueCheck,
  Check,
  CheckContext,
  CheckDefinition,
  CheckMeta,
  CheckOutcome,
  Confidence,
  Failure,
  Family,
  Finding,
  ReportedSubject,
  Severity,
  Subject,
  SubjectRef,
  Suppression,
  Undecided,
  Verdict,
} from '#check/index.js';
export type { FieldRef, Loaded, Location, Problem, Resource, Skipped } from '#documents/document.js';
export type { Mesh, Namespace, Scope, Service, Workload } from '#mesh/mesh.js';
export type { EffectivePolicies } from '#policy/policies.js';
export { exitCode } from './exit-code.js';
export { render } from './render.js';
export type { FormatName } from '#report/formats.js';
export type { RenderOptions } from '#report/renderer.js';
export { summarize } from '#report/summarize.js';
