import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

const definition = readFileSync(new URL('server/go.mod', import.meta.url), 'utf8');

/** Version of Kubernetes that is built: `v1.36.1`. */
export const [, version] = /^\tk8s\.io\/kubernetes (v\S+)$/m.exec(definition);

const cache = process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache');

/**
 * The API server and its store in one file: where `MESHAUDIT_KUBE` says, else in the user's cache, where it outlives an
 * installation of packages.
 */
export const binary = process.env.MESHAUDIT_KUBE ?? path.join(cache, 'meshaudit', `kube-server-${version}`);
