import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadDocuments } from '#documents/load.js';
import { problemText, resourceTexts } from './load-texts.js';

const cwd = fileURLToPath(new URL('../../fixtures/documents', import.meta.url));

interface Expected {
  readonly problems?: readonly string[];
  readonly resources?: readonly string[];
  readonly skipped?: readonly string[];
}

const expected: Readonly<Record<string, Expected>> = {
  'alias-bomb.yaml': { problems: ['alias-bomb.yaml:1:29 alias-bomb'] },
  'binary.yaml': { problems: ['binary.yaml binary'] },
  'bom-crlf.yaml': { resources: ['Namespace/windows@bom-crlf.yaml#0:1'] },
  'broken-item.json': {
    problems: ['broken-item.json:12:34 broken-list-item'],
    resources: [
      'Namespace/one@broken-item.json#0/items/0:4',
      'Namespace/three@broken-item.json#0/items/2:14',
    ],
  },
  'broken-item.yaml': {
    problems: ['broken-item.yaml:10 broken-list-item', 'broken-item.yaml:10:1 broken-list-item'],
    resources: [
      'Namespace/one@broken-item.yaml#0/items/0:4',
      'Namespace/three@broken-item.yaml#0/items/3:11',
    ],
  },
  'broken-neighbour.yaml': {
    problems: ['broken-neighbour.yaml:10:1 syntax'],
    resources: ['Namespace/before@broken-neighbour.yaml#0:1', 'Namespace/after@broken-neighbour.yaml#2:11'],
  },
  'control-character.yaml': { problems: ['control-character.yaml:4:13 syntax'] },
  'duplicate-key.yaml': {
    problems: ['duplicate-key.yaml:5:3 duplicate-key?'],
    resources: ['Namespace/second@duplicate-key.yaml#0:1'],
  },
  'evasion.yaml': {
    problems: ['evasion.yaml:4:1 duplicate-key?'],
    resources: ['Namespace/hidden@evasion.yaml#0:1'],
  },
  'infinite.yaml': { problems: ['infinite.yaml:5:24 syntax'] },
  'latin1.yaml': { problems: ['latin1.yaml:4 encoding'] },
  'missing-brace.json': {
    problems: ['missing-brace.json:13:10 broken-list-item'],
    resources: [
      'Namespace/one@missing-brace.json#0/items/0:4',
      'Namespace/three@missing-brace.json#0/items/2:14',
    ],
  },
  'no-kind.yaml': { problems: ['no-kind.yaml:1 not-an-object'] },
  'prototype.yaml': { resources: ['Namespace/polluted@prototype.yaml#0:1'] },
  'self-alias.yaml': { problems: ['self-alias.yaml:5:16 alias-bomb'] },
  'tab-indent.yaml': { problems: ['tab-indent.yaml:4:1 syntax'] },
  'truncated-list.yaml': {
    problems: ['truncated-list.yaml:7 syntax', 'truncated-list.yaml:9:3 broken-list-item'],
    resources: ['Namespace/whole@truncated-list.yaml#0/items/0:3'],
  },
  'truncated.json': {
    problems: ['truncated.json:15:27 broken-list-item'],
    resources: ['Namespace/one@truncated.json#0/items/0:4', 'Namespace/two@truncated.json#0/items/1:9'],
  },
  'utf16.yaml': { resources: ['Namespace/wide@utf16.yaml#0:1'] },
  'values.yaml': { skipped: ['not-kubernetes'] },
};

const read = (_: string, kind: string): boolean => kind === 'Namespace';

describe('hostile documents', () => {
  it.each(Object.entries(expected))('%s: exact problems, whole neighbours', async (file, wanted) => {
    const loaded = await loadDocuments({ paths: [file], cwd, read });
    expect(loaded.problems.map(problemText)).toEqual(wanted.problems ?? []);
    expect(resourceTexts(loaded)).toEqual(wanted.resources ?? []);
    expect(loaded.skipped.map(({ reason }) => reason)).toEqual(wanted.skipped ?? []);
  });

  it('reads the folder with the same outcome as file by file, in order', async () => {
    const loaded = await loadDocuments({ paths: ['.'], cwd, read });
    const files = Object.keys(expected).sort();
    expect(loaded.problems.map(problemText)).toEqual(files.flatMap((file) => expected[file]?.problems ?? []));
    expect(resourceTexts(loaded)).toEqual(files.flatMap((file) => expected[file]?.resources ?? []));
    expect(loaded.stats.files).toBe(files.length - 1);
  });

  it('keeps prototype keys as plain keys', async () => {
    const { resources } = await loadDocuments({ paths: ['prototype.yaml'], cwd, read });
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(JSON.stringify(resources[0]?.object)).toContain('"__proto__":{"polluted":"yes"}');
  });
});
