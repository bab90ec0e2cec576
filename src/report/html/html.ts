import type { AuditResult } from '#check/index.js';
import type { Renderer } from '#report/renderer.js';
import { countBySeverity, countFatal, isActive, severities, sumOutcomes } from '#report/tally.js';
import { wafLine } from '#report/waf-line.js';
import { escapeMarkup } from '#report/xml.js';
import { checkTable } from './check-table.js';
import { frameworkSections } from './framework-sections.js';
import { findingSections } from './finding-sections.js';
import { inputSections } from './input-sections.js';
import { style } from './style.js';

/**
 * One self-contained page to read or print: no script, no request to anywhere (its own policy forbids both), light or
 * dark as the reader prefers. All that comes from the input is escaped.
 */
export const renderHtml: Renderer = (result, { now, quiet }) =>
  [
    '<!DOCTYPE html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<title>meshaudit report</title>',
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<main>',
    header(result, now),
    tiles(result),
    ...(quiet ? [] : findingSections(result)),
    ...frameworkSections(result),
    checkTable(result.checks),
    ...inputSections(result),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');

function header(result: AuditResult, now: Date): string {
  const { stats } = result.inputs;
  const fatal = countFatal(result);
  const warning =
    fatal === 0
      ? ''
      : `\n<p class="warning"><strong>Not to be trusted:</strong> ${String(fatal)} ${fatal === 1 ? 'problem' : 'problems'} kept input from being judged; see <a href="#problems">below</a>.</p>`;
  const date = now.toISOString().slice(0, 16).replace('T', ' ');
  return [
    '<header>',
    '<h1>Istio audit</h1>',
    `<p class="quiet">meshaudit ${escapeMarkup(result.tool.version)} · <time datetime="${now.toISOString()}">${date} UTC</time> · ${String(stats.resources)} resources in ${String(stats.files)} files</p>${warning}`,
    '</header>',
  ].join('\n');
}

/** How much web application firewalls inspect. */
function inspectionLines({ inspection }: AuditResult): readonly string[] {
  const line = wafLine(inspection);
  if (line === undefined) return [];
  const aside = `<span class="quiet">(${escapeMarkup(line.aside)})</span>`;
  return [`<p>Web application firewall: ${line.text} ${aside}.</p>`];
}

/** The figures that a reader looks for first. */
function tiles(result: AuditResult): string {
  const found = countBySeverity(result.findings);
  const { pass, fail, unknown } = sumOutcomes(result.checks);
  const waived = result.findings.filter((finding) => !isActive(finding)).length;
  const tile = (label: string, value: number, kind: string): string =>
    `<li class="${value === 0 ? 'none' : kind}"><b>${String(value)}</b> ${label}</li>`;
  return [
    '<section aria-label="Summary">',
    `<ul class="tiles">${severities.map((severity) => tile(severity, found[severity], severity)).join('')}</ul>`,
    `<p>${String(pass)} subjects passed, ${String(fail)} failed, ${String(unknown)} could not be decided${waived === 0 ? '' : `; ${String(waived)} ${waived === 1 ? 'finding is' : 'findings are'} waived`}.</p>`,
    ...inspectionLines(result),
    '</section>',
  ].join('\n');
}
