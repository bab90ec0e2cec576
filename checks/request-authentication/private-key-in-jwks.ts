import { defineCheck, describe, fail, notApplicable, pass, privateJwks, resources } from '#check';

export default defineCheck({
  meta: {
    id: 'JWT-005',
    title: 'Key set holds a key that signs tokens',
    severity: 'critical',
    confidence: 'high',
    examines: 'RequestAuthentications with keys of their own',
    messages: {
      private:
        'Field jwks of {policy} holds a private key: whoever can read the object or its repository can make tokens that are taken for genuine.',
      symmetric:
        'Field jwks of {policy} holds a symmetric key, which both checks and signs: whoever can read the object or its repository can make tokens.',
    },
    remediation:
      'Replace the key pair of the issuer, put only the public keys (kty, n and e, or crv, x and y) into jwks of {policy}, or give a jwksUri.',
    controls: ['nist-800-204/MS-SS-1', 'nist-800-53-r5/SC-13', 'nist-800-53-r5/SC-23', 'pci-dss-4.0.1/8.3.2'],
  },
  subjects: (context) => resources(context, 'security.istio.io', 'RequestAuthentication'),
  judge: (policy, { mesh }) => {
    const sets = privateJwks(policy);
    if (sets.length === 0) return notApplicable('policy has no keys of its own');
    const secret = sets.filter(({ kind }) => kind !== 'public');
    if (secret.length === 0) return pass;
    return fail(
      ...secret.map(({ at, kind }) => ({
        message: kind === 'private' ? ('private' as const) : ('symmetric' as const),
        at,
        data: { policy: describe(mesh, policy) },
      })),
    );
  },
});
