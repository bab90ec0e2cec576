import type { FieldRef, Resource } from '#documents/document.js';
import { stringAt, valueAt } from '#documents/json.js';
import type { JsonValue } from '#documents/json.js';
import type { Mesh } from '#mesh/mesh.js';
import type { WasmSettings } from '#policy/filter-chain/filter-settings.js';
import { fieldOf } from './field-of.js';
import { frontRuleGaps } from './front/front-rules.js';
import { referredFrom } from './front/references.js';
import { gapOf } from './gap.js';
import type { GapTexts } from './gap.js';
import type { InspectionGap, InspectionGapKind } from './inspection.js';
import { pluginRules } from './rule-sets.js';
import type { NamedRuleSet, PluginRules } from './rule-sets.js';
import type { ProductFilter } from './settings-gaps.js';
import type { WafContext } from './waf-context.js';

type Reach = InspectionGap['reach'];

interface RuleGaps {
  readonly own: ProductFilter;
  /** The whole configuration. */
  readonly at: FieldRef;
}

/** The line of a set that decides something, the set, or the configuration: as near as the manifest tells them apart. */
function lineAt({ at }: RuleGaps, { path }: NamedRuleSet, line: number | undefined): FieldRef {
  if (path === undefined) return at;
  const whole = [...at.path, ...path];
  const isList = Array.isArray(valueAt(at.resource.object, whole));
  return { resource: at.resource, path: line === undefined || !isList ? whole : [...whole, line] };
}

function reachOf(set: NamedRuleSet, rules: PluginRules): Reach {
  return set.hosts === undefined && rules.sets.length === 1 ? 'all' : 'some';
}

function detecting(gaps: RuleGaps, set: NamedRuleSet, reach: Reach): InspectionGap | undefined {
  const { rules } = set;
  const { product } = gaps.own;
  const at = lineAt(gaps, set, rules.engineLine);
  if (rules.engine === 'Off') {
    const how = `SecRuleEngine is Off in ${set.name}`;
    return gapOf('disabled', product, { at, note: how, data: { how }, reach });
  }
  if (!rules.hasRules) {
    const how = `${set.name} holds no rule`;
    return gapOf('no-rules', product, { at: lineAt(gaps, set, undefined), note: how, data: { how }, reach });
  }
  const [how, where] =
    rules.engine === 'DetectionOnly'
      ? [`SecRuleEngine ends as DetectionOnly in ${set.name}`, at]
      : [`no rule of ${set.name} blocks`, lineAt(gaps, set, undefined)];
  if (rules.engine === 'On' && rules.canBlock) return undefined;
  return gapOf('detects-only', product, {
    at: where,
    note: how,
    data: { how, field: 'SecRuleEngine' },
    reach,
  });
}

function bodies(gaps: RuleGaps, set: NamedRuleSet): readonly InspectionGap[] {
  const { rules } = set;
  const { product } = gaps.own;
  if (rules.engine === 'Off' || !rules.hasRules) return [];
  if (!rules.readsBody) {
    const note = `SecRequestBodyAccess is not On in ${set.name}`;
    const at = lineAt(gaps, set, rules.bodyLine);
    return [gapOf('no-body', product, { at, note, data: { field: 'SecRequestBodyAccess' }, reach: 'some' })];
  }
  if (!rules.partialBody) return [];
  const bytes = rules.bodyLimit ?? '131072';
  const note = `${set.name} looks into the first ${bytes} bytes of a body`;
  const data = { bytes, field: 'SecRequestBodyLimitAction' };
  return [
    gapOf('body-truncated', product, { at: lineAt(gaps, set, rules.limitLine), note, data, reach: 'some' }),
  ];
}

function wholeGaps({ own, at }: RuleGaps, rules: PluginRules): readonly InspectionGap[] {
  const gap = (how: string, reach: Reach): readonly InspectionGap[] => [
    gapOf('no-rules', own.product, { at, note: how, data: { how }, reach }),
  ];
  if (rules.fails !== undefined) return gap(`the plugin does not start: ${rules.fails}`, 'all');
  if (rules.sets.length === 0)
    return gap('no set of directives is in use, so that requests pass unjudged', 'all');
  return rules.hasDefault ? [] : gap('requests for hosts without a set of directives pass unjudged', 'some');
}

