import Database from 'better-sqlite3';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { columnOf, metricNames } from '../../../../src/main/store/epochs/epochs.ts';
import { Connection } from '../../../../src/main/store/database/connection.ts';
import { DataFolder } from '../../../../src/main/store/database/dataFolder.ts';
import { History } from '../../../../src/main/store/history.ts';
import type { EpochExamples, EpochResult } from '../../../../src/shared/trainerEvents.ts';
import {
  errorOf,
  insertRunWithEpochs,
  makeEpoch,
  makeFolder,
  makeMetrics,
  newRun,
  openTestHistory,
  version,
} from '../fixtures.ts';

const conflict = (message: string): Error =>
  expect.objectContaining({
    code: 'CONFLICT',
    message: expect.stringContaining(message) as string,
  }) as Error;

describe('epochs', () => {
  it('are stored from 0 on without gaps', () => {
    const history = openTestHistory();
    const { id } = history.runs.insert(newRun());
    expect(() => history.insertEpoch(id, makeEpoch(1))).toThrow(conflict('epoch 0 was due'));
    expect(history.insertEpoch(id, makeEpoch(0))).toBe('stored');
    expect(() => history.insertEpoch(id, makeEpoch(2))).toThrow(conflict('epoch 1 was due'));
    expect(history.insertEpoch(id, makeEpoch(1))).toBe('stored');
    expect(history.epochs.list(id)).toEqual([makeMetrics(0), makeMetrics(1)]);
    expect(history.epochs.get(id, null)).toEqual(makeMetrics(1));
  });

  it('keep every number to the bit', () => {
    const history = openTestHistory();
    const { id } = history.runs.insert(newRun());
    const odd = {
      validationLoss: Number.MIN_VALUE,
      testCrossEntropy: 0.1 + 0.2,
      learningRate: 1e-300,
      durationMs: Number.MAX_SAFE_INTEGER,
      terms: { train: {}, validation: { crossEntropy: 1 / 3, contrastive: 5e-324 } },
    };
    history.insertEpoch(id, makeEpoch(0, { metrics: odd }));
    expect(history.epochs.list(id)).toEqual([makeMetrics(0, odd)]);
  });

  it('have a column for every metric', () => {
    const dataDir = makeFolder();
    openTestHistory(dataDir);
    const database = new Database(join(dataDir, 'history.sqlite'), { readonly: true });
    const columns = database.pragma('table_info(epochs)') as { name: string }[];
    database.close();
    const digests = ['examples_digest', 'weights_digest'];
    const own = ['run_key', 'bytes', 'maps_bytes', 'weights_bytes', ...digests];
    expect(columns.map(({ name }) => name).toSorted()).toEqual(
      [...metricNames.map(columnOf), ...own].toSorted(),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('refuse %s as a metric', (validationLoss) => {
    const history = openTestHistory();
    const { id } = history.runs.insert(newRun());
    const epoch = makeEpoch(0, { metrics: { validationLoss } });
    expect(() => history.insertEpoch(id, epoch)).toThrow(
      expect.objectContaining({ code: 'NOT_FINITE' }),
    );
    expect(history.epochs.list(id)).toEqual([]);
  });

  it('refuse arrays that do not fit together', () => {
    const history = openTestHistory();
    const { id } = history.runs.insert(newRun());
    const epoch = makeEpoch(0);
    epoch.examples.camScales = epoch.examples.camScales.slice(1);
    expect(() => history.insertEpoch(id, epoch)).toThrow(
      expect.objectContaining({
        code: 'INTERNAL',
        message: 'The trainer sent 299 values as camScales where 300 were due.',
      }),
    );
  });

  const others: Record<string, () => EpochResult> = {
    image: () => changed(({ exampleIds }) => (exampleIds[7] = 99_999)),
    label: () => changed(({ labels }) => (labels[7] = (labels[7] ?? 0) === 0 ? 1 : 0)),
    mask: () => changed(({ maskArea }) => (maskArea[7] = 0.25)),
    'size of maps': () => makeEpoch(1, { mapSize: 4 }),
    'number of classes': () => makeEpoch(1, { classes: 5 }),
  };
  const changed = (change: (examples: EpochExamples) => void): EpochResult => {
    const epoch = makeEpoch(1);
    change(epoch.examples);
    return epoch;
  };

  it.each(Object.keys(others))('refuse another %s than before', (name) => {
    const history = openTestHistory();
    const id = insertRunWithEpochs(history, 0);
    const epoch = others[name]?.() ?? makeEpoch(1);
    expect(() => history.insertEpoch(id, epoch)).toThrow(
      conflict('not those of the epochs before'),
    );
    expect(history.epochs.list(id)).toHaveLength(1);
  });
});

describe('an epoch that comes again', () => {
  const changes: Record<string, (epoch: EpochResult) => void> = {
    'testCrossEntropy was 0.123456789012345 and is 0.5 now': ({ metrics }) => {
      metrics.testCrossEntropy = 0.5;
    },
    'predictions or maps differ': ({ examples }) => {
      const bits = new Uint32Array(examples.probabilities.buffer);
      bits[17] = (bits[17] ?? 0) ^ 1;
    },
    'maps differ': ({ examples }) => {
      const { camLevels } = examples.labelMaps;
      camLevels[camLevels.length - 1] = (camLevels.at(-1) ?? 0) ^ 1;
    },
    'weights differ': ({ weights }) => {
      weights[weights.length - 1] = (weights.at(-1) ?? 0) ^ 1;
    },
  };

  it.each(Object.entries(changes))('is refused where its %s', (message, change) => {
    const history = openTestHistory();
    const id = insertRunWithEpochs(history, 1);
    const before = history.runs.get(id);
    const again = makeEpoch(1);
    change(again);
    again.checkpoint = new Uint8Array([9]);
    expect(() => history.insertEpoch(id, again)).toThrow(conflict(message));
    expect(history.runs.get(id)).toEqual(before);
    expect([...(history.checkpoints.get(id) ?? [])]).toEqual([1, 1, 2, 3]);
  });

  it('is accepted where only its timings differ, and leaves its checkpoint', () => {
    const history = openTestHistory();
    const id = insertRunWithEpochs(history, 2);
    const before = history.runs.get(id);
    const metrics = { durationMs: 1, evaluationMs: 2, imagesPerSecond: 3 };
    const again = { ...makeEpoch(1, { metrics }), checkpoint: new Uint8Array([9]) };
    expect(history.insertEpoch(id, again)).toBe('repeated');
    expect(history.runs.get(id)).toEqual(before);
    expect([...(history.checkpoints.get(id) ?? [])]).toEqual([9]);
  });
});

describe('a full disk', () => {
  it('takes the whole epoch back and leaves what was stored', async () => {
    const dataDir = makeFolder();
    const id = insertRunWithEpochs(openTestHistory(dataDir), 1, { count: 2000 });
    const connection = new Connection(join(dataDir, 'history.sqlite'));
    connection.exec('PRAGMA foreign_keys = ON');
    const history = new History(new DataFolder(dataDir, connection, null), { dataDir, version });
    const before = history.runs.get(id);
    const pages = Number(connection.pragma('page_count'));
    connection.exec(`PRAGMA max_page_count = ${pages + 5}`);
    const error = await errorOf(() => history.insertEpoch(id, makeEpoch(2, { count: 2000 })));
    expect(error).toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringContaining('nothing already stored is lost') as string,
    });
    expect(history.runs.get(id)).toEqual(before);
    expect([...(history.checkpoints.get(id) ?? [])]).toEqual([1, 1, 2, 3]);
    expect(await history.verify()).toEqual([]);
    connection.exec('PRAGMA max_page_count = 4294967294');
    expect(history.insertEpoch(id, makeEpoch(2, { count: 2000 }))).toBe('stored');
    history.close();
  });
});
