import { defineConfig } from 'vitest/config';

/** The whole workbench, in Chromium on `serve` or, with AFTERIMAGE_HOST=electron, in its window. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    maxConcurrency: 4,
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
});
