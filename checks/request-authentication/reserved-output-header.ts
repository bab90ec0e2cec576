import { defineCheck, describe, fail, listAt, notApplicable, pass, resources, stringAt } from '#check';
import type { FieldPath, JsonValue } from '#check';

/** Headers that routing, proxies and servers act upon. */
const reserved =
  /^(?:host|authorization|cookie|origin|connection|content-(?:length|type|encoding)|transfer-encoding|forwarded|x-forwarded-.*|x-envoy-.*|x-real-ip|x-original-.*|:.*)$/i;

interface Output {
  readonly header: string;
  readonly path: FieldPath;
}

function outputs(rule: JsonValue, index: number): readonly Output[] {
  const path = ['spec', 'jwtRules', index];
  const payload = stringAt(rule, 'outputPayloadToHeader');
  const claims = listAt(rule, 'outputClaimToHeaders').flatMap((entry, i) => {
    const header = stringAt(entry, 'header');
    return header === undefined ? [] : [{ header, path: [...path, 'outputClaimToHeaders', i, 'header'] }];
  });
  return payload === undefined
    ? claims
    : [{ header: payload, path: [...path, 'outputPayloadToHeader'] }, ...claims];
}

export default defineCheck({
  meta: {
    id: 'JWT-011',
    title: 'Claims are written into a header that servers act upon',
    severity: 'medium',
    confidence: 'high',
    examines: 'RequestAuthentications that copy claims into headers',
    messages: {
      reserved:
        '{policy} writes the content of tokens into header {header}, which proxies and servers act upon: the user of the token decides what it says.',
    },
    remediation: 'Use a header of your own in {policy} in place of {header}, such as x-jwt-claim-sub.',
    controls: ['nist-800-53-r5/SI-10', 'nist-800-204/MS-SS-10', 'nist-800-53-r5/SC-23'],
    aliases: ['AsmRequestAuthnProhibitedOutputHeaders'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'RequestAuthentication'),
  judge: (policy, { mesh }) => {
    const written = listAt(policy.object, 'spec', 'jwtRules').flatMap(outputs);
    if (written.length === 0) return notApplicable('policy copies no claims into headers');
    const bad = written.filter(({ header }) => reserved.test(header));
    if (bad.length === 0) return pass;
    return fail(
      ...bad.map(({ header, path }) => ({
        message: 'reserved' as const,
        at: { resource: policy, path },
        data: { policy: describe(mesh, policy), header },
      })),
    );
  },
});
