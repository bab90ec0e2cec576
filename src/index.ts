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
export type { GatewayDecision, GatewayStep } from '#policy/gateway-authorization/gateway-decision.js';
export type { GatewayOptions, GatewayProbe } from '#policy/gateway-authorization/gateway-probe.js';
export { applyBaseline, baselineOf } from '#check/baseline.js';
export type { Baseline, BaselineEntry } from '#check/baseline.js';
export { namesCheck } from '#check/waivers/match-waiver.js';
export type { Waiver } from '#check/waivers/waiver.js';
export { withSensitive } from '#check/sensitive.js';
export type { SensitivePart } from '#check/sensitive.js';
export type { CheckOption, CheckOptions } from '#check/check-options.js';
export { withOptions } from '#check/with-options.js';
export { withSeverity } from '#check/with-severity.js';
export { exitCode } from './exit-code.js';
export { render } from './render.js';
export { builtInProfile, checksOf } from '#check/index.js';
export type { Profile, ProfileName } from '#check/index.js';
export { frameworks } from '#controls/controls.js';
export type { Control } from '#controls/controls.js';
export type { Framework } from '#controls/framework.js';
export { controlLinks } from '#controls/links.js';
export type { ControlLink, Relation } from '#controls/links.js';
export { frameworkNames, selectFramework } from '#controls/select-framework.js';
export type { FrameworkSelection } from '#controls/select-framework.js';
export { bearsOn } from '#controls/assess.js';
export type { ControlAssessment, ControlStatus, FrameworkAssessment } from '#controls/assess.js';
export type { FormatName } from '#report/formats.js';
export type { RenderOptions } from '#report/renderer.js';
export { summarize } from '#report/summarize.js';
export { describeInput } from './describe-input.js';
export type { InputDescription, InputFolder } from './describe-input.js';
export type { OwnProduct } from '#policy/waf/merge-products.js';
export { WAF_PRODUCTS } from '#policy/waf/products.js';
export type { WafProduct } from '#policy/waf/product.js';
export { posture } from './posture.js';
export type { PostureOptions } from './posture.js';
export { postureProperties } from '#posture/properties.js';
export type { PostureProperty } from '#posture/properties.js';
export type { PostureCondition, PostureFilter } from '#posture/filter.js';
export type { PostureResult } from '#posture/result.js';
export type { PostureRow } from '#posture/row.js';
export { renderCheckPage, renderChecks } from './render-checks.js';
export type { ChecksFormat, ChecksList, TerminalOptions } from './render-checks.js';
export { renderPosture } from './render-posture.js';
export { decide, MisnamedError } from './decide.js';
export type { DecideOptions } from './decide.js';
export type { Question } from '#posture/can/question.js';
export type { DecidedRequest, DecideResult } from '#posture/can/decided.js';
export type { AccessRequest, Token } from '#policy/request/access-request.js';
export { readCluster } from './read-cluster.js';
export type { ClusterContent, ClusterOptions, ClusterProgress } from '#cluster/read-cluster.js';
export { refuseWhatIsThere, writeSnapshot } from '#cluster/write-snapshot.js';
export type { SnapshotTarget } from '#cluster/write-snapshot.js';
export { renderDecisions } from './render-decisions.js';
