import {
  defineCheck,
  describe,
  fail,
  notApplicable,
  pass,
  resources,
  rivalObject,
  togetherDoubts,
  unknown,
  whenKnown,
} from '#check';
import type { CheckContext, Resource, Subject } from '#check';

/** Kinds of which the oldest object of a level counts alone; PeerAuthentication has a check of its own. */
const kinds: readonly (readonly [group: string, kind: string])[] = [
  ['networking.istio.io', 'Sidecar'],
  ['networking.istio.io', 'ProxyConfig'],
  ['telemetry.istio.io', 'Telemetry'],
];

const objects = (context: CheckContext): readonly Subject<Resource>[] =>
  kinds.flatMap(([group, kind]) => resources(context, group, kind));

export default defineCheck({
  meta: {
    id: 'REF-010',
    title: 'Two objects claim the same workloads and only the older counts',
    severity: 'medium',
    confidence: 'high',
    examines: 'Sidecars, ProxyConfigs and Telemetry objects',
    messages: {
      rivals:
        'Of several objects for the same workloads only the one that was created first counts: {object} stands beside {rival}, and what the later ones say does not happen.',
    },
    remediation: 'Merge {object} into {rival}, or give one of them a selector of its own.',
    controls: ['nist-800-53-r5/CM-6', 'cis-controls-8.1/4.1', 'iso-27001-2022/A.8.9'],
    aliases: ['IST0110', 'IST0111', 'IST0160', 'KIA0002', 'KIA0003'],
  },
  subjects: objects,
  judge: (object, { mesh, policies }) =>
    whenKnown(policies.selection(object), ({ value: { inert } }) => {
      if (inert !== undefined) return notApplicable('object is known to be outranked');
      const rival = rivalObject(mesh, object);
      if (rival === undefined) return pass;
      const doubts = togetherDoubts(mesh, object, rival);
      if (doubts.length > 0) return unknown(doubts);
      return fail({
        message: 'rivals',
        at: { resource: object, path: ['metadata', 'name'] },
        cause: `${object.kind} ${mesh.namespaceOf(object)} ${describe(mesh, rival)}`,
        data: { object: describe(mesh, object), rival: describe(mesh, rival) },
        related: [{ at: { resource: rival, path: ['metadata', 'name'] }, note: 'the other object' }],
      });
    }),
});
