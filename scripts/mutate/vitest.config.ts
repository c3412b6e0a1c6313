import { defineConfig } from 'vitest/config';
import { common, everyTest } from '../../vitest.config.ts';
import { FirstFailure } from './firstFailure.ts';
import { NearestFirst } from './nearestFirst.ts';

/**
 * Tests that would see next to none of the mutants: they run the program in processes of their own, in which
 * it is as it always was, or ask only for words, pages and pictures of what was computed and stored.
 */
const elsewhere = [
  'test/e2e/**',
  'test/main/cli/**',
  '**/*.slow.test.ts',
  ...['core', 'renderer', 'scripts', 'main/export', 'main/shell'].map((room) => `test/${room}/**`),
];

/**
 * As the tests always run, each file in a worker of its own. What a mutant lets wait for ever is noticed
 * when a test's time is over, while nothing computes: many mutants are such, so it is no longer than always.
 */
export default defineConfig({
  ...common,
  test: {
    ...common.test,
    include: [everyTest],
    exclude: elsewhere,
    sequence: { sequencer: NearestFirst },
    reporters: [new FirstFailure()],
    hookTimeout: 60_000,
  },
});
