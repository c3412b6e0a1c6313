import { expect, it } from 'vitest';
import { describeAlone } from '../../../../src/main/workbench/report/reportTests.ts';

it('names the seeds that one of two configurations has', () => {
  expect(describeAlone([6])).toBe('seed 6 has one run of the two and is left out.');
  expect(describeAlone([4, 6])).toBe('seeds 4, 6 have one run of the two and are left out.');
});
