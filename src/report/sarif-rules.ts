import type { CheckMeta, CheckOutcome, Confidence, Severity } from '#check/index.js';
import { checkPage } from './check-page.js';

/** SARIF knows three levels. */
export const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};

/** Within GitHub's bands: critical above 9.0, high from 7.0, medium from 4.0, low below. */
const securitySeverity: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '3.0',
  info: '0.5',
};

const precision: Readonly<Record<Confidence, string>> = { high: 'very-high', medium: 'medium', low: 'low' };

/** GitHub shows ten tags of a rule. */
const shownTags = 10;
const textLimit = 1000;

/** Description of a check as SARIF's reporting descriptor, in the form that GitHub code scanning shows. */
export function toRule(check: CheckOutcome, homepage: string | undefined) {
  const { id, family, slug, meta } = check;
  const page = checkPage(homepage, check);
  return {
    id,
    name: pascalCase(slug),
    shortDescription: { text: sentence(meta.title) },
    fullDescription: { text: `${sentence(meta.title)} ${fixOf(meta)}`.slice(0, textLimit) },
    help: { text: helpText(meta), markdown: helpMarkdown(check, page) },
    ...(page === undefined ? {} : { helpUri: page }),
    defaultConfiguration: { level: levels[meta.severity] },
    properties: {
      'security-severity': securitySeverity[meta.severity],
      precision: precision[meta.confidence],
      'problem.severity':
        meta.severity === 'low' || meta.severity === 'info' ? 'recommendation' : levels[meta.severity],
      tags: [...new Set(['security', 'istio', family, ...meta.controls])].slice(0, shownTags),
    },
  };
}

/** The text with a full stop at its end, when it has no other sign there. */
export function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** Placeholders have a value in each result only; here they stand in brackets. */
function fixOf({ remediation }: CheckMeta): string {
  return sentence(remediation.replace(/\{(\w+)\}/g, '[$1]'));
}

function helpText(meta: CheckMeta): string {
  const controls = meta.controls.length === 0 ? [] : [`Controls: ${meta.controls.join(', ')}.`];
  return [
    sentence(meta.title),
    `How to fix: ${fixOf(meta)}`,
    `Examines: ${sentence(meta.examines)}`,
    ...controls,
  ].join('\n\n');
}

function helpMarkdown({ id, meta }: CheckOutcome, page: string | undefined): string {
  const facts = [
    `- Severity: **${meta.severity}**, confidence: ${meta.confidence}`,
    `- Examines: ${meta.examines}`,
    ...(meta.controls.length === 0 ? [] : [`- Controls: ${meta.controls.join(', ')}`]),
    ...(meta.aliases === undefined ? [] : [`- In other tools: ${meta.aliases.join(', ')}`]),
  ];
  return [
    `# ${id}: ${meta.title}`,
    `**How to fix.** ${fixOf(meta)}`,
    facts.join('\n'),
    ...(page === undefined ? [] : [`[More about ${id}](${page})`]),
  ].join('\n\n');
}

function pascalCase(slug: string): string {
  return slug.replace(/(^|-)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
}
