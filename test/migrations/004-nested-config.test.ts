import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { paradigmOf } from '../../src/core/config/objectives.ts';
import { presets } from '../../src/core/config/presets.ts';
import type { RunConfig } from '../../src/core/config/runConfig.ts';
import { runSchema } from '../../src/core/records.ts';
import { historyFileName } from '../../src/main/store/history.ts';
import { withSettings } from '../support/settings.ts';
import { bringTo, makeFolderAt, openMigrated, withDatabase } from './harness.ts';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const rows = read('./rows-1.sql') + read('./rows-3.sql');

/** A history as an application with schema 3 left it, of one run, without its weights. */
function openStored(name: string): string {
  const dataDir = makeFolderAt(0);
  const file = new URL(`../fixtures/histories/${name}.sqlite.gz`, import.meta.url);
  writeFileSync(join(dataDir, historyFileName), gunzipSync(readFileSync(file)));
  return dataDir;
}

const readRows = (dataDir: string, table: string): unknown[] =>
  withDatabase(dataDir, (database) => database.prepare(`SELECT * FROM ${table}`).all());

/** What the runs in `test/fixtures/histories` were trained with. */
const small = { trainExamples: 300, testExamples: 20, epochs: 2, patience: null };
const trained: Record<string, RunConfig> = {
  c: withSettings(presets['mnist-c'], small),
  r: withSettings(presets['mnist-r'], small),
  odd: withSettings(presets['mnist-r'], {
    ...small,
    ...{ optimizer: 'sgd', momentum: 0.8, learningRate: 0.01, targetLayer: 'conv2' },
    ...{ schedule: 'plateau', scheduleEpochs: 1, pairing: 'inBatch', camWeight: 0.25 },
  }),
};

describe.each(Object.entries(trained))('the run %s of schema 3', (name, config) => {
  it('opens with its configuration nested and its numbers untouched', () => {
    const dataDir = openStored(name);
    const tables = ['epochs', 'example_sets', 'example_chunks', 'splits', 'datasets'];
    const before = tables.map((table) => readRows(dataDir, table));
    bringTo(4, dataDir);
    expect(tables.map((table) => readRows(dataDir, table))).toEqual(before);
    const [run] = openMigrated(dataDir).runs.list();
    expect(run?.config).toEqual(config);
    expect(runSchema.parse(run)).toEqual(run);
    expect(run && paradigmOf(run.config)).toBe(name === 'c' ? 'C' : 'R');
    expect(run?.epochs.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
  });
});

it('upgrades every run, and once', async () => {
  const dataDir = makeFolderAt(3);
  withDatabase(dataDir, (database) => database.exec(rows));
  expect(openMigrated(dataDir).runs.get('abcdefghjkmn').config).toEqual(presets['mnist-c']);
  const [stored] = readRows(dataDir, 'runs') as { config: string }[];
  expect(JSON.parse(stored?.config ?? '')).toEqual(presets['mnist-c']);
  expect(await openMigrated(dataDir).verify()).toEqual([]);
});

it('leaves the history alone, with the run’s name, where a configuration is damaged', () => {
  const dataDir = makeFolderAt(3);
  withDatabase(dataDir, (database) => {
    database.exec(rows);
    database.exec(`UPDATE runs SET config = '{"dataset": 3}'`);
  });
  expect(() => openMigrated(dataDir)).toThrow(/configuration of run abcdefghjkmn.*data\.dataset/);
  const version = withDatabase(dataDir, (database) =>
    database.pragma('user_version', { simple: true }),
  );
  expect(version).toBe(3);
});

/** Rows as the fourth version wrote them; later versions must read them. */
it('keeps reading the rows of schema 4', async () => {
  const dataDir = makeFolderAt(4);
  withDatabase(dataDir, (database) => database.exec(rows + read('./rows-4.sql')));
  const history = openMigrated(dataDir);
  expect(history.runs.get('abcdefghjkmn').config).toEqual(presets['mnist-c']);
  expect(await history.verify()).toEqual([]);
});
