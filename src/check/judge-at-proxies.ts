import type { Resource } from '#documents/document.js';
import { patchedProxies } from '#policy/extension/patched-proxies.js';
import type { PatchedProxies } from '#policy/extension/patched-proxies.js';
import type { CheckContext } from './subject.js';
import type { Verdict } from './verdict.js';
import { unknown } from './verdict.js';

/**
 * Judges an extension object by what it meets at the proxies that it selects. Where the input shows none of them, and
 * there may be some, what would pass is unknown: nothing was looked at.
 */
export function judgeAtProxies<Key extends string>(
  object: Resource,
  { policies }: CheckContext,
  judge: (patched: PatchedProxies) => Verdict<Key>,
): Verdict<Key> {
  const patched = patchedProxies(policies, object);
  const verdict = judge(patched);
  const isUnseen = patched.proxies.length === 0 && patched.missing.length > 0;
  return verdict.outcome === 'pass' && isUnseen ? unknown(patched.missing) : verdict;
}
