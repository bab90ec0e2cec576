/** A config that cannot be used; exit code 2. The message names file, line and column. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  /** What to do about it, in one sentence. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
