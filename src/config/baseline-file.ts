import { readFile } from 'node:fs/promises';
import { ConfigError } from './config-error.js';
import { compile } from './validate.js';

/** One finding in a baseline file. */
export interface WrittenEntry {
  readonly fingerprint: string;
  readonly checkId: string;
  readonly resource: string;
  readonly subjects: readonly string[];
}

interface BaselineFile {
  readonly schemaVersion: 1;
  readonly findings: readonly WrittenEntry[];
}

const schema = {
  type: 'object',
  required: ['schemaVersion', 'findings'],
  properties: {
    schemaVersion: { const: 1 },
    findings: {
      type: 'array',
      items: {
        type: 'object',
        required: ['fingerprint', 'checkId', 'resource', 'subjects'],
        properties: {
          fingerprint: { type: 'string' },
          checkId: { type: 'string' },
          resource: { type: 'string' },
          subjects: { type: 'array', items: { type: 'string' } },
        },
      },
    },
  },
};

/**
 * Reads what {@link baselineText} has written.
 *
 * @throws ConfigError when it cannot be read or is something else.
 */
export async function readBaseline(file: string, shown: string): Promise<readonly WrittenEntry[]> {
  const hint = 'Write one with --write-baseline.';
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message.replace(/, [a-z]+( '.*)?$/, '') : String(error);
    throw new ConfigError(`cannot read the baseline ${shown}: ${reason}`, hint);
  });
  const value = parse(text);
  if (!compile<BaselineFile>(schema)(value))
    throw new ConfigError(`${shown} is no baseline of meshaudit`, hint);
  return value.findings;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** A baseline as a file: one that differs only where findings differ. */
export function baselineText(findings: readonly WrittenEntry[]): string {
  return `${JSON.stringify({ schemaVersion: 1, findings }, undefined, 2)}\n`;
}
