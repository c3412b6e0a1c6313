import type { Reporter, TestModule, Vitest } from 'vitest/node';

/**
 * Ends a trial with the first file that fails. Vitest's own `bail` counts tests that fail, and no hooks: a
 * mutant that lets all hooks wait for ever would have each file's time.
 */
export class FirstFailure implements Reporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestModuleEnd(module: TestModule): void {
    if (module.state() === 'failed') void this.#vitest?.cancelCurrentRun('test-failure');
  }
}
