import { mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';
import { NearestFirst } from './nearestFirst.ts';

/** Run the program in processes of their own, in which it is as it always was; the slow tests among them. */
const elsewhere = ['test/main/cli/**'];

/** As the tests always run, and patient: instrumented code is slow. */
export default mergeConfig(base, {
  test: {
    exclude: elsewhere,
    sequence: { sequencer: NearestFirst },
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
