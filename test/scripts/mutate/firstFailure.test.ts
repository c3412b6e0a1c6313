import { expect, test, vi } from 'vitest';
import type { TestModule, Vitest } from 'vitest/node';
import { FirstFailure } from '../../../scripts/mutate/firstFailure.ts';

test('the first file that fails ends the trial, and none that passes or is skipped', () => {
  const cancelCurrentRun = vi.fn(() => Promise.resolve());
  const reporter = new FirstFailure();
  reporter.onInit({ cancelCurrentRun } as unknown as Vitest);
  const end = (state: string): void => {
    reporter.onTestModuleEnd({ state: () => state } as unknown as TestModule);
  };
  end('passed');
  end('skipped');
  expect(cancelCurrentRun).not.toHaveBeenCalled();
  end('failed');
  expect(cancelCurrentRun).toHaveBeenCalledExactlyOnceWith('test-failure');
});
