import type { CatalogueCheck } from '#check/index.js';
import { controlLinks } from '#controls/links.js';
import type * as report from '#report/generated/json-checks.js';
import type { ControlMap } from './control-map.js';

function toCheck({ meta, family, slug }: CatalogueCheck): report.Check {
  return {
    id: meta.id,
    family,
    slug,
    title: meta.title,
    severity: meta.severity,
    confidence: meta.confidence,
    profile: meta.profile ?? 'baseline',
    examines: meta.examines,
    messages: Object.entries(meta.messages).map(([key, text]) => ({ key, text })),
    remediation: meta.remediation,
    controls: controlLinks(meta).map(({ control, relation }) => ({ id: control, relation })),
    aliases: meta.aliases ?? [],
    ...(meta.options === undefined
      ? {}
      : {
          options: Object.entries(meta.options).map(([name, { description, ...schema }]) => ({
            name,
            description,
            schema: { ...schema },
          })),
        }),
  };
}

function toFramework({ id, framework, baseline, controls }: ControlMap): report.Framework {
  return {
    id,
    title: framework.title,
    version: framework.version,
    url: framework.url,
    ...(baseline === undefined ? {} : { baseline }),
    controls: controls.map(({ id: control, clause, title, checks, beyondManifests }) => ({
      id: control,
      clause,
      title,
      checks: checks.map(({ check, relation }) => ({ id: check.meta.id, relation })),
      ...(beyondManifests === undefined ? {} : { beyondManifests }),
    })),
  };
}

/** The catalogue as `schemas/checks.json` describes it. */
export function listJson(
  checks: readonly CatalogueCheck[],
  maps: readonly ControlMap[],
  version: string,
): string {
  const value: report.JsonChecks = {
    schemaVersion: 1,
    tool: { name: 'meshaudit', version },
    checks: checks.map(toCheck),
    ...(maps.length === 0 ? {} : { frameworks: maps.map(toFramework) }),
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
