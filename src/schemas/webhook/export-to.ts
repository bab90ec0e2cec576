import { stringAt, stringsAt } from '#documents/json.js';
import type { JsonObject } from '#documents/json.js';
import type { Invalidity } from '#schemas/validation.js';
import { isLabel } from './host-names.js';
import { complaint } from './webhook.js';
import type { WebhookInput } from './webhook.js';

/** For whom exportTo is checked: a service entry may be exported to nobody, a rule for workloads to its namespace only. */
export interface ExportRules {
  readonly toNobody?: boolean;
  readonly ownNamespaceOnly?: boolean;
}

const path = ['spec', 'exportTo'];

function entryProblem(entry: string, rules: ExportRules): string | undefined {
  if (entry === '.' || entry === '*' || isLabel(entry)) return undefined;
  if (entry === '~') return rules.toNobody ? undefined : 'only a service entry can be exported to nobody (~)';
  return `"${entry}" is none of ., * and a namespace`;
}

function combinationErrors(seen: ReadonlySet<string>, count: number): readonly Invalidity[] {
  if (count < 2) return [];
  return [
    ...(seen.has('*') ? [complaint(path, 'exportTo * cannot be combined with other entries')] : []),
    ...(seen.has('~') ? [complaint(path, 'exportTo ~ cannot be combined with other entries')] : []),
  ];
}

function ownNamespaceErrors(seen: ReadonlySet<string>, namespace: string): readonly Invalidity[] {
  if (seen.size === 0 || (seen.has(namespace) && seen.size === 1)) return [];
  return [complaint(path, 'a rule with a workload selector can only be exported to its own namespace')];
}

/** The namespace of an object; one without is created in `default`. */
export function namespaceOf(object: JsonObject): string {
  const namespace = stringAt(object, 'metadata', 'namespace') ?? '';
  return namespace === '' ? 'default' : namespace;
}

/** Source: validation.go, validateExportTo. */
export function exportToErrors({ object, spec }: WebhookInput, rules: ExportRules): readonly Invalidity[] {
  const entries = stringsAt(spec, 'exportTo');
  const namespace = namespaceOf(object);
  const seen = new Set<string>();
  const errors: Invalidity[] = [];
  for (const [index, entry] of entries.entries()) {
    const key = entry === '.' ? namespace : entry;
    const problem = seen.has(key) ? `"${entry}" is given twice` : entryProblem(key, rules);
    if (problem === undefined) seen.add(key);
    else errors.push(complaint([...path, index], problem));
  }
  return [
    ...errors,
    ...(rules.ownNamespaceOnly ? ownNamespaceErrors(seen, namespace) : []),
    ...combinationErrors(seen, entries.length),
  ];
}
