export { defineCheck } from './define-check.js';
export type { CatalogueCheck, Check, CheckDefinition, CheckMeta, Judged } from './define-check.js';
export { families } from './families.js';
export type { Family, FamilyMeta } from './families.js';
export { runChecks } from './run-checks.js';
export type { RunOptions, RunResult } from './run-checks.js';
export type {
  AuditedEnvironment,
  AuditResult,
  Bulletin,
  CheckOutcome,
  ControlPlaneAdvisories,
  EnvironmentInspection,
  Finding,
  RelatedLocation,
  ReportedSubject,
  Suppression,
  Undecided,
} from './result.js';
export {
  describe,
  gatewayServers,
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
export type { InspectionCounts } from '#policy/waf/coverage.js';
export { oncePerDecision } from './once-per-decision.js';
export type { RequestAuthentication } from '#policy/policies.js';
export { allJudged, allOf, fail, notApplicable, pass, unknown } from './verdict.js';
export type { Confidence, Failure, MessageData, Related, Severity, Verdict } from './verdict.js';
export { actionOf, isDryRun } from '#policy/authorization-policies.js';
export { fieldsOf, isIdentity, rulesOf } from '#policy/written/written-rule.js';
export type { Clause, RuleField, WrittenRule } from '#policy/written/written-rule.js';
export type { Action } from '#policy/rule/rule.js';
export { isClosedToPlaintext, slippedPast } from '#policy/written/plaintext-callers.js';
export { leftOutPaths } from '#policy/written/path-neighbours.js';
export { namesNoTrustDomain } from '#policy/written/any-trust-domain.js';
export { lostAtZtunnel, lostOnTcp, mayLoseFields, namesPort } from '#policy/written/lost-fields.js';
export type { LostField } from '#policy/written/lost-fields.js';
export { judgeReachedPorts, noService, servicesElsewhere } from './reached-ports.js';
export type { ReachedPort } from './reached-ports.js';
export { firstProxied } from './first-proxied.js';
export { fieldName } from './field-name.js';
export { policiesAlone } from './policies-alone.js';
export type { PolicyAlone } from './policies-alone.js';
export { channelEvidence, dependsOnChannel } from './experimental-channel.js';
export { templateVariableIn, templateVariableWithin } from './template-variable.js';
export { validated } from './validated.js';
export type { ValidatedResource } from './validated.js';
export { removedApi } from '#schemas/removed-api.js';
export type { Invalidity, Validation } from '#schemas/validation.js';
export {
  noMeshConfig,
  readsOtherSettings,
  whenEnrolled,
  whenKnown,
  whetherEnrolledOrNot,
} from './when-known.js';
export { whenRedirected } from './when-redirected.js';
export { isArray, isObject, listAt, objectAt, stringAt, stringsAt, valueAt } from '#documents/json.js';
export type { JsonObject, JsonValue } from '#documents/json.js';
export type { FieldPath, FieldRef, Resource } from '#documents/document.js';
export type {
  Container,
  ContainerPort,
  Mesh,
  Namespace,
  Service,
  ServicePort,
  Workload,
} from '#mesh/mesh.js';
export type { Authorization, CaptureLimit, GatewayServer, InboundPort, Selection } from '#policy/policies.js';
export type { Cause, Decision, MissingEvidence, Step } from '#policy/decision.js';
export { isOutsideByNature } from '#policy/control-plane.js';
export { parseGoBool } from '#policy/istiod-flag.js';
export { keepsResponses } from '#policy/log-filter.js';
export { otherMesh } from '#policy/other-mesh.js';
export type { Destination, TlsBlock } from '#policy/destination.js';
export { deadValue } from '#policy/written/dead-values.js';
export { foreignTrustDomains, principalDomain } from '#policy/written/foreign-principal.js';
export { unreadKeys } from '#policy/written/unread-keys.js';
export { describePods, gatewayPods, heldGatewayPods, podsServing } from './gateway-pods.js';
export type { GatewayPods } from '#policy/gateway/gateway-pods.js';
export { lostServers, mixedPorts } from '#policy/gateway/server-conflicts.js';
export { mutualBypasses } from '#policy/gateway/mutual-bypass.js';
export { namedIstioImages, shownControlPlanes } from './installation-subjects.js';
export type { ControlPlane } from '#policy/installation/control-planes.js';
export type { IstioImage } from '#policy/installation/istio-images.js';
export { knownAdvisories } from '#policy/installation/known-advisories.js';
export { supportOf } from '#policy/installation/release.js';
export { lineOf, minorsAhead, parseRelease } from '#policy/installation/version.js';
export { parseGoDuration } from '#schemas/go-duration.js';
export { judgeReached } from './judge-reached.js';
export { selectsAll } from './selects-all.js';
export { startsWithPath, toldElsewhere } from './told-elsewhere.js';
export { opensWhenDead } from '#policy/written/opens.js';
export { revisionVisibility } from '#policy/revision-visibility.js';
export { leastReplicas } from '#policy/installation/autoscaler.js';
export { placeInControlPlane } from '#policy/installation/place.js';
export { credentialFate } from '#policy/gateway/credential-fate.js';
export { holdsSecrets } from '#policy/gateway/credentials.js';
export { credentialedOrigins } from '#policy/gateway/cors-origins.js';
export { forgedHeaders } from '#policy/gateway/forged-headers.js';
export { leadsToIstiod } from '#policy/installation/istiod-service.js';
export { validationWebhooks } from '#policy/installation/validation-webhooks.js';
export { apiServerCall } from '#policy/api-server-calls.js';
export { isAbsence, wayIn } from './way-into-mesh.js';
export { addonReason } from './cluster-addon.js';
export { enrolsAny, ownPolicyOf } from './mesh-members.js';
export { injectionWebhooks } from '#policy/injection-webhooks.js';
export {
  asksForStrict,
  peerModeAsWritten,
  setsTheSame,
  workloadPeerAuthentications,
} from '#policy/peer-levels.js';
export type { ExternalAuthorizer } from '#policy/external-authorizer.js';
export { externalAuthorizer } from '#policy/external-authorizer.js';
export { gatewayNameLabel } from '#policy/attachment.js';
export { istiodFlag } from '#policy/istiod-flag.js';
export { builtInProfile, checksOf } from './profiles.js';
export type { Profile, ProfileName } from './profiles.js';
export { caseBlindRoutes, takesPath } from '#policy/gateway/case-blind-routes.js';
export { claimOnlyRoutes, routesByClaims } from '#policy/gateway/claim-only-routes.js';
export { isOpen } from '#policy/gateway/service-exposures.js';
export { sharedHosts } from '#policy/gateway/shared-hosts.js';
export { topologyFacts } from '#policy/gateway/topology-facts.js';
export { deadClaim, writtenIssuer } from '#policy/written/token-values.js';
export { jwtRulesAt } from '#policy/jwt-rules-at.js';
export { privateJwks } from '#policy/private-jwks.js';
export type { LoggedSecret } from '#policy/telemetry-facts.js';
export { egressRoute, limitsEgress } from '#policy/egress/egress-gateways.js';
export {
  entryVisibility,
  metadataDestinations,
  plaintextPorts,
  rivalEntries,
  startsTls,
  takenServiceHosts,
  wideDestinations,
} from '#policy/egress/service-entry-facts.js';
export {
  outsideProviders,
  secretsInLogs,
  secretsInTraces,
  unknownProviders,
} from '#policy/telemetry-facts.js';
export { controlPlaneVersion } from '#policy/installation/control-plane-version.js';
export { annotationField, podProxyConfig } from '#policy/interception.js';
export { conflictingRules, shadowedRules } from '#policy/client-tls/rule-conflicts.js';
export { entryOfHost, ruleHost } from '#policy/client-tls/host-in-registry.js';
export { verifiesByDefault } from '#policy/client-tls/verification-by-default.js';
export { accountExists, differentApplications, workloadsOfAccount } from '#policy/identity/accounts.js';
export { allowedByName, namedAccounts } from '#policy/identity/named-accounts.js';
export { otherClusters } from '#policy/identity/other-clusters.js';
export { grantsBy, isAnybody, isBound } from '#policy/rbac/grants.js';
export type { Grant } from '#policy/rbac/grants.js';
export { keyNamespaces, reachesMesh } from '#policy/rbac/mesh-namespaces.js';
export { grantsEverything, powersOf } from '#policy/rbac/power.js';
export type { Power } from '#policy/rbac/power.js';
export { ownRules } from '#policy/rbac/role-rules.js';
export {
  labelConflict,
  misplacedKeys,
  misreadNamespaceLabels,
  misreadPodLabels,
  shownRevisions,
} from '#policy/enrolment-labels.js';
export type { MisplacedKey, MisreadLabel } from '#policy/enrolment-labels.js';
export { bindings } from './binding-subjects.js';
export {
  foreignAnchor,
  formerAnchor,
  isPassedOver,
  openAdmin,
  patchesOf,
  unanchoredMerge,
  weakenedTls,
} from '#policy/extension/patch-facts.js';
export type { Patch } from '#policy/extension/patch-facts.js';
export { wasmModules } from '#policy/extension/wasm-modules.js';
export { gatewaysElsewhere } from './gateways-elsewhere.js';
export {
  allowsAtWaypoint,
  deniesAllBut,
  guardsWaypoints,
  isForWaypoints,
  policiesAtWaypoint,
  referredServices,
  usesWaypoints,
} from '#policy/waypoint/policies-at.js';
export { duplicateProviders } from '#policy/duplicate-providers.js';
export { usesCni } from '#policy/installation/cni.js';
export { dashboardOf, hasOpenLogin, isGuarded } from '#policy/installation/dashboards.js';
export { likelyAnnotation } from './likely-annotation.js';
export { isDeprecatedAnnotation, isUnknownAnnotation } from '#policy/reference/annotations.js';
export { lostParents, ungrantedBackends } from '#policy/reference/api-route-references.js';
export { exportTargets, isKnownNamespace } from '#policy/reference/exported-to.js';
export { rivalObject } from '#policy/reference/rival-objects.js';
export {
  boundGateways,
  declaresSubset,
  lostMeshHosts,
  matchedGateways,
  namedDestinations,
  portsOfHost,
  uncoveredHosts,
} from '#policy/reference/route-references.js';
export { hasCustomPolicies } from '#policy/custom-policies.js';
export { usesAmbient } from '#policy/enrolment-ambient.js';
export { togetherDoubts } from '#policy/reference/applied-together.js';
export { constraintsOf } from '#policy/written/constraints.js';
export { brokenFilter, disabledFilters } from '#policy/extension/disabled-filters.js';
export type { PickedPort } from '#policy/extension/inert-ports.js';
export { mistakenPort, pickedPorts, redirectedPort, translatedPorts } from '#policy/extension/inert-ports.js';
export { patchedProxies } from '#policy/extension/patched-proxies.js';
export type { PatchedProxies, PatchedProxy } from '#policy/extension/patched-proxies.js';
export type { ProxyFilter } from '#policy/filter-chain/filter-chain.js';
export { overriddenFilters } from '#policy/extension/overridden-filters.js';
export { halfGuarded, outboundGuards } from '#policy/extension/one-sided-filters.js';
export { addedFilters, panickingPatches, refusedPatches } from '#policy/extension/proxy-facts.js';
export { takenCluster, voidSettings } from '#policy/extension/void-settings.js';
export { fieldsWrittenTwice, unknownPatchFields, voidMerges } from '#policy/extension/written-patches.js';
export { unmetPatch } from '#policy/extension/unmet-patches.js';
export { stringMap } from '#mesh/string-map.js';
export {
  describeRoute,
  inspectedRoute,
  inspectedTaker,
  isInspected,
  isLeftOut,
  publicRouteSubjects,
  requestTakers,
} from './waf-subjects.js';
export { publicRoutes, publicRoutesOf } from '#policy/waf/coverage.js';
export { gapsOf } from '#policy/waf/verdict.js';
export type { PublicRoute } from '#policy/waf/inspection.js';
export { gapCheck } from './gap-check.js';
export { judgeAtProxies } from './judge-at-proxies.js';
export { judgeMemberGrants } from './judge-member-grants.js';
