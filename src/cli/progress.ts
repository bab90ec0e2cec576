import type { Output } from './cli-io.js';

/** Shows how far a long run has come, on one line that it takes away again. */
export interface Progress {
  readonly update: (text: string) => void;
  readonly clear: () => void;
}

const quietFor = 500;
const pause = 100;

/** Progress on a terminal, for work of more than half a second; silent on anything else. */
export function createProgress(stream: Output, enabled: boolean): Progress {
  if (!enabled || stream.isTTY !== true) return { update: () => undefined, clear: () => undefined };
  const start = performance.now();
  let last = 0;
  let shown = false;
  return {
    update: (text) => {
      const now = performance.now();
      if (now - start < quietFor || now - last < pause) return;
      last = now;
      shown = true;
      stream.write(`\r\u001b[K${text.slice(0, (stream.columns ?? 80) - 1)}`);
    },
    clear: () => {
      if (shown) stream.write('\r\u001b[K');
      shown = false;
    },
  };
}
