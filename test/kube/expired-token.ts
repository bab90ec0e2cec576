import { createSign } from 'node:crypto';
import type { StartedServer } from '../../scripts/kube/server.mjs';

/** A token of an account, signed with the key of the API server, that has expired long ago. */
export function expiredToken(server: StartedServer): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: 'https://kubernetes.default.svc',
    aud: ['https://kubernetes.default.svc'],
    iat: 1_600_000_000,
    exp: 1_600_003_600,
    sub: 'system:serviceaccount:default:reader-0',
    'kubernetes.io': { namespace: 'default', serviceaccount: { name: 'reader-0', uid: '1' } },
  };
  const text = `${part({ alg: 'ES256', typ: 'JWT' })}.${part(claims)}`;
  const signature = createSign('sha256')
    .update(text)
    .sign({ key: server.accountKey, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}
