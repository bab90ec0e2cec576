import type { JsonObject } from '#documents/json.js';

/** Chart values of the installation profiles, as far as decisions read them (manifests/helm-profiles). */
const profiles: Readonly<Record<string, JsonObject>> = {
  ambient: {
    meshConfig: { defaultConfig: { proxyMetadata: { ISTIO_META_ENABLE_HBONE: 'true' } } },
    pilot: { env: { PILOT_ENABLE_AMBIENT: 'true' } },
  },
  demo: {
    meshConfig: {
      accessLogFile: '/dev/stdout',
      extensionProviders: [
        {
          name: 'otel',
          envoyOtelAls: { service: 'opentelemetry-collector.observability.svc.cluster.local', port: 4317 },
        },
        {
          name: 'skywalking',
          skywalking: { service: 'tracing.istio-system.svc.cluster.local', port: 11800 },
        },
        {
          name: 'otel-tracing',
          opentelemetry: { service: 'opentelemetry-collector.observability.svc.cluster.local', port: 4317 },
        },
        {
          name: 'jaeger',
          opentelemetry: { service: 'jaeger-collector.istio-system.svc.cluster.local', port: 4317 },
        },
      ],
    },
  },
  preview: { meshConfig: { defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } } } },
};

const newestFlips = {
  PILOT_ENABLE_STRICT_GATEWAY_MERGING: 'false',
  PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS: 'false',
};
const flips129 = { ...newestFlips, PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE: 'false' };
const flips128 = { ...flips129, DISABLE_TRACK_REMAINING_CB_METRICS: 'false' };
const flips127 = {
  ...flips128,
  DISABLE_SHADOW_HOST_SUFFIX: 'false',
  PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY: 'false',
};
const flips126 = { ...flips127, ENABLE_NATIVE_SIDECARS: 'false' };

/** Environment of istiod that a compatibility version sets back (manifests/helm-profiles/compatibility-version-*). */
const compatibility: Readonly<Record<string, JsonObject>> = {
  '1.25': flips126,
  '1.26': flips126,
  '1.27': flips127,
  '1.28': flips128,
  '1.29': flips129,
  '1.30': { ...newestFlips, PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY: 'false' },
};

/** The values that a profile brings; IstioOperator's openshift-ambient is the ambient one here. Unknown ones bring none. */
export function profileValues(profile: string | undefined): JsonObject {
  const name = profile === 'openshift-ambient' ? 'ambient' : (profile ?? 'default');
  return Object.hasOwn(profiles, name) ? (profiles[name] ?? {}) : {};
}

/** The values that a compatibility version brings; none for one that is not known. */
export function compatibilityValues(version: string | undefined): JsonObject {
  if (version === undefined || !Object.hasOwn(compatibility, version)) return {};
  return { pilot: { env: compatibility[version] } };
}
