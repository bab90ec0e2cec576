import { InvalidArgumentError } from 'commander';
import type { ProfileName, Severity } from '#check/index.js';
import type { Scope } from '#mesh/mesh.js';
import type { FormatName } from '#report/formats.js';
import { didYouMean } from './did-you-mean.js';

/** Report formats, as `--format` names them. */
export const formatNames = [
  'table',
  'json',
  'sarif',
  'sarif-full',
  'junit',
  'markdown',
  'csv',
  'html',
  'metrics',
  'gitlab-code-quality',
  'gitlab-sast',
  'policyreport',
  'openreports',
  'cyclonedx-vex',
  'oscal',
] as const satisfies readonly FormatName[];

const severities = ['critical', 'high', 'medium', 'low', 'info'] as const satisfies readonly Severity[];
const thresholds = [...severities, 'never'] as const;
const profiles = ['baseline', 'strict'] as const satisfies readonly ProfileName[];
const scopes = ['partial', 'complete', 'auto'] as const satisfies readonly (Scope | 'auto')[];

/** One of a set of words, whatever its case; anything else is refused with the words there are. */
export function oneOf<const Name extends string>(typed: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === typed.trim().toLowerCase());
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`${didYouMean(typed, names)} One of ${names.join(', ')}.`.trim());
}

/** Value of `--fail-on`. */
export function parseThreshold(typed: string): Severity | 'never' {
  return oneOf(typed, thresholds);
}

/** More severities, separated by commas. */
export function addSeverity(typed: string, before: readonly Severity[] = []): readonly Severity[] {
  return [...before, ...splitList(typed).map((word) => oneOf(word, severities))];
}

/** Value of `--profile`. */
export function parseProfile(typed: string): ProfileName {
  return oneOf(typed, profiles);
}

/** Value of `--scope`. */
export function parseScope(typed: string): Scope | 'auto' {
  return oneOf(typed, scopes);
}

/** Value of `--istio-version`: a release line or release of Istio 1. */
export function parseIstioVersion(typed: string): string {
  const [, version] = /^v?(1\.\d{1,3}(?:\.\d{1,3})?)$/.exec(typed.trim()) ?? [];
  if (version !== undefined) return version;
  throw new InvalidArgumentError('Write it as 1.27 or 1.27.3.');
}

/** One more value of `--format`, after those given before. */
export function addFormat(typed: string, before: readonly FormatName[] = []): readonly FormatName[] {
  return [...before, ...splitList(typed).map((word) => oneOf(word, formatNames))];
}

/** One more value of an option that may be repeated. */
export function addValue(typed: string, before: readonly string[] = []): readonly string[] {
  return [...before, typed];
}

/** More values of an option that may be repeated and takes several, separated by commas. */
export function addList(typed: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...splitList(typed)];
}

function splitList(typed: string): readonly string[] {
  const words = typed
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (words.length === 0) throw new InvalidArgumentError('It is empty.');
  return words;
}
