import { describe, expect, it } from 'vitest';
import { computeSplitDigest } from '../../../src/main/store/datasets/splits.ts';
import type { Split } from '../../../src/shared/trainerEvents.ts';
import {
  datasetRecord,
  insertRunWithEpochs,
  makeEpoch,
  makeSplit,
  newRun,
  openTestHistory,
} from './fixtures.ts';

const conflict = expect.objectContaining({ code: 'CONFLICT' }) as Error;
const notFound = expect.objectContaining({ code: 'NOT_FOUND' }) as Error;

describe('data sets', () => {
  it('are found by name and id and listed by name', () => {
    const { datasets } = openTestHistory();
    const other = { ...datasetRecord, name: 'another', id: 'ef'.repeat(32) };
    datasets.insert(datasetRecord);
    datasets.insert(other);
    expect(datasets.get('mnist')).toEqual(datasetRecord);
    expect(datasets.get(datasetRecord.id)).toEqual(datasetRecord);
    expect(datasets.get('none')).toBeNull();
    expect(datasets.list()).toEqual([other, datasetRecord]);
  });

  it('are grey where their record is from before there were colours', () => {
    const { datasets } = openTestHistory();
    const { channels, ...old } = datasetRecord;
    datasets.insert(old as typeof datasetRecord);
    expect(channels).toBe(1);
    expect(datasets.list()).toEqual([datasetRecord]);
    const colour = { ...datasetRecord, name: 'c', id: 'ef'.repeat(32), channels: 3 as const };
    datasets.insert(colour);
    expect(datasets.get('c')).toEqual(colour);
  });

  it('share neither name nor content', () => {
    const { datasets } = openTestHistory();
    datasets.insert(datasetRecord);
    for (const same of [{ name: 'x' }, { id: 'ef'.repeat(32) }, {}]) {
      expect(() => {
        datasets.insert({ ...datasetRecord, ...same });
      }).toThrow(conflict);
    }
    expect(datasets.list()).toEqual([datasetRecord]);
  });
});

describe('splits', () => {
  it('come back as they were, with the data set', () => {
    const history = openTestHistory();
    const { id } = history.runs.insert(newRun());
    expect(history.splits.get(id)).toBeNull();
    history.datasets.insert(datasetRecord);
    history.splits.assign(id, datasetRecord.id, makeSplit());
    history.splits.assign(id, datasetRecord.id, makeSplit());
    expect(history.splits.get(id)).toEqual({ dataset: datasetRecord, split: makeSplit() });
  });

  it('stay what they are', () => {
    const history = openTestHistory();
    const { id } = history.runs.insert(newRun());
    history.datasets.insert(datasetRecord);
    history.splits.assign(id, datasetRecord.id, makeSplit());
    expect(() => {
      history.splits.assign(id, datasetRecord.id, makeSplit(299));
    }).toThrow(conflict);
    expect(history.splits.get(id)?.split).toEqual(makeSplit());
  });

  it('differ where an index moves from one part to another', () => {
    const of = (train: number[], validation: number[], test: number[]): Split => ({
      train: Uint32Array.from(train),
      validation: Uint32Array.from(validation),
      test: Uint32Array.from(test),
    });
    const digests = [of([1, 2], [3], []), of([1], [2, 3], []), of([1, 2, 3], [], [])].map(
      computeSplitDigest,
    );
    expect(new Set(digests).size).toBe(3);
  });
});

describe('checkpoints', () => {
  it('are replaced', () => {
    const history = openTestHistory();
    const { id } = history.runs.insert(newRun());
    expect(history.checkpoints.get(id)).toBeNull();
    history.checkpoints.replace(id, new Uint8Array([1, 2, 3]));
    history.checkpoints.replace(id, new Uint8Array([4]));
    expect([...(history.checkpoints.get(id) ?? [])]).toEqual([4]);
  });
});

describe('weights', () => {
  it('are kept for every epoch', () => {
    const history = openTestHistory();
    const id = insertRunWithEpochs(history, 3, { count: 5 });
    for (const epoch of [0, 1, 2, 3]) {
      const stored = history.weights.get(id, epoch);
      expect(stored.epoch).toBe(epoch);
      expect([...stored.weights]).toEqual([...makeEpoch(epoch).weights]);
    }
    // The validation losses of the fixture fall from epoch to epoch.
    expect(history.weights.get(id, null).epoch).toBe(3);
    expect(() => history.weights.get(id, 4)).toThrow(notFound);
    const { id: empty } = history.runs.insert(newRun());
    expect(() => history.weights.get(empty, null)).toThrow(notFound);
  });
});

describe('saved filters', () => {
  it('are kept in their order and replaced by name', () => {
    const { filters } = openTestHistory();
    filters.save({ name: 'b', query: 'x=1' });
    filters.save({ name: 'a', query: 'x=2' });
    filters.save({ name: 'b', query: 'x=3' });
    expect(filters.list()).toEqual([
      { name: 'b', query: 'x=3' },
      { name: 'a', query: 'x=2' },
    ]);
    filters.remove('b');
    filters.remove('unknown');
    expect(filters.list()).toEqual([{ name: 'a', query: 'x=2' }]);
  });
});
