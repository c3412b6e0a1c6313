import { describe, expect, it } from 'vitest';
import {
  computeSpread,
  describeRepeats,
  groupRuns,
} from '../../../../src/renderer/components/runs/grouping.ts';
import { buildRows, spreadOf } from '../../../../src/renderer/components/runs/tableRows.ts';
import { buildSummary } from './builders.ts';

describe('computeSpread', () => {
  it('divides by n - 1', () => {
    // Deviations -3 -1 -1 -1 0 0 2 4 from 5: squares sum to 32, 32 / 7 = 4.571.
    const spread = computeSpread([2, 4, 4, 4, 5, 5, 7, 9]);
    expect(spread?.mean).toBe(5);
    expect(spread?.deviation).toBeCloseTo(Math.sqrt(32 / 7), 12);
  });

  it('leaves out what is missing, and has no deviation of one value', () => {
    expect(computeSpread([null, 3, null])).toEqual({ mean: 3, deviation: null, count: 1 });
    expect(computeSpread([null])).toBeNull();
  });
});

const seeds = [1, 2, 3].map((seed) =>
  buildSummary({ id: `c${seed}`, seed, best: { testAccuracy: 0.9 + seed / 100 } }),
);
const other = buildSummary({
  id: 'r',
  experiment: 'mnist-r',
  config: { paradigm: 'R' },
  best: { testAccuracy: 0.95 },
});

describe('groupRuns', () => {
  it('folds runs that differ in the seed alone', () => {
    const groups = groupRuns([...seeds, other]);
    expect(groups.map(({ name, runs }) => [name, runs.map(({ id }) => id)])).toEqual([
      ['mnist-c', ['c1', 'c2', 'c3']],
      ['mnist-r', ['r']],
    ]);
  });

  it('keeps runs apart that saw other data under the same name', () => {
    const foreign = buildSummary({ id: 'foreign', seed: 4, datasetId: 'another' });
    const waiting = buildSummary({ id: 'waiting', seed: 5, datasetId: null });
    const groups = groupRuns([...seeds, foreign, waiting]);
    expect(groups.map(({ runs }) => runs.map(({ id }) => id))).toEqual([
      ['c1', 'c2', 'c3', 'waiting'],
      ['foreign'],
    ]);
    expect(new Set(groups.map(({ key }) => key)).size).toBe(2);
  });

  it('does not mind the order of the keys', () => {
    const { config, ...summary } = buildSummary({ id: 'turned' });
    const turned = Object.fromEntries(Object.entries(config).toReversed()) as typeof config;
    expect(groupRuns([...seeds, { ...summary, config: turned }])).toHaveLength(1);
  });
});

describe('spreadOf', () => {
  it('takes the mean over runs that ran to their end', () => {
    const running = buildSummary({
      id: 'c4',
      seed: 4,
      status: 'running',
      best: { testAccuracy: 0 },
    });
    const [group] = groupRuns([...seeds, running]);
    const spread = group === undefined ? null : spreadOf(group, 'testAccuracy');
    expect(spread?.mean).toBeCloseTo(0.92, 12);
    expect(spread?.deviation).toBeCloseTo(0.01, 12);
    expect(spread?.count).toBe(3);
  });
});

describe('a seed that was trained twice', () => {
  const again = (validationLosses: number[], testAccuracy: number) => {
    const [first] = seeds;
    const repeated = buildSummary({
      id: 'c1 again',
      seed: 1,
      validationLosses,
      best: { testAccuracy },
    });
    const [group] = groupRuns([...seeds, repeated]);
    if (group === undefined || first === undefined) throw new Error('no group');
    return { words: describeRepeats(group)?.words, spread: spreadOf(group, 'testAccuracy') };
  };

  it('counts once where the numbers are the same', () => {
    const { words, spread } = again([], 0.91);
    expect(spread?.count).toBe(3);
    expect(spread?.mean).toBeCloseTo(0.92, 12);
    expect(words).toBe('Runs of seed 1 have the same numbers: counted once.');
  });

  it('leaves no mean where they are not', () => {
    const { words, spread } = again([2.3, 0.4], 0.5);
    expect(spread).toBeNull();
    expect(words).toBe('No means: runs of seed 1 have other numbers each.');
  });

  it('is not said of seeds that differ', () => {
    const [group] = groupRuns(seeds);
    expect(group && describeRepeats(group)).toBeNull();
  });
});

describe('buildRows', () => {
  const keys = (expanded: ReadonlySet<string>): string[] =>
    buildRows(
      [...seeds, other],
      [{ column: 'testAccuracy', descending: true }],
      true,
      expanded,
    ).map((row) => (row.kind === 'run' ? row.run.id : row.group.name));

  it('sorts groups by their mean, and the runs of an open group below it', () => {
    expect(keys(new Set())).toEqual(['mnist-r', 'mnist-c']);
    const open = groupRuns(seeds)[0]?.key ?? '';
    expect(keys(new Set([open]))).toEqual(['mnist-r', 'mnist-c', 'c3', 'c2', 'c1']);
  });
});
