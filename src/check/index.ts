export { defineCheck } from './define-check.js';
export type { CatalogueCheck, Check, CheckDefinition, CheckMeta, Judged } from './define-check.js';
export { families } from './families.js';
export type { Family, FamilyMeta } from './families.js';
export { runChecks } from './run-checks.js';
export type { RunOptions, RunResult } from './run-checks.js';
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
  describe,
  gatewayServers,
  kindAndName,
  nameOf,
  namespaces,
  placeOf,
  resourceRef,
  resources,
  services,
  theMesh,
  workloadPorts,
  workloads,
} from './subject.js';
export type { CheckContext, Subject, SubjectRef, WorkloadPort } from './subject.js';
export { allOf, fail, notApplicable, pass, unknown } from './verdict.js';
export type { Confidence, Failure, MessageData, Related, Severity, Verdict } from './verdict.js';
export { actionOf, isDryRun } from '#policy/authorization-policies.js';
export { fieldsOf, isHttpOnly, isIdentity, rulesOf } from '#policy/written/written-rule.js';
export type { Clause, RuleField, WrittenRule } from '#policy/written/written-rule.js';
export type { Action } from '#policy/rule/rule.js';
export { isClosedToPlaintext, slippedPast } from '#policy/written/plaintext-callers.js';
export { lostAtZtunnel, lostOnTcp, mayLoseFields, namesPort } from '#policy/written/lost-fields.js';
export type { LostField } from '#policy/written/lost-fields.js';
export { judgeReachedPorts } from './reached-ports.js';
export type { ReachedPort } from './reached-ports.js';
export { fieldName } from './field-name.js';
export { policiesAlone } from './policies-alone.js';
export type { PolicyAlone } from './policies-alone.js';
export { templateVariableIn } from './template-variable.js';
export { validated } from './validated.js';
export type { ValidatedResource } from './validated.js';
export { removedApi } from '#schemas/removed-api.js';
export type { Invalidity, Validation } from '#schemas/validation.js';
export { readsOtherSettings, whenEnrolled, whenKnown, whetherEnrolledOrNot } from './when-known.js';
export { whenRedirected } from './when-redirected.js';
export { isArray, isObject, listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
export type { JsonObject, JsonValue } from '#documents/json.js';
export type { FieldPath, FieldRef, Resource } from '#documents/document.js';
export { workloadKind } from '#mesh/workload-kinds.js';
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
export { isOutsideByNature } from '#policy/control-plane.js';
export { parseGoBool } from '#policy/istiod-flag.js';
export { keepsResponses } from '#policy/log-filter.js';
export { otherMesh } from '#policy/other-mesh.js';
export type { Destination, TlsBlock } from '#policy/destination.js';
export type { RemovedFilter } from '#policy/removed-filters.js';
