import type { ClusterContent, ClusterOptions } from '#cluster/read-cluster.js';

/**
 * Reads a live cluster; what it yields can be given to `audit` as `sources`, or written as a snapshot. Loaded when it is called:
 * who reads files needs no HTTP.
 *
 * @throws ClusterError when the cluster cannot be read at all; the signal's reason when it fires.
 */
export async function readCluster(options: ClusterOptions): Promise<ClusterContent> {
  const live = await import('#cluster/read-cluster.js');
  return live.readCluster(options);
}
