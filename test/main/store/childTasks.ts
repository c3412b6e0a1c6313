/** What the tests let other processes do: `node childTasks.ts TASK DATA_DIR`. */
import Database from 'better-sqlite3';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { AfterimageError } from '../../../src/core/errors.ts';
import { Recorder } from '../../../src/main/training/recorder.ts';
import { openHistory } from '../../../src/main/store/history.ts';
import { engine, makeEpoch, newRun, version } from './fixtures.ts';

const [task = '', dataDir = ''] = process.argv.slice(2);

/** Says so, and does nothing more until it is killed. */
function stop(): void {
  writeSync(1, 'stopped');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

const tasks: Record<string, () => void> = {
  /** Opens the history, stores 20 runs one by one. */
  insertRuns: () => {
    const history = openHistory({ dataDir, version });
    for (let i = 0; i < 20; i += 1) history.runs.insert(newRun({ name: `of ${process.pid}` }));
    history.close();
  },
  /** Trains (records epochs) until it is killed; says when each is stored. */
  train: () => {
    const history = openHistory({ dataDir, version });
    const { id } = history.runs.insert(newRun());
    const recorder = new Recorder(history, id);
    recorder.record({ type: 'started', engine, environment: {} });
    for (let epoch = 0; ; epoch += 1) {
      recorder.record({ type: 'epoch', result: makeEpoch(epoch, { count: 2000, mapSize: 7 }) });
      console.log(epoch);
    }
  },
  /** Owns a run in training, which it says, until it is killed. */
  own: () => {
    const history = openHistory({ dataDir, version });
    const { id } = history.runs.insert(newRun());
    history.runs.setStatus(id, 'running');
    writeSync(1, id);
    setInterval(() => history.runs.get(id), 1000);
  },
  /** Copies the history to `copies/backup`, and stops in the middle. */
  backup: () => {
    const history = openHistory({ dataDir, version });
    void history.backup(join(dataDir, 'copies', 'backup'), { onProgress: stop });
  },
  /** Exports all runs to `copies/bundle`, and stops when they are collected. */
  export: () => {
    const history = openHistory({ dataDir, version });
    const ids = history.runs.list().map(({ id }) => id);
    void history.exportBundle(ids, join(dataDir, 'copies', 'bundle'), {
      onProgress: ({ step }) => {
        if (step === 'Writing the file') stop();
      },
    });
  },
  /** Imports `copies/bundle`, and stops when it is unpacked. */
  import: () => {
    const history = openHistory({ dataDir, version });
    void history.importBundle(join(dataDir, 'copies', 'bundle'), {
      onProgress: ({ step }) => {
        if (step !== 'Reading the file') stop();
      },
    });
  },
  /** Prints the code of the error that opening the history throws. */
  open: () => {
    try {
      openHistory({ dataDir, version }).close();
      console.log('opened');
    } catch (error) {
      console.log(error instanceof AfterimageError ? error.code : error);
    }
  },
  /** Holds the write lock until it is killed. */
  lock: () => {
    const database = new Database(join(dataDir, 'history.sqlite'));
    database.exec('BEGIN IMMEDIATE');
    console.log('locked');
    // Refers to the database: one that nothing refers to is closed when memory is collected.
    setInterval(() => database.inTransaction, 1000);
  },
};

tasks[task]?.();
