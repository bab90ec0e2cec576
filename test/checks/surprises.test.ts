import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { audit } from '#audit.js';
import { catalogue } from '#checks';
import { admission } from './surprises/admission.js';
import { client } from './surprises/client.js';
import { extension } from './surprises/extension.js';
import { gateway } from './surprises/gateway.js';
import { server } from './surprises/server.js';
import type { Surprise } from './surprises/surprise.js';
import { waypoint } from './surprises/waypoint.js';

const root = fileURLToPath(new URL('../../fixtures/checks/', import.meta.url));

const all: readonly Surprise[] = [...server, ...client, ...extension, ...admission, ...gateway, ...waypoint];
const told = all.filter((surprise) => 'check' in surprise);

describe('what Istio does otherwise than expected', () => {
  it('is told once each', () => {
    const entries = all.map(({ entry }) => entry);
    expect(new Set(entries).size).toBe(entries.length);
  });

  it('has a reason where no check says it', () => {
    const reasons = all.flatMap((surprise) => ('because' in surprise ? [surprise.because] : []));
    expect(
      reasons.filter((reason) => !/^[a-z].{8}.*[^.]$/.test(reason) || /^[A-Z]+-\d/.test(reason)),
    ).toEqual([]);
  });

  it.each(told.map((surprise) => [`${surprise.entry} ${surprise.says}`, surprise] as const))(
    '%s',
    async (_, { check: wanted, fixture }) => {
      const [id = '', message = ''] = wanted.split(' ');
      const check = catalogue.find(({ meta }) => meta.id === id);
      expect(check, id).toBeDefined();
      if (check === undefined) return;
      expect(Object.keys(check.meta.messages)).toContain(message);
      const path = `${root}${check.family}/${check.slug}/fail/${fixture}.yaml`;
      expect(existsSync(path), path).toBe(true);
      const text = readFileSync(path, 'utf8');
      const scope = text.startsWith('# scope: partial\n') ? 'partial' : 'complete';
      const { findings } = await audit({
        sources: [{ path: `${fixture}.yaml`, text }],
        scope,
        checks: [check],
      });
      expect(findings.map(({ messageKey }) => messageKey)).toContain(message);
    },
  );
});
