import type { Problem, Resource } from '#documents/document.js';
import { isObject, objectAt, stringAt, valueAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import { revisionName } from './control-plane.js';
import type { ControlPlaneFacts, ParseYaml } from './control-plane.js';

const configMapName = 'istio-sidecar-injector';

/** Members of the injector's configuration that decide; templates are text for another reader. */
const configFields = [
  'policy',
  'defaultTemplates',
  'aliases',
  'alwaysInjectSelector',
  'neverInjectSelector',
  'injectedAnnotations',
] as const;

function pick(object: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(
    fields.filter((field) => Object.hasOwn(object, field)).map((field) => [field, object[field]]),
  );
}

function defaultEnablement(values: JsonObject): JsonObject {
  const enabled = valueAt(values, ['sidecarInjectorWebhook', 'enableNamespacesByDefault']);
  return enabled === undefined ? {} : { enableNamespacesByDefault: enabled };
}

/** Injector settings as the charts would write them for these values; nothing is filled in that they do not say. */
export function injectorOfValues(values: JsonObject): JsonObject {
  const webhook = objectAt(values, 'sidecarInjectorWebhook') ?? {};
  const policy = stringAt(values, 'global', 'proxy', 'autoInject');
  return {
    ...pick(webhook, configFields),
    ...(policy !== undefined && { policy }),
    ...defaultEnablement(values),
    values: pick(values, ['global', 'sidecarInjectorWebhook', 'revision', 'pilot', 'gateways']),
  };
}

/** The revision whose injector a ConfigMap configures; undefined for any other ConfigMap. */
function revisionOf(resource: Resource): string | undefined {
  if (resource.name === configMapName) return 'default';
  const named = resource.name.startsWith(`${configMapName}-`)
    ? resource.name.slice(configMapName.length + 1)
    : undefined;
  return named === undefined
    ? undefined
    : revisionName(stringAt(resource.object, 'metadata', 'labels', 'istio.io/rev') ?? named);
}

function unreadable(resource: Resource, key: string): Problem {
  return {
    code: 'invalid-resource',
    file: resource.origin.file,
    line: resource.origin.line,
    message: `ConfigMap ${resource.namespace ?? 'default'}/${resource.name}: data.${key} is not a readable mapping; the injector's settings in it are unknown.`,
    fatal: false,
  };
}

/** What a ConfigMap `istio-sidecar-injector[-<revision>]` tells; problems for text in it that cannot be read. */
export function readInjectorConfigMap(
  resource: Resource,
  parseYaml: ParseYaml,
): { readonly facts: ControlPlaneFacts | undefined; readonly problems: readonly Problem[] } {
  const revision = revisionOf(resource);
  if (revision === undefined) return { facts: undefined, problems: [] };
  const problems: Problem[] = [];
  const read = (key: string): JsonObject => {
    const text = stringAt(resource.object, 'data', key);
    const parsed = text === undefined ? {} : parseYaml(text);
    if (!isObject(parsed)) problems.push(unreadable(resource, key));
    return isObject(parsed) ? parsed : {};
  };
  const [config, values] = [read('config'), read('values')];
  const templates = Object.keys(objectAt(config, 'templates') ?? {});
  const settings = {
    ...pick(config, configFields),
    templateNames: templates,
    ...defaultEnablement(values),
    values,
  };
  const at = { resource, path: ['data', 'config'] };
  const namespace = resource.namespace ?? 'default';
  return {
    facts: { origin: 'rendered', revision, namespace, resource, injector: { settings, at } },
    problems,
  };
}
