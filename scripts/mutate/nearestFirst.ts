import { basename, relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** So many files of tests try a mutant. */
const mostFiles = 16;

/** How many folders two paths share, from the first below `src/` and `test/` on. */
function countShared(test: string, source: string): number {
  const [a, b] = [test, source].map((path) => path.split('/').slice(1));
  let shared = 0;
  while (a?.[shared] !== undefined && a[shared]?.replace('.test', '') === b?.[shared]) shared += 1;
  return shared;
}

/** Counts a test that is called as the source as nearest, wherever it is. */
const nearnessOf = (test: string, source: string): number =>
  basename(test).replace('.test', '') === basename(source) ? Infinity : countShared(test, source);

/** How near tests are to a source: those of its name first, then those of its folder, and so on. */
export const sortByNearness = <T>(
  items: readonly T[],
  source: string,
  pathOf: (item: T) => string,
): T[] => {
  const nearness = new Map(items.map((item) => [item, nearnessOf(pathOf(item), source)]));
  return items.toSorted((a, b) => {
    const [first, second] = [nearness.get(a) ?? 0, nearness.get(b) ?? 0];
    return first === second ? 0 : second - first;
  });
};

/**
 * Runs the tests nearest to a mutant first, as they notice most, and the first that does ends its trial.
 * One that none of them notices would be tried by all that run its code, which takes minutes for each: so
 * the nearest files count as all, and the score is rather too low than too high.
 */
export class NearestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { config } = this.ctx;
    const provided = this.ctx.getRootProject().getProvidedContext() as Record<string, unknown>;
    const [source, ...others] = config.related ?? [];
    if (source === undefined || others.length > 0 || provided['mode'] !== 'mutant') {
      return super.sort(files);
    }
    const sorted = sortByNearness(files, relative(config.root, source), ({ moduleId }) =>
      relative(config.root, moduleId),
    );
    return Promise.resolve(sorted.slice(0, mostFiles));
  }
}
