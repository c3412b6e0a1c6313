import { defineConfig } from 'vitest/config';
import { SlowFirst } from './test/support/slowFirst.ts';

/** They measure how soon a page answers, or build what others load: nothing runs beside them. */
const alone = ['figures', 'firstUser', 'builtShell'].map((name) => `test/e2e/${name}.test.ts`);

/** A window of Electron wants to be the one in front. */
const isElectron = process.env['AFTERIMAGE_HOST'] === 'electron';

/** The whole workbench, in Chromium on `serve` or, with AFTERIMAGE_HOST=electron, in its window. */
export default defineConfig({
  test: {
    pool: 'forks',
    maxConcurrency: 4,
    testTimeout: 240_000,
    hookTimeout: 120_000,
    // A page shows what it was told when it comes to it.
    expect: { poll: { timeout: 15_000 } },
    sequence: { sequencer: SlowFirst },
    // Files in parallel would each build the pages.
    globalSetup: 'test/support/buildPages.ts',
    projects: [
      {
        extends: true,
        test: {
          name: 'side by side',
          include: ['test/e2e/**/*.test.ts'],
          exclude: alone,
          // A page waits for its user, and for training, most of the time.
          maxWorkers: isElectron ? 1 : 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: alone, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
