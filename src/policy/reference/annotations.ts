/** Istio's annotations (istio/api annotation/annotations.yaml), true for the deprecated ones. */
const annotations: Readonly<Record<string, boolean>> = {
  'alpha.istio.io/canonical-serviceaccounts': true,
  'alpha.istio.io/kubernetes-serviceaccounts': true,
  'ambient.istio.io/bypass-inbound-capture': false,
  'ambient.istio.io/dns-capture': false,
  'ambient.istio.io/redirection': false,
  'ambient.istio.io/waypoint-inbound-binding': false,
  'galley.istio.io/analyze-suppress': false,
  'gateway.istio.io/controller-version': false,
  'gateway.istio.io/name-override': false,
  'gateway.istio.io/service-account': false,
  'inject.istio.io/templates': false,
  'istio.io/autoRegistrationGroup': false,
  'istio.io/connectedAt': false,
  'istio.io/disconnectedAt': false,
  'istio.io/dry-run': false,
  'istio.io/reroute-virtual-interfaces': false,
  'istio.io/rev': false,
  'istio.io/use-waypoint-canary-weight': false,
  'istio.io/workloadController': false,
  'kubernetes.io/ingress.class': false,
  'networking.istio.io/exportTo': false,
  'networking.istio.io/service-type': false,
  'networking.istio.io/traffic-distribution': false,
  'prometheus.istio.io/merge-metrics': false,
  'proxy.istio.io/config': false,
  'proxy.istio.io/overrides': false,
  'readiness.status.sidecar.istio.io/applicationPorts': false,
  'readiness.status.sidecar.istio.io/failureThreshold': false,
  'readiness.status.sidecar.istio.io/initialDelaySeconds': false,
  'readiness.status.sidecar.istio.io/periodSeconds': false,
  'sidecar.istio.io/agentLogLevel': false,
  'sidecar.istio.io/bootstrapOverride': false,
  'sidecar.istio.io/componentLogLevel': false,
  'sidecar.istio.io/discoveryAddress': true,
  'sidecar.istio.io/extraStatTags': true,
  'sidecar.istio.io/inject': true,
  'sidecar.istio.io/interceptionMode': false,
  'sidecar.istio.io/logLevel': false,
  'sidecar.istio.io/nativeSidecar': false,
  'sidecar.istio.io/proxyCPU': false,
  'sidecar.istio.io/proxyCPULimit': false,
  'sidecar.istio.io/proxyImage': false,
  'sidecar.istio.io/proxyImageType': false,
  'sidecar.istio.io/proxyMemory': false,
  'sidecar.istio.io/proxyMemoryLimit': false,
  'sidecar.istio.io/rewriteAppHTTPProbers': false,
  'sidecar.istio.io/statsCompression': true,
  'sidecar.istio.io/statsEvictionInterval': false,
  'sidecar.istio.io/statsFlushInterval': false,
  'sidecar.istio.io/statsHistogramBins': false,
  'sidecar.istio.io/statsHistogramBuckets': false,
  'sidecar.istio.io/statsInclusionPrefixes': true,
  'sidecar.istio.io/statsInclusionRegexps': true,
  'sidecar.istio.io/statsInclusionSuffixes': true,
  'sidecar.istio.io/status': false,
  'sidecar.istio.io/userVolume': false,
  'sidecar.istio.io/userVolumeMount': false,
  'status.sidecar.istio.io/port': false,
  'topology.istio.io/controlPlaneClusters': false,
  'traffic.istio.io/nodeSelector': false,
  'traffic.sidecar.istio.io/excludeInboundPorts': false,
  'traffic.sidecar.istio.io/excludeInterfaces': false,
  'traffic.sidecar.istio.io/excludeOutboundIPRanges': false,
  'traffic.sidecar.istio.io/excludeOutboundPorts': false,
  'traffic.sidecar.istio.io/includeInboundPorts': false,
  'traffic.sidecar.istio.io/includeOutboundIPRanges': false,
  'traffic.sidecar.istio.io/includeOutboundPorts': false,
  'traffic.sidecar.istio.io/kubevirtInterfaces': true,
};

/** Annotations that Istio's code reads, or its tools write, without listing them. */
const unlisted =
  /^(?:install\.operator|operator|telemetry|extensions|networking|security)\.istio\.io\/|^(?:ambient\.istio\.io\/xfcc-include-client-identity|envoyfilter\.istio\.io\/referenced-services|internal\.istio\.io\/.*|istio\.io\/(?:test|owner|description).*)$/;

const isIstios = (key: string): boolean => /^(?:[a-z0-9.-]+\.)?istio\.io\//.test(key);

/** True for a key of Istio's that no release of it reads. */
export function isUnknownAnnotation(key: string): boolean {
  return isIstios(key) && !Object.hasOwn(annotations, key) && !unlisted.test(key);
}

/** True for a key that Istio means to give up. */
export function isDeprecatedAnnotation(key: string): boolean {
  return Object.hasOwn(annotations, key) && annotations[key] === true;
}

/** Every key that Istio's catalogue lists. */
export const knownAnnotations: readonly string[] = Object.keys(annotations);
