import { describe, expect, it } from 'vitest';
import { expandPrincipals, expandTrustDomains } from '#policy/rule/trust-domains.js';

const domains = ['td1', 'td2', 'old-td'];

// pilot/pkg/security/trustdomain/bundle.go, ReplaceTrustDomainAliases
describe('principals', () => {
  const everywhere = domains.map((domain) => `${domain}/ns/foo/sa/a`);
  it.each([
    ['of the mesh', 'td1/ns/foo/sa/a', everywhere],
    ['of an alias', 'td2/ns/foo/sa/a', everywhere],
    ['of cluster.local, which stands for the mesh', 'cluster.local/ns/foo/sa/a', everywhere],
    ['of another trust domain', 'other/ns/foo/sa/a', ['other/ns/foo/sa/a']],
    ['of any trust domain', '*/ns/foo/sa/a', ['*/ns/foo/sa/a']],
    ['with a prefix for a trust domain', 'td*/ns/foo/sa/a', everywhere],
    [
      'with a suffix that some domains have',
      '*-td/ns/foo/sa/a',
      ['td1/ns/foo/sa/a', 'td2/ns/foo/sa/a', '*-td/ns/foo/sa/a'],
    ],
    ['that are a prefix', 'td1/ns/foo/*', ['td1/ns/foo/*']],
    ['that are a suffix', '*/sa/a', ['*/sa/a']],
    ['of no form', 'a', ['a']],
  ])('%s', (_, principal, expected) => {
    expect([...expandPrincipals([principal], domains)].sort()).toEqual([...expected].sort());
  });
});

// bundle.go, ExpandTrustDomainAliases
describe('trust domains', () => {
  it.each([
    [['td2'], domains],
    [['other'], ['other']],
    [['td*'], ['td*']],
    [['cluster.local'], ['cluster.local']],
    [
      ['other', 'td1'],
      ['other', ...domains],
    ],
  ])('%s', (values, expected) => {
    expect(expandTrustDomains(values, domains)).toEqual(expected);
  });
});
