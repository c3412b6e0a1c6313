import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordedMetricNames } from '../../../../src/core/metrics/exampleMetrics.ts';
import { noSizes, totalOf } from '../../../../src/core/runSizes.ts';
import { findNearNames } from '../../../../src/main/store/runs/nearNames.ts';
import { computeEditDistance } from '../../../../src/core/editDistance.ts';
import type { History } from '../../../../src/main/store/history.ts';
import { createId, isRunId } from '../../../../src/main/store/database/ids.ts';
import { presets } from '../../../../src/core/config/presets.ts';
import { runSchema, runSummarySchema } from '../../../../src/core/records.ts';
import { engine, insertRunWithEpochs, makeMetrics, newRun, openTestHistory } from '../fixtures.ts';

describe('runs', () => {
  it('stores a new run as queued and gives it back whole', () => {
    const history = openTestHistory();
    const run = history.runs.insert(newRun({ config: presets['fashion-r'] }), 'native');
    expect(runSchema.parse(run)).toEqual(run);
    expect(run).toMatchObject({
      name: 'mnist-c seed 1',
      experiment: 'paper',
      status: 'queued',
      config: presets['fashion-r'],
      seed: 1,
      engine: null,
      epochs: [],
      bestEpoch: null,
      tags: [],
      note: '',
      error: null,
      startedAt: null,
      finishedAt: null,
      deletedAt: null,
    });
    expect(history.runs.get(run.id)).toEqual(run);
    expect(history.runs.getSetup(run.id)).toEqual({ requestedEngine: 'native', environment: {} });
  });

  it('lists the newest first, each with its epochs as they were given', () => {
    const history = openTestHistory();
    const first = insertRunWithEpochs(history, 2, { count: 5 });
    const second = history.runs.insert(newRun()).id;
    const third = insertRunWithEpochs(history, 1, { count: 5 });
    const runs = history.runs.list();
    expect(runs.map(({ id }) => id)).toEqual([third, second, first]);
    expect(runs[2]?.epochs).toEqual([0, 1, 2].map((epoch) => makeMetrics(epoch)));
    expect(runs[1]?.epochs).toEqual([]);
    expect(runs.map((run) => runSchema.parse(run))).toEqual(runs);
  });

  it('summarises the best and last epoch and the losses between', () => {
    const history = openTestHistory();
    const id = history.runs.insert(newRun()).id;
    const losses = [0.1, 0.9, 0.5, 0.5, 0.7];
    for (const [epoch, validationLoss] of losses.entries()) {
      history.transaction(() => {
        history.epochs.insert(
          1,
          makeMetrics(epoch, { validationLoss }),
          { examples: '', weights: '' },
          { all: 0, maps: 0, weights: 0 },
        );
      });
    }
    const summary = history.runs.getSummary(id);
    expect(runSummarySchema.parse(summary)).toEqual(summary);
    // Epoch 0 has the lowest loss but is untrained; of epochs 2 and 3 the earlier counts.
    expect(summary.bestEpoch).toBe(2);
    expect(summary.best).toEqual(makeMetrics(2, { validationLoss: 0.5 }));
    expect(summary.last).toEqual(makeMetrics(4, { validationLoss: 0.7 }));
    expect(summary.validationLosses).toEqual(losses);
    // Four trained epochs; evaluating the untrained network is no training.
    expect(summary.trainingMs).toBe(4 * makeMetrics(1).durationMs);
    expect(history.runs.listSummaries()).toEqual([summary]);
    const empty = history.runs.insert(newRun());
    expect(history.runs.getSummary(empty.id)).toMatchObject({
      best: null,
      last: null,
      validationLosses: [],
    });
  });

  it('filters by text, tags and experiment', () => {
    const history = openTestHistory();
    const a = history.runs.insert(newRun({ name: 'Größe A', experiment: 'one' })).id;
    const b = history.runs.insert(newRun({ name: 'B', experiment: 'two' })).id;
    const c = history.runs.insert(newRun({ name: 'C', experiment: 'two' })).id;
    history.tags.change(a, { add: ['good', 'final'] });
    history.tags.change(b, { add: ['good'] });
    history.runs.setNote(c, 'Look at the GOOD ones');
    const ids = (filter: Parameters<typeof history.runs.list>[0]): string[] =>
      history.runs.list(filter).map(({ id }) => id);
    expect(ids({ experiment: 'two' })).toEqual([c, b]);
    expect(ids({ tags: ['good'] })).toEqual([b, a]);
    expect(ids({ tags: ['good', 'final'] })).toEqual([a]);
    expect(ids({ text: 'good' })).toEqual([c, b, a]);
    expect(ids({ text: 'GRÖSSE' })).toEqual([]);
    expect(ids({ text: 'größe' })).toEqual([a]);
    expect(ids({ text: 'good', experiment: 'two', tags: ['good'] })).toEqual([b]);
    expect(ids({ experiment: "two' OR 1=1 --" })).toEqual([]);
  });

  it('renames, notes and tags', () => {
    const history = openTestHistory();
    const { id } = history.runs.insert(newRun());
    history.runs.rename(id, 'better');
    history.runs.setNote(id, '# Note\nwith lines');
    history.tags.change(id, { add: ['b', 'a', 'b'] });
    history.tags.change(id, { add: ['c'] });
    history.tags.change(id, { remove: ['a', 'unknown'] });
    expect(history.runs.get(id)).toMatchObject({
      name: 'better',
      note: '# Note\nwith lines',
      tags: ['b', 'c'],
    });
    const many = Array.from({ length: 49 }, (_, i) => `tag ${i}`);
    expect(() => {
      history.tags.change(id, { add: many });
    }).toThrow('With those it would have 51 tags; 50 is the most.');
    history.tags.change(id, { add: ['d'], remove: ['b', 'c'] });
    expect(history.runs.get(id).tags).toEqual(['d']);
    expect(() => {
      history.runs.rename('nosuchrun', 'x');
    }).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });

  it('inserts several, all or none', () => {
    const history = openTestHistory();
    const two = history.runs.insertAll([newRun({ seed: 1 }), newRun({ seed: 2 })]);
    expect(two.map(({ seed }) => seed)).toEqual([1, 2]);
    const broken = { ...newRun(), name: null as unknown as string };
    expect(() => history.runs.insertAll([newRun(), broken])).toThrow();
    expect(history.runs.list()).toHaveLength(2);
  });

  it('keeps status, times, engine and error in step', () => {
    const history = openTestHistory();
    const { id } = history.runs.insert(newRun());
    history.runs.setStarted(id, engine, { node: '24' });
    const started = history.runs.get(id);
    expect(started).toMatchObject({ status: 'running', engine, finishedAt: null });
    expect(Date.parse(started.startedAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
    expect(history.runs.getSetup(id).environment).toEqual({ node: '24' });
    const error = { code: 'NOT_FINITE', message: 'm', remedy: 'r', log: ['l'] };
    history.runs.setStatus(id, 'failed', error);
    expect(history.runs.get(id)).toMatchObject({ status: 'failed', error });
    expect(history.runs.get(id).finishedAt).not.toBeNull();
    history.runs.setStarted(id, engine, {});
    expect(history.runs.get(id)).toMatchObject({
      status: 'running',
      error: null,
      finishedAt: null,
      startedAt: started.startedAt,
    });
    history.runs.setStatus(id, 'paused');
    expect(history.runs.get(id)).toMatchObject({ status: 'paused', finishedAt: null });
    history.runs.setStatus(id, 'completed');
    expect(history.runs.get(id).finishedAt).not.toBeNull();
  });
});

describe('a list in pieces', () => {
  const insertMany = (history: History): string[] =>
    history.runs
      .insertAll(Array.from({ length: 420 }, (_, seed) => newRun({ seed })))
      .map(({ id }) => id)
      .toReversed();

  it('is the whole list, its first piece a screenful', () => {
    const history = openTestHistory();
    const ids = insertMany(history);
    const pieces = [...history.runs.listInPieces()];
    expect(pieces.map(({ length }) => length)).toEqual([50, 150, 150, 70]);
    expect(pieces.flat().map(({ id }) => id)).toEqual(ids);
    expect(pieces.flat()).toEqual(history.runs.listSummaries());
    expect([...openTestHistory().runs.listInPieces()]).toEqual([]);
  });

  it('holds the runs of its first moment, whatever becomes of them', () => {
    const history = openTestHistory();
    const ids = insertMany(history);
    const pieces = history.runs.listInPieces();
    const first = pieces.next().value ?? [];
    history.runs.delete(ids.slice(0, 200));
    history.runs.insert(newRun({ name: 'later' }));
    const all = [...first, ...[...pieces].flat()];
    expect(all.map(({ id }) => id)).toEqual(ids);
  });
});

describe('the bin', () => {
  it('hides, lists and restores runs, all or none', () => {
    const history = openTestHistory();
    const [a, b] = history.runs.insertAll([newRun(), newRun()]).map(({ id }) => id) as [
      string,
      string,
    ];
    expect(() => {
      history.runs.delete([a, 'nosuchrun']);
    }).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
    expect(history.runs.list()).toHaveLength(2);
    history.runs.delete([a]);
    expect(history.runs.list().map(({ id }) => id)).toEqual([b]);
    expect(history.runs.list({ deleted: true })).toEqual([history.runs.get(a)]);
    expect(history.runs.get(a).deletedAt).not.toBeNull();
    expect(history.queue.list()).toEqual([b]);
    history.runs.restore([a]);
    expect(history.runs.list()).toHaveLength(2);
    expect(history.queue.list()).toEqual([a, b]);
  });

  it('takes no running run', () => {
    const history = openTestHistory();
    const { id } = history.runs.insert(newRun());
    history.runs.setStatus(id, 'running');
    expect(() => {
      history.runs.delete([id]);
    }).toThrow(expect.objectContaining({ code: 'CONFLICT' }));
  });
});

describe('resolving what a person types', () => {
  it('takes ids, exact names and beginnings of ids, in this order', () => {
    const history = openTestHistory();
    const a = history.runs.insert(newRun({ name: 'alpha' })).id;
    const b = history.runs.insert(newRun({ name: a.slice(0, 4) })).id;
    expect(history.runs.resolve(a)).toBe(a);
    expect(history.runs.resolve('alpha')).toBe(a);
    expect(history.runs.resolve(b.slice(0, 8))).toBe(b);
    expect(history.runs.resolve(a.slice(0, 4))).toBe(b);
  });

  it('are found by a name however its accents are typed', () => {
    const history = openTestHistory();
    const { id } = history.runs.insert(newRun({ name: 'e\u0301tude' }));
    history.runs.insert(newRun({ name: 'etude' }));
    expect(history.runs.resolve('\u00e9tude')).toBe(id);
    history.runs.insert(newRun({ name: '\u00e9tude' }));
    expect(history.runs.resolve('e\u0301tude')).toBe(id);
  });

  it('names the candidates where several fit', () => {
    const history = openTestHistory();
    const ids = [1, 2].map(() => history.runs.insert(newRun({ name: 'twin' })).id);
    const [first = '', second = ''] = ids;
    expect(() => history.runs.resolve('twin')).toThrow(
      expect.objectContaining({
        code: 'AMBIGUOUS',
        message: expect.stringContaining(`${first} (twin)`) as string,
      }),
    );
    history.runs.delete([second]);
    expect(history.runs.resolve('twin')).toBe(first);
    expect(history.runs.resolve(second)).toBe(second);
  });

  it('takes a run in the bin where no other fits', () => {
    const history = openTestHistory();
    const gone = history.runs.insert(newRun({ name: 'gone' })).id;
    history.runs.delete([gone]);
    expect(history.runs.resolve('gone')).toBe(gone);
    expect(history.runs.resolve(gone.slice(0, 8))).toBe(gone);
  });

  it('names near ones where none fits', () => {
    const history = openTestHistory();
    history.runs.insert(newRun({ name: 'mnist-c seed 1' }));
    history.runs.insert(newRun({ name: 'fashion' }));
    expect(() => history.runs.resolve('mnist-c seed 2')).toThrow(
      expect.objectContaining({
        code: 'NOT_FOUND',
        remedy: 'Did you mean mnist-c seed 1?',
      }),
    );
    for (const odd of ['', '%', '_', "' OR 1", 'ÿ']) {
      expect(() => history.runs.resolve(odd)).toThrow(
        expect.objectContaining({ code: 'NOT_FOUND' }),
      );
    }
  });

  it('measures the distance of names', () => {
    expect(computeEditDistance('kitten', 'sitting')).toBe(3);
    expect(computeEditDistance('', 'abc')).toBe(3);
    expect(computeEditDistance('abc', '')).toBe(3);
    const word = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(word, word, word, (a, b, c) => {
        expect(computeEditDistance(a, b)).toBe(computeEditDistance(b, a));
        expect(computeEditDistance(a, a)).toBe(0);
        expect(computeEditDistance(a, c)).toBeLessThanOrEqual(
          computeEditDistance(a, b) + computeEditDistance(b, c),
        );
      }),
    );
    expect(findNearNames('sead', ['seed', 'seed 1', 'other'])).toEqual(['seed']);
    expect(findNearNames('SEED', ['x', 'seed 1', 'seed'])).toEqual(['seed', 'seed 1']);
  });
});

it('makes ids that differ, are url-safe and begin with a letter', () => {
  const ids = Array.from({ length: 2000 }, createId);
  expect(new Set(ids).size).toBe(2000);
  expect(ids.every(isRunId)).toBe(true);
});

describe('the queue', () => {
  it('keeps the order of insertion and can be reordered', () => {
    const history = openTestHistory();
    const [a = '', b = '', c = ''] = history.runs
      .insertAll([newRun(), newRun(), newRun()])
      .map(({ id }) => id);
    expect(history.queue.list()).toEqual([a, b, c]);
    expect(history.queue.reorder([c, a])).toEqual([c, a, b]);
    history.runs.setStatus(a, 'running');
    expect(history.queue.list()).toEqual([c, b]);
    history.runs.setStatus(a, 'paused');
    history.runs.setStatus(a, 'queued');
    expect(history.queue.list()).toEqual([c, b, a]);
    expect(history.queue.reorder([b, b])).toEqual([b, c, a]);
  });
});

it('reports the size of runs and file', () => {
  const history = openTestHistory();
  const id = insertRunWithEpochs(history, 1, { count: 200, classes: 4, mapSize: 3 });
  const empty = history.runs.insert(newRun()).id;
  const { runSizes, bytes } = history.info();
  const perExample = (4 + recordedMetricNames.length) * 4;
  const wrong = [0, 1].map((epoch) => history.examples.count(id, epoch, 0.5));
  const labelMaps = wrong.reduce((sum, n) => sum + n.wrongSure + n.wrongUnsure, 0) * (4 + 4 + 9);
  const weights = history.weights.get(id, 0).weights.length * 2;
  const maps = 2 * 200 * (4 + 9) + labelMaps;
  const sizes = { maps, predictions: 2 * 200 * perExample, weights, checkpoint: 4, audits: 0 };
  expect(runSizes).toEqual({ [id]: sizes, [empty]: noSizes });
  expect(totalOf(sizes)).toBe(2 * 200 * (perExample + 4 + 9) + labelMaps + weights + 4);
  expect(bytes).toBeGreaterThan(totalOf(sizes));
});
