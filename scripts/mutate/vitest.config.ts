import { mergeConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

/** As the tests always run, without the slow ones, and patient: instrumented code is slow. */
export default mergeConfig(base, {
  test: {
    exclude: process.env['AFTERIMAGE_SLOW'] === '1' ? [] : ['**/*.slow.test.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
