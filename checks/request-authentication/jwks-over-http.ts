import { defineCheck, describe, fail, listAt, notApplicable, pass, resources, stringAt } from '#check';
import type { FieldRef, JsonValue, Mesh, Resource } from '#check';

/** The field of a jwtRule from which its keys are fetched: jwksUri, or the issuer when OpenID discovery is used. */
function source(policy: Resource, rule: JsonValue, index: number): { url: string; at: FieldRef } | undefined {
  if (stringAt(rule, 'jwks') !== undefined) return undefined;
  const field = ['jwksUri', 'jwks_uri', 'issuer'].find((name) => stringAt(rule, name) !== undefined);
  if (field === undefined) return undefined;
  return {
    url: stringAt(rule, field) ?? '',
    at: { resource: policy, path: ['spec', 'jwtRules', index, field] },
  };
}

/** True for a Service by its name in the cluster: harder to get in between, though istiod has no sidecar to protect it. */
function isService(url: string, { namespaces }: Mesh): boolean {
  const host = /^http:\/\/([^/:]+)/i.exec(url)?.[1] ?? '';
  const [, namespace, ...rest] = host.split('.');
  if (namespace === undefined || rest[0] === 'svc') return true;
  return rest.length === 0 && namespaces.has(namespace);
}

export default defineCheck({
  meta: {
    id: 'JWT-002',
    title: 'Token keys fetched without TLS',
    severity: 'high',
    confidence: 'high',
    examines: 'RequestAuthentications with jwtRules',
    messages: {
      plaintext:
        '{policy} gets its keys from {url}: whoever is on the way can put in their own keys and forge tokens.',
    },
    remediation: 'Give an https:// address in {policy} instead of {url}, or the keys themselves in jwks.',
    controls: ['nist-800-53-r5/SC-8', 'nist-800-53-r5/SC-23', 'nist-800-204/MS-SS-1', 'pci-dss-4.0.1/8.3.2'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'RequestAuthentication'),
  judge: (policy, { mesh }) => {
    const rules = listAt(policy.object, 'spec', 'jwtRules');
    if (rules.length === 0) return notApplicable('policy has no jwtRules');
    const plain = rules
      .flatMap((rule, index) => source(policy, rule, index) ?? [])
      .filter(({ url }) => /^http:/i.test(url));
    if (plain.length === 0) return pass;
    const data = { policy: describe(mesh, policy) };
    return fail(
      ...plain.map(({ url, at }) => ({
        message: 'plaintext' as const,
        at,
        data: { ...data, url },
        ...(isService(url, mesh) ? { severity: 'medium' as const } : {}),
      })),
    );
  },
});
