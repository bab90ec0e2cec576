/** Somebody pressed Ctrl-C; exit code 130, as a shell says it. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}
