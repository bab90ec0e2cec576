export { defineCheck } from './define-check.js';
export type { CatalogueCheck, Check, CheckDefinition, CheckMeta, Family, Judged } from './define-check.js';
export type {
  AuditedEnvironment,
  AuditResult,
  CheckOutcome,
  Finding,
  RelatedLocation,
  ReportedSubject,
  Suppression,
  Undecided,
} from './result.js';
export {
  gatewayServers,
  namespaces,
  resourceRef,
  resources,
  services,
  theMesh,
  workloadPorts,
  workloads,
} from './subject.js';
export type { CheckContext, Subject, SubjectRef, WorkloadPort } from './subject.js';
export { fail, notApplicable, pass, unknown } from './verdict.js';
export type { Confidence, Failure, MessageData, Related, Severity, Verdict } from './verdict.js';
export { isArray, isObject, listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
export type { JsonObject, JsonValue } from '#documents/json.js';
export type { FieldPath, FieldRef, Resource } from '#documents/document.js';
export type { Container, ContainerPort, Mesh, Namespace, Service, Workload } from '#mesh/mesh.js';
export type {
  AttachedPolicy,
  Authorization,
  CaptureLimit,
  Enrolment,
  GatewayServer,
  InboundPort,
  JwtIssuer,
  MtlsMode,
  Selection,
} from '#policy/policies.js';
export type { Cause, Decision, MissingEvidence, Step } from '#policy/decision.js';
