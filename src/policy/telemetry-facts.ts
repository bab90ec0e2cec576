import type { FieldPath, FieldRef, Resource } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';

/** Something secret that a log or trace takes in. */
export interface LoggedSecret {
  readonly header: string;
  readonly where: string;
  readonly at: FieldRef;
}

const secretHeaders =
  /^(?:authorization|proxy-authorization|cookie|set-cookie|x-api-key|x-auth-token|x-amz-security-token|x-csrf-token)$/i;

/** Headers in Envoy's format operators: `%REQ(AUTHORIZATION)%`, `%RESP(SET-COOKIE?X)%`. */
function headersIn(text: string): readonly string[] {
  return Array.from(text.matchAll(/%(?:REQ|RESP|TRAILER)\(([^)%]{1,200})\)/g), ([, names = '']) => names)
    .flatMap((names) => names.split('?'))
    .filter((name) => secretHeaders.test(name));
}

/** Every text in a value, with its path; formats are small. */
function texts(value: JsonValue | undefined, path: FieldPath): readonly { text: string; path: FieldPath }[] {
  if (typeof value === 'string') return [{ text: value, path }];
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, [...path, key]));
}

interface Format {
  readonly where: string;
  readonly path: FieldPath;
  readonly value: JsonValue | undefined;
}

function formatsOf(config: JsonObject): readonly Format[] {
  const providers = listAt(config, 'extensionProviders').flatMap((provider, index): readonly Format[] => {
    const name = stringAt(provider, 'name') ?? '';
    return (['envoyFileAccessLog', 'envoyOtelAls'] as const).map((type) => ({
      where: `access log provider ${name}`,
      path: ['extensionProviders', index, type, 'logFormat'],
      value: valueAt(provider, [type, 'logFormat']),
    }));
  });
  return [
    { where: 'accessLogFormat', path: ['accessLogFormat'], value: config['accessLogFormat'] },
    ...providers,
  ];
}

/** Headers with credentials that the mesh config writes into access logs. */
export function secretsInLogs(mesh: Mesh): readonly LoggedSecret[] {
  const { config, sources } = mesh.settings;
  const place = (path: FieldPath): FieldRef | undefined => mesh.settings.fieldOf(path) ?? sources[0];
  return formatsOf(config).flatMap(({ where, path, value }) =>
    texts(value, path).flatMap(({ text, path: inner }) =>
      headersIn(text).flatMap((header): readonly LoggedSecret[] => {
        const at = place(inner) ?? place(path);
        return at === undefined ? [] : [{ header, where, at }];
      }),
    ),
  );
}

/** Headers with credentials that a Telemetry object puts into traces. */
export function secretsInTraces(telemetry: Resource): readonly LoggedSecret[] {
  return listAt(telemetry.object, 'spec', 'tracing').flatMap((entry, index) => {
    const tags = objectAt(entry, 'customTags') ?? {};
    return Object.entries(tags).flatMap(([name, tag]): readonly LoggedSecret[] => {
      const header = stringAt(tag, 'header', 'name') ?? '';
      if (!secretHeaders.test(header)) return [];
      const at = { resource: telemetry, path: ['spec', 'tracing', index, 'customTags', name] };
      return [{ header, where: `trace tag ${name}`, at }];
    });
  });
}

/** Providers that exist without being declared (DefaultMeshConfig in pkg/config/mesh/mesh.go). */
const builtIn = new Set(['envoy', 'prometheus', 'stackdriver']);

/** A provider that a Telemetry object names and the mesh config does not have. */
export interface UnknownProvider {
  readonly name: string;
  readonly section: 'tracing' | 'metrics' | 'accessLogging';
  readonly at: FieldRef;
}

/** Names are compared without regard to case (pilot/pkg/model/telemetry.go, fetchProvider). */
export function unknownProviders(mesh: Mesh, telemetry: Resource): readonly UnknownProvider[] {
  const declared = new Set(
    listAt(mesh.settings.config, 'extensionProviders').map((provider) =>
      (stringAt(provider, 'name') ?? '').toLowerCase(),
    ),
  );
  return (['tracing', 'metrics', 'accessLogging'] as const).flatMap((section) =>
    listAt(telemetry.object, 'spec', section).flatMap((entry, index) =>
      listAt(entry, 'providers').flatMap((provider, number): readonly UnknownProvider[] => {
        const name = stringAt(provider, 'name') ?? '';
        const isKnown = declared.has(name.toLowerCase()) || builtIn.has(name.toLowerCase());
        const path = ['spec', section, index, 'providers', number, 'name'];
        return isKnown || name === '' ? [] : [{ name, section, at: { resource: telemetry, path } }];
      }),
    ),
  );
}

/** A provider outside of the cluster that proxies send telemetry to without TLS of their own. */
export interface OutsideProvider {
  readonly name: string;
  readonly host: string;
  readonly at: FieldRef;
}

const sendingTypes = [
  'opentelemetry',
  'zipkin',
  'datadog',
  'skywalking',
  'lightstep',
  'envoyOtelAls',
  'envoyHttpAls',
  'envoyTcpAls',
] as const;

/** True for names that only the cluster or a private network knows. */
function isInside(mesh: Mesh, host: string): boolean {
  if (!host.includes('.') || host.endsWith(`.svc.${mesh.settings.domainSuffix}`) || host.endsWith('.svc'))
    return true;
  return (
    /\.(?:local|internal|lan|corp|localhost)$|^\d+(?:\.\d+){3}$/i.test(host) || host.split('.').length === 2
  );
}

/** Providers of traces and logs whose service has a public name. */
export function outsideProviders(mesh: Mesh): readonly OutsideProvider[] {
  const { config, sources, fieldOf } = mesh.settings;
  return listAt(config, 'extensionProviders').flatMap((provider, index) =>
    sendingTypes.flatMap((type): readonly OutsideProvider[] => {
      const written = stringAt(provider, type, 'service');
      const host = written?.split('/').at(-1) ?? '';
      const at = fieldOf(['extensionProviders', index, type, 'service']) ?? sources[0];
      if (host === '' || at === undefined || isInside(mesh, host)) return [];
      return [{ name: stringAt(provider, 'name') ?? '', host, at }];
    }),
  );
}
