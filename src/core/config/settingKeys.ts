import { nearest, computeEditDistance } from '../editDistance.ts';
import { AfterimageError } from '../errors.ts';
import { allSettings, type Setting } from './settings.ts';
import { describeRange } from './settingWords.ts';

/** What version 1 of the configuration called its settings; people and scripts know these names. */
const firstNames: Readonly<Record<string, readonly string[]>> = {
  dataset: ['data.dataset'],
  trainExamples: ['data.trainExamples'],
  testExamples: ['data.testExamples'],
  testFraction: ['data.testFraction'],
  validationFraction: ['data.validationFraction'],
  splitSeed: ['data.splitSeed'],
  dropout: ['model.dropout'],
  paradigm: ['objective'],
  camWeight: ['objective.contrastive.weight'],
  distanceReduction: ['objective.contrastive.distanceReduction'],
  pairing: ['objective.contrastive.pairing'],
  margin: ['objective.contrastive.margin'],
  camGradient: ['cam.gradient'],
  targetLayer: ['cam.targetLayer'],
  learningRate: ['optimizer.learningRate'],
  momentum: ['optimizer.momentum'],
  scheduleEpochs: ['schedule.epochs', 'schedule.patience'],
  scheduleFactor: ['schedule.factor'],
  batchSize: ['training.batchSize'],
  epochs: ['training.epochs'],
  patience: ['training.patience'],
  lowConfidenceThreshold: ['evaluation.lowConfidenceThreshold'],
};

/** Names of version 1, which figures may have been saved with. */
export const formerKeys: readonly string[] = Object.keys(firstNames);

/** What the values of a name of version 1 are now. */
const formerValues: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  paradigm: { C: 'none', R: 'contrastive' },
};

/** A value as typed for a key, in the words of the setting that the key means now. */
export const translateValue = (key: string, text: string): string =>
  formerValues[key]?.[text] ?? text;

/**
 * How a setting is called where room is little: as version 1 did where that is the end of its path,
 * else the path, without `objective.` before a term's.
 */
export function shortKey(path: string): string {
  const last = path.slice(path.lastIndexOf('.') + 1);
  return firstNames[last]?.includes(path) === true ? last : path.replace(/^objective\./, '');
}

const pathsOf = (settings: readonly Setting[]): string[] => [
  ...new Set(settings.map(({ path }) => path)),
];

/** Paths that a key may mean: one, or for a name of version 1 one of several that a run can have. */
export function findPaths(key: string, settings = allSettings): readonly string[] {
  const paths = pathsOf(settings);
  if (paths.includes(key)) return [key];
  const former = Object.hasOwn(firstNames, key) ? firstNames[key] : undefined;
  return former ?? paths.filter((path) => path.endsWith(`.${key}`));
}

const allKeys = (settings: readonly Setting[]): string[] => [
  ...pathsOf(settings),
  ...pathsOf(settings).map(shortKey),
  ...Object.keys(firstNames),
];

/** Beyond this share of a word, what is nearest to it is no guess at what was meant. */
const farthest = 0.4;

/**
 * The paths that a key stands for: a path, the end of one, or a name of version 1.
 *
 * @throws AfterimageError INVALID_ARGUMENT that names the nearest key, or all that an end may mean
 */
export function resolveKey(key: string, settings = allSettings): readonly string[] {
  const found = findPaths(key, settings);
  if (found.length === 1 || Object.hasOwn(firstNames, key)) return found;
  if (found.length > 1) {
    throw new AfterimageError(
      'INVALID_ARGUMENT',
      `${key} may mean ${found.join(' or ')}.`,
      'Write one of them.',
    );
  }
  const guess = nearest(key, allKeys(settings)) ?? '';
  const distance = computeEditDistance(key.toLowerCase(), guess.toLowerCase());
  throw new AfterimageError(
    'INVALID_ARGUMENT',
    `There is no setting ${key}.`,
    distance <= farthest * key.length
      ? `The nearest is ${guess}${describeNearest(guess, settings)}.`
      : '“train --settings” lists them all.',
  );
}

function describeNearest(guess: string, settings: readonly Setting[]): string {
  const [path] = findPaths(guess, settings);
  const setting = settings.find((one) => one.path === path);
  return setting === undefined ? '' : `: ${describeRange(setting)}`;
}
