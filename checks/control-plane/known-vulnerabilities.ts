import {
  defineCheck,
  fail,
  knownAdvisories,
  lineOf,
  parseRelease,
  pass,
  shownControlPlanes,
  supportOf,
  unknown,
} from '#check';
import type { Severity } from '#check';

function severityOf(score: number): Severity {
  if (score >= 9) return 'critical';
  if (score >= 7) return 'high';
  return score >= 4 ? 'medium' : 'low';
}

/** Names a few of many. */
const listed = (names: readonly string[]): string =>
  names.length <= 4
    ? names.join(', ')
    : `${names.slice(0, 3).join(', ')} and ${String(names.length - 3)} more`;

export default defineCheck({
  meta: {
    id: 'CP-007',
    title: 'Release of Istio has published vulnerabilities',
    severity: 'high',
    confidence: 'medium',
    examines: 'control planes',
    messages: {
      named:
        'Revision {revision} runs Istio {version}, which published security bulletins ({count}) name as vulnerable: {bulletins}. What the gravest exposes: {exposure}.',
      shown:
        'Revision {revision} runs Istio {version}, which published security bulletins ({count}) name as vulnerable: {bulletins}. The configuration has what they expose: {patterns}.',
    },
    remediation: 'Upgrade revision {revision}, control plane and proxies, to {fixed}.',
    controls: [
      'nist-800-53-r5/SA-22',
      'iso-27001-2022/A.8.8',
      'istio-best-practices/supported-release',
      'nist-800-53-r5/CM-6',
      'cis-controls-8.1/4.2',
    ],
    aliases: ['snowcat/known-vulnerable-version', 'tetrate/cve'],
  },
  subjects: shownControlPlanes,
  judge: ({ revision, version, versionAt }, { mesh }) => {
    const release = version === undefined ? undefined : parseRelease(version);
    if (version === undefined || release === undefined)
      return unknown([{ key: 'istio-version', text: `release of Istio that revision ${revision} runs` }]);
    const { counting, undecided, fixedIn } = knownAdvisories(mesh, release);
    const [gravest] = counting;
    const support = supportOf(mesh, release);
    if (gravest === undefined) {
      const text = `whether the mesh uses what is exposed by ${listed(undecided.map(({ id }) => id))}`;
      if (undecided.length > 0) return unknown([{ key: 'advisory-exposure', text }]);
      if (support?.supported === true) return pass;
      const line = lineOf(release);
      return unknown([
        { key: 'advisories', text: `security bulletins for ${line}, which is not supported any more` },
      ]);
    }
    const shown = counting.filter((each) => each.shown).map(({ advisory }) => advisory.exposure);
    const fixed = support?.supported === true && fixedIn !== undefined ? fixedIn : 'a supported release';
    const data = {
      revision,
      version,
      fixed,
      count: counting.length,
      bulletins: listed(counting.map(({ advisory }) => advisory.id)),
    };
    const severity = severityOf(gravest.advisory.score ?? 7);
    return shown.length > 0
      ? fail({
          message: 'shown',
          at: versionAt,
          like: version,
          severity,
          data: { ...data, patterns: listed(shown) },
        })
      : fail({
          message: 'named',
          at: versionAt,
          like: version,
          severity,
          data: { ...data, exposure: gravest.advisory.exposure },
        });
  },
});
