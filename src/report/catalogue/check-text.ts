import type { CatalogueCheck } from '#check/index.js';
import type { CheckOption } from '#check/check-options.js';
import { controlLinks } from '#controls/links.js';
import type { Style } from '#report/table-style.js';
import { markdownText } from './markdown-text.js';

const labels = 'Also known as  '.length;

/** One check with its page, for a terminal. */
export function checkText({ meta, family, slug }: CatalogueCheck, page: string, style: Style): string {
  const { ink, labelled, severity } = style;
  const facts: readonly (readonly [string, string])[] = [
    ['Severity', `${severity[meta.severity](meta.severity)}, confidence ${meta.confidence}`],
    ['Profile', meta.profile ?? 'baseline'],
    ['Family', `${family}/${slug}`],
    ['Examines', meta.examines],
    ['Fix', meta.remediation],
    ...optionLines(meta),
    ['Controls', controlsOf(meta)],
    ['Also known as', (meta.aliases ?? []).join(', ')],
  ];
  const lines = facts
    .filter(([, text]) => text !== '')
    .flatMap(([label, text]) => labelled(label.padEnd(labels), text, 0));
  return [
    `${ink.bold(meta.id)}  ${ink.bold(meta.title)}`,
    '',
    ...lines,
    '',
    markdownText(page, style),
    '',
  ].join('\n');
}

/** What a config can set, each with its default. */
function optionLines({ options = {} }: CatalogueCheck['meta']): readonly (readonly [string, string])[] {
  return Object.entries(options).map(([name, option], index) => [
    index === 0 ? 'Options' : '',
    `${name}: ${option.description} ${valuesOf(option)} Default: ${JSON.stringify(option.default)}.`,
  ]);
}

function valuesOf(option: CheckOption): string {
  if ('enum' in option) return `One of ${option.enum.join(', ')}.`;
  return option.type === 'integer'
    ? `From ${String(option.minimum)} to ${String(option.maximum)}.`
    : `A list of ${option.items.type === 'integer' ? 'numbers' : 'texts'}.`;
}

/** Controls by framework, those that a check shows wholly marked. */
function controlsOf(meta: CatalogueCheck['meta']): string {
  const byFramework = new Map<string, string[]>();
  for (const { control, relation } of controlLinks(meta)) {
    const slash = control.indexOf('/');
    const framework = control.slice(0, slash);
    const clause = `${control.slice(slash + 1)}${relation === 'full' ? '!' : ''}`;
    byFramework.set(framework, [...(byFramework.get(framework) ?? []), clause]);
  }
  return [...byFramework].map(([framework, clauses]) => `${framework} ${clauses.join(' ')}`).join('; ');
}
