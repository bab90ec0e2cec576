import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogue } from '#checks';

interface Rule {
  readonly id: string;
  readonly title: string;
  /** Checks that find it without naming it among their aliases. */
  readonly checks?: readonly string[];
  /** Why there is no check. */
  readonly reason?: string;
  readonly note?: string;
}

interface Peers {
  readonly peers: readonly { readonly id: string; readonly url: string; readonly rules: readonly Rule[] }[];
}

const { peers } = JSON.parse(readFileSync(new URL('../checks/peers.json', import.meta.url), 'utf8')) as Peers;
const rules = peers.flatMap((peer) => peer.rules);

/** Bulletins of Istio are no rules of another tool. */
const isBulletin = (alias: string): boolean => alias.startsWith('ISTIO-SECURITY-');

const aliases = catalogue.flatMap(({ meta }) => meta.aliases ?? []);

describe('the rules of other tools', () => {
  it('are each named once, in a few words', () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    expect(rules.filter(({ title }) => title === '' || title.endsWith('.'))).toEqual([]);
    for (const { url } of peers) expect(new URL(url).protocol).toBe('https:');
  });

  it('each have a check, or a reason why there is none, and not both', () => {
    const covered = (rule: Rule): boolean => (rule.checks ?? []).length > 0 || aliases.includes(rule.id);
    expect(rules.filter((rule) => !covered(rule) && rule.reason === undefined).map(({ id }) => id)).toEqual(
      [],
    );
    expect(rules.filter((rule) => covered(rule) && rule.reason !== undefined).map(({ id }) => id)).toEqual(
      [],
    );
  });

  it('are found by checks that exist', () => {
    const ids = new Set(catalogue.map(({ meta }) => meta.id));
    expect(rules.flatMap(({ checks = [] }) => checks).filter((id) => !ids.has(id))).toEqual([]);
  });

  it('say why there is no check by one of a few reasons', () => {
    const reason =
      /^(?:not security: |cannot be true from manifests: |not a fault: |not about the mesh: |a list that )\S/;
    expect(rules.filter((rule) => rule.reason !== undefined && !reason.test(rule.reason))).toEqual([]);
  });

  it('have a row for every alias of a check', () => {
    const known = new Set(rules.map(({ id }) => id));
    expect([...new Set(aliases)].filter((alias) => !known.has(alias) && !isBulletin(alias))).toEqual([]);
  });
});
