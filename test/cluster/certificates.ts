import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Path of a certificate or key of the tests (test/cluster/certs/make.sh made them). */
export function certificatePath(name: string): string {
  return fileURLToPath(new URL(`certs/${name}`, import.meta.url));
}

/** Its text. */
export function certificate(name: string): string {
  return readFileSync(certificatePath(name), 'utf8');
}

/** What signs the test servers' certificates. */
export const authority = certificate('authority.crt');
