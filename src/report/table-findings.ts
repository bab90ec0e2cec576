import type { AuditResult, CheckMeta, Finding, Severity } from '#check/index.js';
import { findingLines } from './finding-lines.js';
import { printable, printableName } from './printable.js';
import type { Style } from './table-style.js';
import { counted } from './table-style.js';
import { isActive, severities } from './tally.js';

/** About how many findings are printed in all; the rest are counted by file, and the other formats list all. */
const shownInAll = 60;
const shownPerCheck = { least: 3, most: 10 };
const shownFiles = 5;

interface Group {
  readonly severity: Severity;
  readonly checkId: string;
  readonly title: string;
  /** What to change, said once for all of them; undefined when each says something else. */
  readonly remediation: string | undefined;
  readonly findings: readonly Finding[];
}

interface GroupLayout {
  /** How many findings of a check to print. */
  readonly shown: number;
  /** Whether to name environments: there are several. */
  readonly several: boolean;
}

/** The findings, gravest first, those of one check together under its title; nothing when there is none. */
export function findingsSection(result: AuditResult, style: Style): readonly string[] {
  const metas = new Map(result.checks.map(({ id, meta }) => [id, meta]));
  const active = result.findings.filter(isActive);
  if (active.length === 0) return [];
  const groups = groupFindings(active, metas);
  const share = Math.floor(shownInAll / groups.length);
  const layout = {
    shown: Math.min(shownPerCheck.most, Math.max(shownPerCheck.least, share)),
    several: result.environments.length > 1,
  };
  return [
    style.heading('Findings', counted(active.length, 'finding')),
    ...groups.map((group) => renderGroup(group, style, layout)),
  ];
}

function groupFindings(
  findings: readonly Finding[],
  metas: ReadonlyMap<string, CheckMeta>,
): readonly Group[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${String(severities.indexOf(finding.severity))} ${finding.checkId}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [finding]);
    else known.push(finding);
  }
  return [...groups.keys()].sort().flatMap((key) => {
    const members = groups.get(key) ?? [];
    const [first] = members;
    if (first === undefined) return [];
    const { severity, checkId } = first;
    const meta = metas.get(checkId);
    const remediation = commonRemediation(members, meta?.remediation ?? '');
    return [{ severity, checkId, title: meta?.title ?? '', remediation, findings: members }];
  });
}

/** Up to as many findings of a check are each printed with their own remediation where that differs. */
const ownRemediations = 5;

/** The remediation that all share, for many findings if only as the check's template, with placeholders for what differs. */
function commonRemediation(findings: readonly Finding[], template: string): string | undefined {
  const [first = '', ...others] = new Set(findings.map(({ remediation }) => remediation));
  if (others.length === 0) return first;
  if (findings.length <= ownRemediations) return undefined;
  const fixed = template.split(/\{\w+\}/);
  const filled = [first, ...others].every((text) => holdsInOrder(text, fixed));
  return filled ? template.replace(/\{(\w+)\}/g, '<$1>') : undefined;
}

function holdsInOrder(text: string, parts: readonly string[]): boolean {
  let at = 0;
  return parts.every((part) => {
    const found = text.indexOf(part, at);
    at = found + part.length;
    return found >= 0;
  });
}

function renderGroup(group: Group, style: Style, layout: GroupLayout): string {
  const { severity, checkId, title, remediation, findings } = group;
  const { ink } = style;
  const badge = style.severity[severity](severity.toUpperCase().padEnd(8));
  const shown = findings.length > layout.shown + 1 ? findings.slice(0, layout.shown) : findings;
  const parts = { environments: layout.several, remediation: remediation === undefined };
  const blocks = shown.map((finding) => findingLines(finding, style, parts));
  const rest = findings.slice(shown.length);
  return [
    `${badge}  ${ink.bold(checkId)}  ${ink.bold(printable(title))}`,
    ...blocks.flatMap((lines) => ['', ...lines]),
    ...(rest.length === 0 ? [] : ['', ...renderRest(rest, style)]),
    ...(remediation === undefined ? [] : ['', ...style.labelled('Fix  ', printable(remediation), 2)]),
  ].join('\n');
}

function renderRest(rest: readonly Finding[], { ink }: Style): readonly string[] {
  const files = new Map<string, number>();
  for (const { location } of rest) files.set(location.file, (files.get(location.file) ?? 0) + 1);
  const most = [...files].sort(([, a], [, b]) => b - a).slice(0, shownFiles);
  const others = files.size - most.length;
  return [
    `  ${ink.bold(`and ${counted(rest.length, 'more finding')}`)} ${ink.dim('(-f json or -f sarif lists all)')}`,
    ...most.map(([file, count]) => `    ${printableName(file)}  ${ink.dim(`× ${String(count)}`)}`),
    ...(others === 0 ? [] : [`    ${ink.dim(`and ${counted(others, 'other file')}`)}`]),
  ];
}
