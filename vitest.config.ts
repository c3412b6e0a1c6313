import { tmpdir } from 'node:os';
import { join } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

// Workers and the processes that tests start load what an earlier one has compiled.
process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'afterimage-test-cache');

/** These change nothing but what they make: a worker goes on with the modules of the file before. */
const withoutState = ['test/core/**/*.test.ts', 'test/renderer/**/*.test.ts'];

export default defineConfig({
  plugins: [vue()],
  test: {
    pool: 'forks',
    testTimeout: 60_000,
    // By default one core stays idle.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'isolated',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', ...withoutState],
        },
      },
      { extends: true, test: { name: 'shared', include: withoutState, isolate: false } },
    ],
  },
});
