import type { AuditResult, CheckOutcome } from '#check/index.js';
import type { ControlAssessment, FrameworkAssessment } from '#controls/assess.js';
import { countByStatus } from '#controls/status.js';

/** Frameworks that were asked for as SARIF's taxonomies: a taxon is a control, its properties say how it fares. */
export function toTaxonomies({ frameworks = [] }: AuditResult) {
  if (frameworks.length === 0) return {};
  return { taxonomies: frameworks.map(toTaxonomy) };
}

/** The taxonomies that the driver's rules refer to. */
export function supportedTaxonomies({ frameworks = [] }: AuditResult) {
  if (frameworks.length === 0) return {};
  return { supportedTaxonomies: frameworks.map(({ id }, index) => ({ name: id, index })) };
}

/** The controls that a rule is held against, as far as they were asked for. */
export function relationshipsOf({ id }: CheckOutcome, { frameworks = [] }: AuditResult) {
  const relationships = frameworks.flatMap((framework, taxonomy) =>
    framework.controls.flatMap(({ clause, checks }, index) => {
      const linked = checks.find((check) => check.id === id);
      if (linked === undefined) return [];
      const target = { id: clause, index, toolComponent: { name: framework.id, index: taxonomy } };
      return [{ target, kinds: ['relevant'], properties: { relation: linked.relation } }];
    }),
  );
  return relationships.length === 0 ? {} : { relationships };
}

function toTaxonomy({ id, title, version, url, controls }: FrameworkAssessment) {
  return {
    name: id,
    version,
    informationUri: url,
    organization: 'meshaudit',
    shortDescription: { text: `${title}, ${version}: controls as far as Istio's manifests show them.` },
    isComprehensive: false,
    taxa: controls.map(toTaxon),
    properties: { controls: countByStatus(controls) },
  };
}

function toTaxon({ clause, title, status, relation, subjects, reason }: ControlAssessment) {
  return {
    id: clause,
    shortDescription: { text: `${title}.` },
    properties: {
      status,
      ...(relation === undefined ? {} : { relation }),
      subjects,
      ...(reason === '' ? {} : { reason }),
    },
  };
}
