import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Tests read the sources, not the build: `#layer/file.js` is `src/layer/file.ts` here. */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^#check$/, replacement: `${root}src/check/index.ts` },
      { find: /^#checks$/, replacement: `${root}checks/index.ts` },
      { find: /^#(.+)\.js$/, replacement: `${root}src/$1.ts` },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // CommonJS packages as Node itself imports them: the generated validators rely on it.
    deps: { interopDefault: false },
    // CI reads the counts from here; people read the terminal.
    ...(process.env['MESHAUDIT_TEST_RESULTS'] === undefined
      ? {}
      : { reporters: ['default', 'json'], outputFile: { json: process.env['MESHAUDIT_TEST_RESULTS'] } }),
  },
});
