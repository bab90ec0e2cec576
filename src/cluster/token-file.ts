import { readFile } from 'node:fs/promises';
import { ClusterError } from './cluster-error.js';
import type { Credentials } from './credentials.js';

const keptFor = 60_000;

/**
 * Credentials from a file that somebody else keeps up to date, as the kubelet does for a pod: read anew every minute and
 * whenever the API server refuses the token (cachingTokenSource in client-go's transport).
 *
 * @param fallback Used while the file cannot be read.
 */
export function tokenFileCredentials(file: string, fallback?: string): Credentials {
  let known: { readonly token: string; readonly until: number } | undefined;
  return {
    current: async () => {
      if (known === undefined || performance.now() > known.until)
        known = {
          token: await readToken(file, known?.token ?? fallback),
          until: performance.now() + keptFor,
        };
      return { authorization: `Bearer ${known.token}` };
    },
    renew: () => {
      const had = known !== undefined;
      known = undefined;
      return had;
    },
  };
}

async function readToken(file: string, fallback: string | undefined): Promise<string> {
  const token = await readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => '',
  );
  const given = token === '' ? fallback : token;
  if (given === undefined) throw new ClusterError(`the token file ${file} cannot be read or is empty`);
  return given;
}
