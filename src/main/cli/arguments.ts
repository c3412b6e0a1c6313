import { InvalidArgumentError } from 'commander';
import type { EpochChoice } from '../../core/statistics/comparison.ts';
import {
  comparedMetricNames,
  type ComparedMetricName,
} from '../../core/metrics/comparedMetrics.ts';
import { renameCompared } from '../../core/metrics/formerNames.ts';
import { nearest } from '../../core/editDistance.ts';
import { seedSchema } from '../../core/config/runConfig.ts';
import { mostRuns } from '../../core/config/sweep.ts';

/** Parsers of option values; what they throw names the option and what it takes. */

export const wholeNumber =
  (minimum: number, maximum = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= minimum && value <= maximum) {
      return value;
    }
    const range =
      maximum === Number.MAX_SAFE_INTEGER ? `from ${minimum}` : `${minimum} to ${maximum}`;
    throw new InvalidArgumentError(`It takes a whole number, ${range}.`);
  };

/** A number strictly between 0 and 1. */
export function openShare(text: string): number {
  const value = Number(text);
  if (value > 0 && value < 1) return value;
  throw new InvalidArgumentError('It takes a number between 0 and 1.');
}

/** One of several words. */
export const oneOf =
  <T extends string>(choices: readonly T[]) =>
  (text: string): T => {
    const found = choices.find((choice) => choice === text);
    if (found !== undefined) return found;
    throw new InvalidArgumentError(
      `The nearest is ${nearest(text, choices) ?? ''}; it takes ${choices.join(', ')}.`,
    );
  };

/** A metric that runs are compared by. */
export const comparedMetric = (text: string): ComparedMetricName =>
  oneOf(comparedMetricNames)(renameCompared(text));

/** Words between commas. */
export const listOf =
  <T>(parse: (text: string) => T) =>
  (text: string): T[] =>
    text.split(',').map((part) => parse(part.trim()));

export const seed = (text: string): number => {
  const parsed = seedSchema.safeParse(text.trim() === '' ? Number.NaN : Number(text));
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError('A seed is a whole number, 0 to 2147483647.');
};

/** Seeds between commas, spans with a hyphen or as in forms with dots: `1-5,8`, `0..5`; each once. */
export function seedList(text: string): number[] {
  const seeds = text.split(',').flatMap((part) => {
    const [, first, last] = /^\s*(\d+)\s*(?:-|\.\.)\s*(\d+)\s*$/.exec(part) ?? [];
    return first === undefined || last === undefined
      ? [seed(part)]
      : spanOf(seed(first), seed(last));
  });
  const twice = seeds.find((value, i) => seeds.indexOf(value) !== i);
  if (twice === undefined) return seeds;
  throw new InvalidArgumentError(`Seed ${twice} is there twice.`);
}

/** How many seeds, counted from 1, or a list of several as `seedList` takes it. */
export const seedCountOrList = (text: string): number[] =>
  /^\s*\d+\s*$/.test(text) ? spanOf(1, wholeNumber(1, mostRuns)(text)) : seedList(text);

function spanOf(first: number, last: number): number[] {
  if (first > last) throw new InvalidArgumentError('Write the smaller seed of a span first.');
  if (last - first >= mostRuns) {
    throw new InvalidArgumentError(`A span has at most ${mostRuns} seeds.`);
  }
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Most characters, as in the contract: of a run's or experiment's name, a note. */
export const nameLength = 200;
export const noteLength = 100_000;

/** A text that says something: 1 to `maximum` characters besides spaces around it. */
export const boundedText =
  (maximum: number) =>
  (text: string): string => {
    const trimmed = text.trim();
    if (trimmed.length >= 1 && trimmed.length <= maximum) return trimmed;
    throw new InvalidArgumentError(`It takes 1 to ${maximum} characters.`);
  };

/** A note in Markdown, or nothing. */
export const noteText = (text: string): string =>
  text === '' ? '' : boundedText(noteLength)(text);

/** Collects an option that may be given several times. */
export const collect = (text: string, earlier: string[]): string[] => [...earlier, text];

function parseEpoch(text: string, besides: string): EpochChoice {
  if (text === 'best' || text === 'last') return text;
  if (/^\d+$/.test(text)) return wholeNumber(0)(text);
  throw new InvalidArgumentError(`It takes best, last${besides} or the number of an epoch.`);
}

/** `best`, `last` or an epoch number. */
export const epochChoice = (text: string): EpochChoice => parseEpoch(text, '');

/** `all`, or what `epochChoice` takes, several between commas. */
export const epochList = (text: string): EpochChoice[] | 'all' =>
  text === 'all' ? 'all' : listOf((part) => parseEpoch(part, ', all'))(text);

/** `all`, or what `epochChoice` takes. */
export const epochOrAll = (text: string): EpochChoice | 'all' =>
  text === 'all' ? 'all' : parseEpoch(text, ', all');
