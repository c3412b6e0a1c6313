import { describe, expect, it } from 'vitest';
import {
  sortParam,
  sortRuns,
  toggleSort,
} from '../../../../src/renderer/components/runs/sorting.ts';
import type { SortLevel } from '../../../../src/renderer/components/runs/sorting.ts';
import { buildSummary } from './builders.ts';

const up = (column: string): SortLevel => ({ column, descending: false });
const down = (column: string): SortLevel => ({ column, descending: true });

describe('toggleSort', () => {
  it('goes up, down, and off again', () => {
    expect(toggleSort([], 'seed', false)).toEqual([up('seed')]);
    expect(toggleSort([up('seed')], 'seed', false)).toEqual([down('seed')]);
    expect(toggleSort([down('seed')], 'seed', false)).toEqual([]);
  });

  it('replaces the other levels, or with shift keeps them in place', () => {
    expect(toggleSort([up('name')], 'seed', false)).toEqual([up('seed')]);
    expect(toggleSort([up('name')], 'seed', true)).toEqual([up('name'), up('seed')]);
    expect(toggleSort([up('name'), up('seed')], 'name', true)).toEqual([down('name'), up('seed')]);
    expect(toggleSort([down('name'), up('seed')], 'name', true)).toEqual([up('seed')]);
  });
});

describe('sortRuns', () => {
  const runs = [
    buildSummary({ id: 'a', name: 'run 10', seed: 1, best: { testAccuracy: 0.9 } }),
    buildSummary({ id: 'b', name: 'run 9', seed: 2, best: null }),
    buildSummary({ id: 'c', name: 'run 9', seed: 1, best: { testAccuracy: 0.95 } }),
  ];
  const order = (...levels: SortLevel[]): string =>
    sortRuns(runs, levels)
      .map(({ id }) => id)
      .join('');

  it('puts what has no value last in both directions', () => {
    expect(order(up('testAccuracy'))).toBe('acb');
    expect(order(down('testAccuracy'))).toBe('cab');
  });

  it('reads numbers in text as numbers, and keeps equals in their order', () => {
    expect(order(up('name'))).toBe('bca');
  });

  it('breaks ties by the next level', () => {
    expect(order(up('seed'), down('testAccuracy'))).toBe('cab');
    expect(order(up('name'), up('seed'))).toBe('cba');
  });

  it('sorts by a field of the configuration', () => {
    const configured = [10, 0.1, 1].map((camWeight) =>
      buildSummary({ id: String(camWeight), config: { paradigm: 'R', camWeight } }),
    );
    expect(sortRuns(configured, [up('config.camWeight')]).map(({ id }) => id)).toEqual([
      '0.1',
      '1',
      '10',
    ]);
  });
});

describe('sortParam', () => {
  it('writes and reads levels, and drops columns that do not exist', () => {
    const levels = [down('testAccuracy'), up('config.objective.contrastive.weight')];
    const text = '-testAccuracy,config.objective.contrastive.weight';
    expect(sortParam.format(levels)).toBe(text);
    expect(sortParam.parse(text)).toEqual(levels);
    // As links from before settings had paths name it.
    expect(sortParam.parse('-testAccuracy,config.camWeight')).toEqual(levels);
    expect(sortParam.parse('-nonsense,seed')).toEqual([up('seed')]);
    expect(sortParam.format([])).toBeNull();
    expect(sortParam.parse(null)).toEqual([]);
  });
});
