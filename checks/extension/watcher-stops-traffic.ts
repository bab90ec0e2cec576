import { addedFilters, allOf, defineCheck, describe, fail, judgeAtProxies, pass, resources } from '#check';
import type { ProxyFilter } from '#check';

/** What stops requests at a filter that is to let them pass. */
function stops({ settings }: ProxyFilter): 'observer' | 'too-large' | undefined {
  if (settings.kind === 'ext_proc')
    return settings.observabilityMode && !settings.failOpen ? 'observer' : undefined;
  if (settings.kind !== 'ext_authz' || !settings.failOpen) return undefined;
  const { body } = settings;
  return body !== undefined && body.maxRequestBytes > 0 && !body.allowPartialMessage
    ? 'too-large'
    : undefined;
}

export default defineCheck({
  meta: {
    id: 'EXT-029',
    title: 'Filter that is to let requests pass stops them',
    severity: 'low',
    confidence: 'high',
    examines: 'EnvoyFilters',
    messages: {
      observer:
        '{filter} lets {name} only watch (observability_mode), but without failure_mode_allow: when the processor is away, requests are answered with 500.',
      'too-large':
        '{filter} lets {name} fail open and send bodies of {bytes} bytes at most, without allow_partial_message: longer ones are answered with 413 all the same.',
    },
    remediation:
      'Set failure_mode_allow beside observability_mode, or allow_partial_message in with_request_body, in {filter}.',
    controls: ['nist-800-53-r5/SC-5', 'nist-800-53-r5/CM-6'],
  },
  subjects: (context) => resources(context, 'networking.istio.io', 'EnvoyFilter'),
  judge: (envoyFilter, context) =>
    judgeAtProxies(envoyFilter, context, (patched) =>
      allOf(
        addedFilters(envoyFilter, patched).map(({ found }) => {
          const message = stops(found);
          if (message === undefined || found.addedBy === undefined) return pass;
          const { settings, name, addedBy } = found;
          const bytes = settings.kind === 'ext_authz' ? (settings.body?.maxRequestBytes ?? 0) : 0;
          return fail({
            message,
            at: { resource: envoyFilter, path: [...addedBy.path.slice(0, 3), 'patch', 'value'] },
            data: { filter: describe(context.mesh, envoyFilter), name, bytes },
          });
        }),
      ),
    ),
});
