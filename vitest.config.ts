import { tmpdir } from 'node:os';
import { join } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';
import { SlowFirst } from './test/support/slowFirst.ts';

// Workers and the processes that tests start load what an earlier one has compiled.
process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'afterimage-test-cache');

export const everyTest = 'test/**/*.test.ts';

/** How tests run wherever they do. */
export const common = defineConfig({
  plugins: [vue()],
  test: {
    pool: 'forks',
    testTimeout: 60_000,
    // By default one core stays idle.
    maxWorkers: '100%',
    sequence: { sequencer: SlowFirst },
  },
});

/**
 * These change nothing but what they make: a worker goes on with the modules of the file before. Not those
 * named `.mocked`, which put something in a module's place.
 */
const withoutState = [
  ...['core', 'renderer', 'migrations'],
  ...['datasets', 'export', 'store'].map((room) => `main/${room}`),
  ...['cam', 'dataset', 'model', 'objective', 'optimizer'].map((room) => `main/learning/${room}`),
].map((room) => `test/${room}/**/!(*.mocked).test.ts`);

const slow = '**/*.slow.test.ts';

/** It trains what the README shows, for a minute on all cores: CI's, and whoever changes that table. */
const demo = 'test/main/cli/demo.slow.test.ts';

/** It starts a Slurm, as root, and trains on it for two minutes: CI's, and whoever changes what tasks do. */
const slurm = 'test/main/cluster/slurm.slow.test.ts';

export default defineConfig({
  ...common,
  test: {
    ...common.test,
    projects: [
      { extends: true, test: { name: 'demo', include: [demo] } },
      { extends: true, test: { name: 'slurm', include: [slurm] } },
      { extends: true, test: { name: 'slow', include: [`test/${slow}`], exclude: [demo, slurm] } },
      {
        extends: true,
        test: {
          name: 'isolated',
          include: [everyTest],
          exclude: ['test/e2e/**', slow, ...withoutState],
        },
      },
      { extends: true, test: { name: 'shared', include: withoutState, isolate: false } },
    ],
  },
});
