import { InterruptedError } from './interrupted-error.js';

/**
 * Runs something that Ctrl-C ends: its signal fires, and what it throws then is told as an interrupt.
 *
 * @throws InterruptedError when it was interrupted before it ended.
 */
export async function interruptible<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new AbortController();
  const stop = (): void => {
    interrupt.abort(new InterruptedError());
  };
  process.once('SIGINT', stop);
  try {
    return await run(interrupt.signal);
  } catch (error) {
    if (interrupt.signal.aborted) throw new InterruptedError();
    throw error;
  } finally {
    process.off('SIGINT', stop);
  }
}
