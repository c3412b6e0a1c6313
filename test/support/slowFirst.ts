import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The slow ones, and those that take about a minute where their needs are met. */
const slow =
  /(\.slow|\/e2e\/(accessibility|liveness)|\/(nativeEngine|wasmEngine|testStep))\.test\.ts$/;

const isSlow = ({ moduleId }: TestSpecification): boolean => slow.test(moduleId);

/**
 * Starts the slow files first: the last one to start is what all other workers wait for. How long each
 * took is known only where tests have run before.
 */
export class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(isSlow), ...sorted.filter((file) => !isSlow(file))];
  }
}
