/** Why a cluster cannot be read: its kubeconfig, its credentials or the API server itself. Holds no secret. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError';
  /** What to do about it, in one sentence. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
