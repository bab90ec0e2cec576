import type { FieldPath, Resource } from '#documents/document.js';
import { isObject, listAt, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject, JsonValue } from '#documents/json.js';
import type { ResourceIndex } from '#mesh/resource-index.js';
import { installationFacts } from './chart-values.js';
import type { ControlPlaneFacts, ParseYaml } from './control-plane.js';
import { readEnv } from './istiod-deployment.js';

const noValues: JsonObject = {};

function profileIn(values: JsonObject): string | undefined {
  return stringAt(values, 'profile') ?? stringAt(values, 'global', 'profile');
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** True for an IstioOperator that installs gateways or add-ons beside a control plane that stands elsewhere. */
function hasNoControlPlane(spec: JsonObject | undefined): boolean {
  const enabled = valueAt(spec, ['components', 'pilot', 'enabled']);
  const configured =
    spec?.['meshConfig'] !== undefined || objectAt(spec, 'values', 'meshConfig') !== undefined;
  const byDefault = !['empty', 'remote'].includes(stringAt(spec, 'profile') ?? 'default');
  return !(typeof enabled === 'boolean' ? enabled : byDefault) && !configured;
}

/** What an IstioOperator asks for (operator/pkg/apis, manifests/profiles). */
export function readIstioOperator(resource: Resource): ControlPlaneFacts | undefined {
  const spec = objectAt(resource.object, 'spec');
  if (hasNoControlPlane(spec)) return undefined;
  const values = objectAt(spec, 'values') ?? noValues;
  const envPath: FieldPath = ['spec', 'components', 'pilot', 'k8s', 'env'];
  return installationFacts({
    resource,
    values,
    valuesPath: ['spec', 'values'],
    opaque: false,
    profile: profileIn(values) ?? stringAt(spec, 'profile'),
    profilePath: ['spec', 'profile'],
    compatibility: stringAt(spec, 'compatibilityVersion') ?? stringAt(values, 'compatibilityVersion'),
    revision: stringAt(spec, 'revision'),
    namespace: stringAt(values, 'global', 'istioNamespace') ?? stringAt(spec, 'namespace') ?? 'istio-system',
    version: textOf(spec?.['tag']),
    meshConfigPath: ['spec', 'meshConfig'],
    env: readEnv(listAt(resource.object, ...envPath), resource, envPath),
  });
}

/** The revision an Istio resource makes: its name, with the version when each version gets a revision of its own. */
function sailRevision(resource: Resource): string {
  const { name, object, kind } = resource;
  if (kind === 'IstioRevision' || stringAt(object, 'spec', 'updateStrategy', 'type') !== 'RevisionBased')
    return name;
  return `${name}-${(stringAt(object, 'spec', 'version') ?? '').replaceAll('.', '-')}`;
}

/** What the Sail operator's Istio or IstioRevision asks for (istio-ecosystem/sail-operator, api/v1). */
export function readSailIstio(resource: Resource): ControlPlaneFacts {
  const spec = objectAt(resource.object, 'spec');
  const values = objectAt(spec, 'values') ?? noValues;
  return installationFacts({
    resource,
    values,
    valuesPath: ['spec', 'values'],
    opaque: false,
    profile: profileIn(values) ?? stringAt(spec, 'profile'),
    profilePath: ['spec', 'profile'],
    compatibility: stringAt(values, 'compatibilityVersion'),
    revision: sailRevision(resource),
    namespace: stringAt(spec, 'namespace') ?? stringAt(values, 'global', 'istioNamespace') ?? 'istio-system',
    version: stringAt(spec, 'version'),
  });
}

/** Chart values inside a resource. */
interface Release {
  readonly values: JsonObject;
  readonly path: FieldPath;
  readonly opaque: boolean;
  readonly namespace: string | undefined;
  readonly version: string | undefined;
}

function releaseFacts(resource: Resource, release: Release): ControlPlaneFacts {
  const { values, path } = release;
  return installationFacts({
    resource,
    values,
    valuesPath: path,
    opaque: release.opaque,
    profile: profileIn(values),
    profilePath: path,
    compatibility: stringAt(values, 'compatibilityVersion'),
    revision: undefined,
    namespace: stringAt(values, 'global', 'istioNamespace') ?? release.namespace ?? 'istio-system',
    version: release.version,
  });
}

/** What a Flux HelmRelease of the istiod chart asks for; values from ConfigMaps and Secrets are not followed. */
export function readHelmRelease(resource: Resource): ControlPlaneFacts | undefined {
  const spec = objectAt(resource.object, 'spec');
  if (stringAt(spec, 'chart', 'spec', 'chart') !== 'istiod' || spec?.['valuesFrom'] !== undefined)
    return undefined;
  return releaseFacts(resource, {
    values: objectAt(spec, 'values') ?? noValues,
    path: ['spec', 'values'],
    opaque: false,
    namespace: stringAt(spec, 'targetNamespace') ?? resource.namespace,
    version: stringAt(spec, 'chart', 'spec', 'version'),
  });
}

/** What an Argo CD Application of the istiod chart asks for; value files elsewhere are not followed. */
export function readArgoApplication(resource: Resource, parseYaml: ParseYaml): ControlPlaneFacts | undefined {
  const source = objectAt(resource.object, 'spec', 'source');
  const helm = objectAt(source, 'helm');
  if (stringAt(source, 'chart') !== 'istiod' || listAt(helm, 'valueFiles').length > 0) return undefined;
  const text = stringAt(helm, 'values');
  const parsed = text === undefined ? objectAt(helm, 'valuesObject') : parseYaml(text);
  return releaseFacts(resource, {
    values: isObject(parsed) ? parsed : noValues,
    path: ['spec', 'source', 'helm', text === undefined ? 'valuesObject' : 'values'],
    opaque: text !== undefined,
    namespace: stringAt(resource.object, 'spec', 'destination', 'namespace'),
    version: stringAt(source, 'targetRevision'),
  });
}

/** An IstioRevision that the Sail operator made for an Istio of the input repeats what that says. */
function isDerived(resource: Resource, index: ResourceIndex): boolean {
  return listAt(resource.object, 'metadata', 'ownerReferences').some(
    (owner) =>
      stringAt(owner, 'kind') === 'Istio' &&
      index.find('sailoperator.io', 'Istio', undefined, stringAt(owner, 'name') ?? '') !== undefined,
  );
}

/** What the installers in the input ask for, oldest first within a kind. */
export function readInstallers(index: ResourceIndex, parseYaml: ParseYaml): readonly ControlPlaneFacts[] {
  const revisions = index
    .ofKind('sailoperator.io', 'IstioRevision')
    .filter((each) => !isDerived(each, index));
  const facts = [
    ...index.ofKind('install.istio.io', 'IstioOperator').map(readIstioOperator),
    ...[...index.ofKind('sailoperator.io', 'Istio'), ...revisions].map(readSailIstio),
    ...index.ofKind('helm.toolkit.fluxcd.io', 'HelmRelease').map(readHelmRelease),
    ...index.ofKind('argoproj.io', 'Application').map((each) => readArgoApplication(each, parseYaml)),
  ];
  return facts.filter((fact) => fact !== undefined);
}
