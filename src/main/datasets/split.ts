import { AfterimageError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import type { RunConfig } from '../../core/config/runConfig.ts';
import type { Split } from '../../shared/trainerEvents.ts';

export type SplitConfig = Pick<
  RunConfig['data'],
  'trainExamples' | 'testExamples' | 'testFraction' | 'validationFraction' | 'splitSeed'
>;

/**
 * Shares `total` among classes in proportion to `counts`, by the method of largest remainders
 * (equal remainders: the lower class first). Each share is within one of its exact quota, and they
 * add up to `total`, which must not exceed the sum of `counts`.
 */
export function allocate(counts: readonly number[], total: number): number[] {
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return counts.map(() => 0);
  const shares = counts.map((count) => Math.floor((count * total) / all));
  const left = total - shares.reduce((sum, share) => sum + share, 0);
  const byRemainder = counts
    .map((count, label) => ({ label, remainder: (count * total) % all }))
    .sort((a, b) => b.remainder - a.remainder || a.label - b.label);
  for (const { label } of byRemainder.slice(0, left)) shares[label] = (shares[label] ?? 0) + 1;
  return shares;
}

/**
 * Draws `total` of `indices` at random, each class in proportion to its share; ascending.
 * `labels` are those of the whole split that `indices` point into.
 */
export function drawStratified(
  indices: Uint32Array,
  labels: Uint8Array,
  total: number,
  random: Random,
): Uint32Array {
  const classes: (number[] | undefined)[] = [];
  for (const index of indices) (classes[labels[index] ?? 0] ??= []).push(index);
  const members = Array.from(classes, (list) => list ?? []);
  const shares = allocate(
    members.map(({ length }) => length),
    total,
  );
  const drawn = members.flatMap((list, label) => random.shuffle(list).slice(0, shares[label]));
  return Uint32Array.from(drawn).sort();
}

/** One generator per purpose, so that changing one subset's size leaves the other draws alone. */
function buildGenerators(splitSeed: number): { test: Random; train: Random; validation: Random } {
  const seeds = Random.fromSeed(splitSeed);
  const next = (): Random => Random.fromSeed(Math.floor(seeds.uniform(0, 2 ** 32)));
  return { test: next(), train: next(), validation: next() };
}

const invalid = (message: string, remedy: string): AfterimageError =>
  new AfterimageError('INVALID_ARGUMENT', message, remedy);

function checkAvailable(
  key: 'trainExamples' | 'testExamples',
  wanted: number,
  maximum: number,
): void {
  if (wanted <= maximum) return;
  throw invalid(
    `${key} is ${wanted}, but there are only ${maximum} images to choose from.`,
    `Set ${key} to at most ${maximum}, or leave it empty to take all.`,
  );
}

function computeTest(labels: Uint8Array, config: SplitConfig, random: Random): Uint32Array {
  const { testFraction, testExamples } = config;
  const share = Math.round(labels.length * testFraction);
  if (share === 0) {
    throw invalid(
      `testFraction ${testFraction} of ${labels.length} test images leaves none.`,
      'Set a larger testFraction.',
    );
  }
  if (testExamples !== null) checkAvailable('testExamples', testExamples, share);
  const fraction = drawStratified(Uint32Array.from(labels.keys()), labels, share, random);
  return testExamples === null ? fraction : drawStratified(fraction, labels, testExamples, random);
}

function computeTraining(
  labels: Uint8Array,
  config: SplitConfig,
  generators: { train: Random; validation: Random },
): { train: Uint32Array; validation: Uint32Array } {
  const { trainExamples, validationFraction } = config;
  checkAvailable('trainExamples', trainExamples ?? 0, labels.length);
  const used = drawStratified(
    Uint32Array.from(labels.keys()),
    labels,
    trainExamples ?? labels.length,
    generators.train,
  );
  const validationCount = Math.round(used.length * validationFraction);
  if (validationCount === 0 || validationCount === used.length) {
    const emptyPart = validationCount === 0 ? 'validation' : 'training';
    throw invalid(
      `validationFraction ${validationFraction} of ${used.length} training examples leaves no ${emptyPart} image.`,
      `Set a ${validationCount === 0 ? 'larger' : 'smaller'} validationFraction, or more trainExamples.`,
    );
  }
  const validation = drawStratified(used, labels, validationCount, generators.validation);
  const setAside = new Set(validation);
  return { train: used.filter((index) => !setAside.has(index)), validation };
}

/**
 * Chooses the images of a run from the labels of the whole training and test splits: `testFraction`
 * then `testExamples` of the test split, `trainExamples` of the training split, of which
 * `validationFraction` is set aside. Every draw is stratified, its total exact (rounded to the
 * nearest), and determined by `splitSeed`. INVALID_ARGUMENT if a part would be empty or too large.
 */
export function computeSplit(
  trainLabels: Uint8Array,
  testLabels: Uint8Array,
  config: SplitConfig,
): Split {
  const generators = buildGenerators(config.splitSeed);
  const test = computeTest(testLabels, config, generators.test);
  return { ...computeTraining(trainLabels, config, generators), test };
}