/**
 * The ConfigMaps of the RuleSet that a plugin of Coraza's operator fetches its directives from, as far as the input holds
 * all of them (buildWasmPlugin in internal/controller/engine_controller_driver_istio.go); undefined: it fetches none.
 */
function cachedRules(mesh: Mesh, configuration: JsonValue | undefined): readonly Resource[] | undefined {
  const [namespace, name] = stringAt(configuration, 'cache_server_instance')?.split('/') ?? [];
  if (namespace === undefined || name === undefined) return undefined;
  const ruleSet = mesh.find('waf.k8s.coraza.io', 'RuleSet', namespace, name);
  if (ruleSet === undefined) return [];
  const { ends, whole } = referredFrom(mesh, ruleSet, [{ kind: '/ConfigMap', fields: ['spec.rules.*'] }]);
  return whole ? ends : [];
}

/** How the directives of a plugin (SecLang) make it fall short; none where they can not be read. */
export function ruleGaps({ mesh }: WafContext, own: ProductFilter): readonly InspectionGap[] {
  const { filter, product } = own;
  const { kind } = filter.settings;
  if (product.rules !== 'seclang' || (kind !== 'wasm' && kind !== 'golang')) return [];
  const at = fieldOf(mesh, filter, kind === 'wasm' ? ['config', 'configuration'] : ['plugin_config']);
  if (at === undefined) return [];
  const cached = cachedRules(mesh, valueAt(at.resource.object, at.path));
  if (cached !== undefined)
    return frontRuleGaps(mesh, product, {
      rules: { fields: ['data.rules'], engine: 'On' },
      holders: cached,
      at,
    });
  const isWritten = ['pluginConfig', 'configuration', 'plugin_config'].includes(String(at.path.at(-1)));
  const rules = pluginRules(isWritten ? valueAt(at.resource.object, at.path) : undefined, kind);
  if (rules === undefined) return [];
  const gaps: RuleGaps = { own, at };
  const found = wholeGaps(gaps, rules);
  if (rules.fails !== undefined) return found;
  return [
    ...found,
    ...rules.sets.flatMap((set) => {
      const weak = detecting(gaps, set, reachOf(set, rules));
      return [...(weak === undefined ? [] : [weak]), ...bodies(gaps, set)];
    }),
  ];
}

/** True for a module that can be exchanged under its name: neither a digest nor a checksum pins it, and it is no file of the image. */
function isMutable(url: string, checksum: string | undefined): boolean {
  return !url.startsWith('file://') && !url.includes('@sha256:') && (checksum ?? '') === '';
}

function checksumOf({ resource, path }: FieldRef): string | undefined {
  if (resource.kind === 'WasmPlugin') return stringAt(resource.object, 'spec', 'sha256');
  if (resource.kind === 'TrafficExtension') return stringAt(resource.object, 'spec', 'wasm', 'sha256');
  const remote = valueAt(resource.object, path.slice(0, -2));
  return stringAt(remote, 'sha256');
}

/** What a Wasm filter's own settings make of it: open on failure, and a module that is not pinned. */
export function wasmGaps(
  { mesh }: WafContext,
  { filter, product }: ProductFilter,
  settings: WasmSettings,
): readonly InspectionGap[] {
  const gap = (
    kind: InspectionGapKind,
    steps: readonly string[],
    texts: Omit<GapTexts, 'at'>,
  ): readonly InspectionGap[] => {
    const at = fieldOf(mesh, filter, steps);
    return at === undefined ? [] : [gapOf(kind, product, { at, ...texts })];
  };
  const { url, failOpen } = settings;
  const code = ['config', 'vm_config', 'code', 'remote', 'http_uri', 'uri'];
  const urlAt = fieldOf(mesh, filter, code);
  const field = urlAt?.resource.kind === 'EnvoyFilter' ? 'fail_open' : 'failStrategy';
  const note = 'requests pass uninspected when the module does not run';
  return [
    ...(failOpen
      ? gap(
          'fails-open',
          ['config', settings.failurePolicy === 'FAIL_OPEN' ? 'failure_policy' : 'fail_open'],
          { note, data: { field } },
        )
      : []),
    ...(url !== undefined && urlAt !== undefined && isMutable(url, checksumOf(urlAt))
      ? gap('mutable-module', code, {
          note: `module ${url} can be exchanged under its name`,
          data: { url },
          reach: 'none',
        })
      : []),
  ];
}
