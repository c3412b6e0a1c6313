import { expect, test } from 'vitest';
import { sortByNearness } from '../../../scripts/mutate/nearestFirst.ts';

test('tests come by how near they are to a source: its own, its folder’s, and the rest as they were', () => {
  const tests = [
    'test/renderer/figures/draft.test.ts',
    'test/core/random.test.ts',
    'test/main/store/runs/runs.test.ts',
    'test/main/learning/optimizer/schedule.test.ts',
    'test/main/learning/step.test.ts',
    'test/main/serve.test.ts',
    'test/migrations/step.test.ts',
  ];
  const sorted = sortByNearness(tests, 'src/main/learning/step.ts', (path) => path);
  expect(sorted).toEqual([
    'test/main/learning/step.test.ts',
    'test/migrations/step.test.ts',
    'test/main/learning/optimizer/schedule.test.ts',
    'test/main/store/runs/runs.test.ts',
    'test/main/serve.test.ts',
    'test/renderer/figures/draft.test.ts',
    'test/core/random.test.ts',
  ]);
});
