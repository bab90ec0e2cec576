import { defineCheck, fail, notApplicable, pass, theMesh, unknown } from '#check';
import type { Failure, Mesh } from '#check';

type Settings = Mesh['settings'];

const accepts = ({ trustDomain, trustDomainAliases }: Settings, other: Settings): boolean =>
  trustDomain === other.trustDomain || trustDomainAliases.includes(other.trustDomain);

function failuresOf(one: Settings, other: Settings): readonly Failure<'refused'>[] {
  const at = one.fieldOf(['trustDomain']) ?? one.sources[0];
  if (accepts(one, other) || at === undefined) return [];
  const data = {
    revision: one.defaultRevision,
    domain: one.trustDomain,
    other: other.defaultRevision,
    foreign: other.trustDomain,
  };
  return [{ message: 'refused', at, data }];
}

export default defineCheck({
  meta: {
    id: 'ID-005',
    title: 'Revisions of the control plane do not trust each other',
    severity: 'medium',
    confidence: 'high',
    examines: 'meshes with several revisions',
    messages: {
      refused:
        'Revision {revision} has trust domain {domain} and does not know {foreign}, that of revision {other}: its proxies refuse those, and policies do not recognise them.',
    },
    remediation: 'Add {foreign} to trustDomainAliases in the mesh config of revision {revision}.',
    controls: ['nist-800-53-r5/IA-4', 'nist-800-53-r5/IA-9', 'nist-800-53-r5/CM-6'],
  },
  subjects: theMesh,
  judge: ({ settings, revisions }) => {
    const all = [settings, ...revisions.values()];
    if (all.length < 2) return notApplicable('mesh has one revision');
    if (all.some(({ known }) => !known))
      return unknown([{ key: 'mesh-config', text: 'mesh config of every revision' }]);
    const failures = all.flatMap((one) =>
      all.flatMap((other) => (one === other ? [] : failuresOf(one, other))),
    );
    return failures.length > 0 ? fail(...failures) : pass;
  },
});
